import { copyOf, expect, openSample, SAMPLE, start, temporary, test } from './fixtures.ts';

const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';

test('M25: theme, contrast, density and size are chosen in the settings, take effect at once and outlive the application', async () => {
  const userData = temporary('settings');
  const first = await start({ args: ['--open=sample'], userData });
  const { page } = first;
  await page.getByRole('grid', { name: 'Executions' }).waitFor();
  await page.keyboard.press('ControlOrMeta+,');
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByRole('radiogroup', { name: 'Theme' }).getByRole('radio', { name: 'light' }).check();
  await settings.getByRole('radiogroup', { name: 'Contrast' }).getByRole('radio', { name: 'more' }).check();
  await settings.getByRole('radiogroup', { name: 'Rows' }).getByRole('radio', { name: 'compact' }).check();
  await settings.getByRole('button', { name: 'Larger' }).click();
  await page.screenshot({ path: 'test-results/screens/settings.png' });
  const root = page.locator('html');
  const expectChosen = async (): Promise<void> => {
    await expect(root).toHaveAttribute('data-theme', 'light');
    await expect(root).toHaveAttribute('data-contrast', 'more');
    await expect(root).toHaveAttribute('data-density', 'compact');
  };
  await expectChosen();
  await expect(settings.getByRole('status', { name: 'Size' })).toHaveText('110 %');
  await page.keyboard.press('Escape');
  await first.openExecution(AGENT);
  const row = page.getByRole('treeitem').first();
  expect((await row.boundingBox())?.height).toBe(20);
  await first.app.close();
  const second = await start({ userData });
  await second.page.getByRole('slider', { name: 'Sequence' }).waitFor();
  await expect(second.page.locator('html')).toHaveAttribute('data-density', 'compact');
  await expect(second.page.locator('html')).toHaveAttribute('data-theme', 'light');
  await second.app.close();
});

