import { basename } from 'node:path';
import { copyOf, expect, openSample, SAMPLE, start, test } from './fixtures.ts';

const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
const LIMITED = 'c6002cac-eedb-540f-998c-e81927a60548';

test('M24: executions are opened in tabs, which keep their cursors and are stepped through, moved and closed', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(100);
  const tabs = page.getByRole('navigation', { name: 'Tabs' });
  await expect(tabs).toHaveCount(0);
  await page.keyboard.press('ControlOrMeta+l');
  await page.getByRole('searchbox', { name: 'Search executions' }).fill(LIMITED);
  const row = page
    .getByRole('grid', { name: 'Executions' })
    .getByRole('row')
    .filter({ hasText: LIMITED.slice(0, 4) });
  await expect(row).toHaveCount(1);
  await row.click({ modifiers: ['ControlOrMeta'] });
  const cursor = page.getByRole('status', { name: 'Cursor' });
  await expect(cursor).toContainText('#14 of 14');
  const names = tabs.locator('.tab-name');
  await expect(names).toHaveCount(3);
  await expect(names.nth(2)).toHaveAttribute('aria-current', 'page');
  await page.keyboard.press('Control+Shift+Tab');
  await expect(cursor).toContainText('#100 of 409');
  await page.keyboard.press('Control+Tab');
  await expect(cursor).toContainText('#14 of 14');
  await page.screenshot({ path: 'test-results/screens/tabs.png' });
  await names.nth(2).dragTo(names.nth(1));
  await expect(names.nth(1)).toContainText('#14');
  await names.nth(2).click({ button: 'middle' });
  await expect(tabs).toHaveCount(0);
  await expect(cursor).toContainText('#14 of 14');
  await page.keyboard.press('ControlOrMeta+w');
  await expect(page.getByRole('grid', { name: 'Executions' })).toBeVisible();
});

test('M24: several databases are open at once, and a link leads to a value in one of them', async () => {
  const copy = copyOf(SAMPLE);
  const hindsight = await start({ args: [`--open=${copy}#9f31@402:/draft/text`] });
  const { page, app } = hindsight;
  const cursor = page.getByRole('status', { name: 'Cursor' });
  await expect(cursor).toContainText('#402 of 409');
  await expect(page.getByRole('treeitem', { name: 'text', exact: true, selected: true })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+Shift+L');
  const link = await app.evaluate(({ clipboard }) => clipboard.readText());
  expect(link).toBe(`${copy}#${AGENT}@402:/draft/text`);
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill('open the sample');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  const tabs = page.getByRole('navigation', { name: 'Tabs' });
  await expect(tabs.locator('.tab-name')).toHaveCount(3);
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill(link.replace('@402', '@7'));
  await page.keyboard.press('Enter');
  await expect(cursor).toContainText('#7 of 409');
  await page.keyboard.press('ControlOrMeta+Shift+W');
  await expect(tabs).toHaveCount(0);
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  expect(basename(copy)).toBe('runtime.db');
  expect(hindsight.trouble).toEqual([]);
  await app.close();
});
