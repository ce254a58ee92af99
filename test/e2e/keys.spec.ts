import AxeBuilder from '@axe-core/playwright';
import { expect, type Hindsight, openSample, test } from './fixtures.ts';

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

test('A5: no screen and no dialog has a moderate violation', async ({ hindsight }) => {
  const { page } = hindsight;
  expect(await violations(hindsight)).toEqual([]);
  await openSample(hindsight);
  expect(await violations(hindsight)).toEqual([]);
  await hindsight.openExecution(AGENT);
  expect(await violations(hindsight)).toEqual([]);
  for (const key of ['Control+e', 'g', 'Control+k', '?']) {
    await page.keyboard.press(key);
    await page.getByRole('dialog').waitFor();
    expect(await violations(hindsight, '[role=dialog]')).toEqual([]);
    await page.keyboard.press('Escape');
  }
});
