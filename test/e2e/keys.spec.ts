import AxeBuilder from '@axe-core/playwright';
import { copyOf, expect, type Hindsight, openSample, SAMPLE, start, test } from './fixtures.ts';

/** The faults of keys, focus, menus and commands, by their ids. */

const AGENT = '9f31c2d4';

test('A5: the focus is on the slider of an opened execution, and on its row after going back', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const grid = page.getByRole('grid', { name: 'Executions' });
  await expect(grid).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const row = await grid.getAttribute('aria-activedescendant');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('slider', { name: 'Sequence' })).toBeFocused();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/ exec_[0-9a-f]{32}$/);
  await page.keyboard.press('Control+l');
  await expect(grid).toBeFocused();
  await expect(grid).toHaveAttribute('aria-activedescendant', row as string);
  await page.keyboard.press('Control+Shift+w');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});

test('A5: dialogs begin at their first field', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  const slider = page.getByRole('slider', { name: 'Sequence' });
  for (const [key, dialog, focused] of [
    ['Control+e', 'Export', '[role=radio], input'],
    ['g', 'Go to sequence', 'input'],
    ['Control+k', 'Command palette', 'input'],
    ['?', 'Keyboard shortcuts', '[role=group]'],
    ['Control+Shift+O', 'Connect to Postgres', 'input'],
  ] as const) {
    await page.keyboard.press(key);
    await expect(page.getByRole('dialog', { name: dialog }).locator(':focus')).toHaveCount(1);
    expect(await page.evaluate((selector) => document.activeElement?.matches(selector), focused)).toBe(true);
    await page.keyboard.press('Escape');
    await expect(slider).toBeFocused();
  }
});

/** @param include the part that is checked; the whole page by default. */
async function violations({ page, idle }: Hindsight, include?: string): Promise<string[]> {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await idle();
  const axe = new AxeBuilder({ page }).setLegacyMode(true).disableRules(['label-content-name-mismatch']);
  const found = await (include === undefined ? axe : axe.include(include)).analyze();
  return found.violations
    .filter(({ impact }) => impact !== 'minor')
    .map(
      ({ id, nodes }) =>
        `${include ?? 'page'} ${id}: ${nodes
          .map(({ html }) => html.slice(0, 120))
          .slice(0, 3)
          .join(' | ')}`,
    );
}

test('A5: no panel of an execution has a moderate violation', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  const tree = page.getByRole('tree', { name: 'State' });
  await tree.getByRole('treeitem', { name: 'cost', exact: true }).click();
  for (const tab of ['Changes', 'Watches', 'Find when', 'Costs']) {
    await page.getByRole('tab', { name: tab }).click();
    expect(await violations(hindsight)).toEqual([]);
  }
  for (const tab of ['Diff', 'JSON', 'Graph', 'Findings']) {
    await page.getByRole('tab', { name: tab, exact: true }).click();
    expect(await violations(hindsight)).toEqual([]);
  }
  await page.keyboard.press('ControlOrMeta+Shift+F');
  await page.getByRole('textbox', { name: 'Search every event' }).fill('kim');
  await expect(page.getByRole('list', { name: 'Hits' }).getByRole('listitem').first()).toBeVisible();
  expect(await violations(hindsight)).toEqual([]);
  await page.keyboard.press('ControlOrMeta+l');
  const row = page.getByRole('grid', { name: 'Executions' }).getByRole('row').nth(3);
  await page.getByRole('searchbox', { name: 'Search executions' }).fill('');
  await row.click({ modifiers: ['ControlOrMeta'] });
  await page.getByRole('navigation', { name: 'Tabs' }).waitFor();
  expect(await violations(hindsight)).toEqual([]);
});

test('A5: no screen and no dialog has a moderate violation', async ({ hindsight }) => {
  const { page } = hindsight;
  expect(await violations(hindsight)).toEqual([]);
  await openSample(hindsight);
  expect(await violations(hindsight)).toEqual([]);
  await hindsight.openExecution(AGENT);
  expect(await violations(hindsight)).toEqual([]);
  for (const key of ['Control+e', 'g', 'Control+k', '?', 'Control+Shift+O']) {
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor();
    expect(await violations(hindsight, '[role=dialog]')).toEqual([]);
    await page.keyboard.press('Escape');
  }
});