test('M23: a command gets another key, which another command loses, in the window, the menu and the next start, and its usual keys again', async () => {
  const userData = temporary('keys');
  const first = await start({ args: ['--open=sample'], userData });
  const { page, app, goTo } = first;
  await page.getByRole('grid', { name: 'Executions' }).waitFor();
  await first.openExecution(AGENT);
  await goTo(10);
  await page.keyboard.press('ControlOrMeta+,');
  const keys = page.getByRole('dialog', { name: 'Settings' }).getByRole('region', { name: 'Keys' });
  await keys.getByRole('searchbox').fill('next failure');
  await keys.getByRole('button', { name: 'Keys of Next Failure: E' }).click();
  await page.keyboard.press('Escape');
  await expect(keys.getByRole('button', { name: 'Keys of Next Failure: E' })).toBeVisible();
  await keys.getByRole('button', { name: 'Keys of Next Failure: E' }).click();
  await page.keyboard.press('c');
  await expect(keys.getByRole('status')).toHaveText('Next Change of the State no longer has this key.');
  await expect(keys.getByRole('button', { name: 'Keys of Next Failure: C' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('c');
  const cursor = page.getByRole('status', { name: 'Cursor' });
  await expect(cursor).toContainText('#34 of 409');
  const accelerator = (id: string): Promise<string | undefined> =>
    app.evaluate(({ Menu }, item) => Menu.getApplicationMenu()?.getMenuItemById(item)?.accelerator as string | undefined, id);
  await expect.poll(() => accelerator('next-failure')).toBe('C');
  expect(await accelerator('next-change')).toBeFalsy();
  await app.close();

  const second = await start({ userData });
  await second.page.getByRole('slider', { name: 'Sequence' }).waitFor();
  await second.goTo(10);
  await second.page.keyboard.press('c');
  await expect(second.page.getByRole('status', { name: 'Cursor' })).toContainText('#34 of 409');
  await second.page.keyboard.press('ControlOrMeta+,');
  await second.page.getByRole('button', { name: 'All as usual' }).click();
  await second.page.keyboard.press('Escape');
  await second.goTo(10);
  await second.page.keyboard.press('e');
  await expect(second.page.getByRole('status', { name: 'Cursor' })).toContainText('#34 of 409');
  await second.app.close();
});

test('M23: every command of the palette can get a key, and every key of the list is in the settings', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  await page.keyboard.press('?');
  const listed = await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).locator('dt').allTextContents();
  await page.keyboard.press('Escape');
  await page.keyboard.press('ControlOrMeta+,');
  const rows = page.getByRole('region', { name: 'Keys' }).getByRole('listitem');
  const inSettings = await rows.locator('> span:first-child').allTextContents();
  expect(listed.filter((label) => !inSettings.includes(label))).toEqual([]);
  expect(inSettings.length).toBeGreaterThan(listed.length);
});

test('M24: the next start has the same tabs, which are read when they are shown, and the same panes', async () => {
  const userData = temporary('session');
  const path = copyOf(SAMPLE);
  const first = await start({ args: [`--open=${path}`], userData });
  await first.page.getByRole('grid', { name: 'Executions' }).waitFor();
  await first.openExecution(AGENT);
  await first.goTo(100);
  await first.page.getByRole('button', { name: 'Details beside the state' }).click();
  await expect(first.page.getByRole('tablist', { name: 'Details' })).toHaveCount(0);
  await first.page.keyboard.press('ControlOrMeta+l');
  const row = first.page.getByRole('grid', { name: 'Executions' }).getByRole('row').filter({ hasText: 'c600' });
  await first.page.getByRole('searchbox', { name: 'Search executions' }).fill('c6002cac');
  await expect(row).toHaveCount(1);
  await row.click({ modifiers: ['ControlOrMeta'] });
  await expect(first.page.getByRole('status', { name: 'Cursor' })).toContainText('#14 of 14');
  await first.page.getByRole('tab', { name: 'JSON' }).click();
  await first.idle();
  await first.app.close();

  const second = await start({ userData });
  const { page } = second;
  const tabs = page.getByRole('navigation', { name: 'Tabs' }).locator('.tab-name');
  await expect(tabs).toHaveCount(3);
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#14 of 14');
  await expect(page.getByRole('tab', { name: 'JSON' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('tablist', { name: 'Details' })).toHaveCount(0);
  await expect(tabs.nth(1)).toContainText('#100');
  await tabs.nth(1).click();
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#100 of 409');
  await expect(tabs.nth(1)).toHaveAttribute('aria-current', 'page');
  await expect(tabs).toHaveCount(3);
  await page.keyboard.press('b');
  await expect(page.getByRole('tab', { name: 'Changes' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ControlOrMeta+b');
  await expect(page.getByRole('grid', { name: 'Events' })).toHaveCount(0);
  await page.screenshot({ path: 'test-results/screens/panes.png' });
  await page.keyboard.press('ControlOrMeta+b');
  await expect(page.getByRole('grid', { name: 'Events' })).toBeVisible();
  expect(second.trouble).toEqual([]);
  await second.app.close();
});

test('B10: moments are bookmarked with notes, walked through, shown on the timeline, and found again in a copy of the database', async () => {
  const userData = temporary('bookmarks');
  const first = await start({ args: [`--open=${copyOf(SAMPLE)}`], userData });
  const { page, goTo } = first;
  await page.getByRole('grid', { name: 'Executions' }).waitFor();
  await first.openExecution(AGENT);
  const cursor = page.getByRole('status', { name: 'Cursor' });
  for (const sequence of [300, 100]) {
    await goTo(sequence);
    await page.keyboard.press('m');
    await expect(page.getByRole('button', { name: `Remove the bookmark of #${sequence}`, exact: true }).first()).toBeVisible();
  }
  await page.getByRole('textbox', { name: 'Note about #300' }).fill('the total is wrong from here');
  await page.getByRole('slider', { name: 'Sequence' }).focus();
  await page.keyboard.press("'");
  await expect(cursor).toContainText('#300 of');
  await page.keyboard.press("'");
  await expect(cursor).toContainText('#100 of');
  await page.keyboard.press('Shift+M');
  await expect(cursor).toContainText('#300 of');
  await expect(page.getByRole('button', { name: 'Bookmark of #300', exact: true })).toBeVisible();
  await page.screenshot({ path: 'test-results/screens/bookmarks.png' });
  await first.idle();
  await first.app.close();

  const second = await start({ args: [`--open=${copyOf(SAMPLE)}#${AGENT}`], userData });
  await second.page.getByRole('slider', { name: 'Sequence' }).waitFor();
  await second.page.getByRole('tab', { name: 'Bookmarks' }).click();
  await expect(second.page.getByRole('textbox', { name: 'Note about #300' })).toHaveValue('the total is wrong from here');
  await second.page.getByRole('button', { name: 'Remove the bookmark of #100', exact: true }).click();
  await expect(second.page.getByRole('list', { name: 'Bookmarks' }).getByRole('listitem')).toHaveCount(1);
  expect(second.trouble).toEqual([]);
  await second.app.close();
});