test('S7: the native menu shows each key, the sizes, the recent files and what the application is', async () => {
  const path = copyOf(SAMPLE);
  const hindsight = await start();
  const { app, page } = hindsight;
  await hindsight.idle();
  const item = (id: string): Promise<{ label: string; accelerator: string | undefined } | undefined> =>
    app.evaluate(({ Menu }, wanted) => {
      const found = Menu.getApplicationMenu()?.getMenuItemById(wanted);
      return found ? { label: found.label, accelerator: found.accelerator as string | undefined } : undefined;
    }, id);
  await expect.poll(() => item('next')).toEqual({ label: 'Next Event', accelerator: 'F8' });
  expect(await item('previous')).toEqual({ label: 'Previous Event', accelerator: 'F7' });
  expect((await item('next-change'))?.accelerator).not.toBe((await item('previous-change'))?.accelerator);
  expect(await item('previous-change')).toMatchObject({ accelerator: 'Shift+C' });
  expect(await item('zoom-in')).toEqual({ label: 'Zoom In', accelerator: 'CommandOrControl+Plus' });
  expect(await item('zoom-reset')).toMatchObject({ label: 'Actual Size' });
  const recents = (): Promise<string[]> =>
    app.evaluate(({ Menu }) => (Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items ?? []).flatMap(({ label }) => label || []));
  expect(await recents()).toEqual(['Clear Recent']);
  expect(
    await app.evaluate(({ Menu }) =>
      Menu.getApplicationMenu()
        ?.items.at(-1)
        ?.submenu?.items.some(({ role }) => role?.toLowerCase() === 'about'),
    ),
  ).toBe(true);

  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, path);
  await page.keyboard.press('Control+o');
  await page.getByRole('grid', { name: 'Executions' }).waitFor();
  await expect.poll(recents).toEqual([path, 'Clear Recent']);
  await page.keyboard.press('Control+Shift+w');
  await page.getByRole('heading', { name: 'Hindsight' }).waitFor();
  await app.evaluate(({ Menu }) => void setImmediate(() => Menu.getApplicationMenu()?.getMenuItemById('recent')?.submenu?.items[0]?.click()));
  await page.getByRole('grid', { name: 'Executions' }).waitFor();
  await app.evaluate(({ Menu }) => void setImmediate(() => Menu.getApplicationMenu()?.getMenuItemById('clear-recent')?.click()));
  await expect.poll(recents).toEqual(['Clear Recent']);
  await page.keyboard.press('Control+Shift+w');
  await expect(page.getByText('Databases that you open are listed here.')).toBeVisible();
  await app.close();
});

test('S9: the palette finds commands by what they do, and nodes, events, executions and recent files', async () => {
  const path = copyOf(SAMPLE);
  const hindsight = await start({ args: [`--open=${path}`] });
  const { app, page, idle } = hindsight;
  await page.getByRole('grid', { name: 'Executions' }).waitFor();
  await page.getByRole('button', { name: 'Command palette' }).click();
  const input = page.getByRole('combobox');
  const options = page.getByRole('option');
  const find = async (text: string): Promise<string[]> => {
    await input.fill(text);
    await idle();
    return options.allTextContents();
  };
  expect(await find('erase')).toEqual([]);
  expect((await find('refresh')).at(0)).toMatch(/^Reload Database/);
  expect((await find('night')).at(0)).toBe('Theme: Dark');
  expect(await find('density')).toEqual([expect.stringMatching(/^Settings/), 'Rows: Compact', 'Rows: Comfortable', 'Rows: Spacious']);
  expect(await find('contrast more')).toEqual(['Contrast: More']);
  expect(await find('runtime')).toContainEqual(expect.stringContaining(path.replace('/runtime.db', '')));
  expect(await find('9f31')).toEqual([expect.stringContaining('exec_9f31')]);
  await page.keyboard.press('Enter');
  const slider = page.getByRole('slider', { name: 'Sequence' });
  await expect(slider).toHaveAttribute('aria-valuemax', '409');

  await page.keyboard.press('Control+k');
  expect((await find('#123')).slice(0, 2)).toEqual(['Go to #123', expect.stringMatching(/#123 /)]);
  await page.keyboard.press('Enter');
  await expect(slider).toHaveAttribute('aria-valuenow', '123');
  await page.keyboard.press('Control+k');
  expect(await find('timeout')).toContainEqual(expect.stringMatching(/^ ?#\d+ .*timeout/));
  await find('search');
  await options.filter({ hasText: 'its events' }).first().click();
  await expect(page.getByRole('textbox', { name: 'Filter events' })).toHaveValue(/^node:"search/);
  await app.close();
});
