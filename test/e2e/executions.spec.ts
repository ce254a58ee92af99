import { join } from 'node:path';
import { makeManyRuns } from '../support/many-runs.ts';
import { expect, openSample, start, temporary, test } from './fixtures.ts';

/** The list of executions. */

const RUNS = 100_000;

test('M5: a hundred thousand executions are scrolled with only the visible rows in the page, and searched by nodes and errors', async () => {
  test.setTimeout(180_000);
  const file = join(temporary('runs'), 'runtime.db');
  makeManyRuns(file, RUNS);
  const { page, app, idle, trouble } = await start({ args: [`--open=${file}`] });
  const grid = page.getByRole('grid', { name: 'Executions' });
  const shown = page.getByRole('status', { name: 'Shown' });
  await expect(shown).toHaveText('100,000 of 100,000 shown');
  expect(await grid.getByRole('row').count()).toBeLessThan(60);
  for (const part of [0.1, 0.5, 0.9, 1]) {
    await grid.evaluate((element, to) => element.scrollTo({ top: element.scrollHeight * to }), part);
    await idle();
    await expect(grid.locator('.placeholder')).toHaveCount(0);
    expect(await grid.getByRole('row').count()).toBeLessThan(60);
  }
  await expect(grid.getByRole('row').last()).toContainText('0000…0000');
  await expect(grid.getByRole('row').last()).toHaveAttribute('aria-rowindex', String(RUNS + 1));

  const search = page.getByRole('searchbox', { name: 'Search executions' });
  const events = page.getByRole('status', { name: 'Search in events' });
  await search.fill('usual completed');
  await expect(events).toContainText('searching events…');
  // Another text takes the place of the first one while that is being searched for.
  await search.fill('RARE_NODE quota tenant-1');
  await expect(events).toContainText('found by them', { timeout: 60_000 });
  await expect(grid.getByRole('columnheader', { name: 'Found in its events' })).toBeVisible();
  await expect(grid.getByRole('row').nth(1)).toContainText('#2 rare_node');
  await expect(events).toHaveText(/^100,000 runs searched by nodes and errors · 100 found by them$/, { timeout: 120_000 });
  await expect(shown).toHaveText('100 of 100,000 shown');
  await search.fill('');
  await expect(shown).toHaveText('100,000 of 100,000 shown');
  await expect(events).toHaveCount(0);
  expect(trouble).toEqual([]);
  await app.close();
});

test('M5: filters follow each other, say how much they leave, and are cleared together', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const shown = page.getByRole('status', { name: 'Shown' });
  const chip = (name: RegExp) => page.getByRole('region', { name: 'Filters' }).getByRole('button', { name });
  await page.getByRole('combobox', { name: 'Workflow' }).selectOption('loan-review');
  // Neither what was shown before nor the moment before the rows arrive.
  await expect(shown).toHaveText(/^([1-9]|[1-3]\d) of 60 shown$/);
  const loans = Number((await shown.textContent())?.split(' ')[0]);
  await expect(chip(/^All/)).toHaveText(`All ${loans}`);
  await chip(/^failed/).click();
  await expect(shown).toHaveText('2 of 60 shown');
  await expect(chip(/^All/)).toHaveText(`All ${loans}`);
  await expect(page.getByRole('combobox', { name: 'Workflow' }).locator('option', { hasText: 'newsletter' })).toHaveText('newsletter (0)');
  await chip(/^Clear all/).click();
  await expect(shown).toHaveText('60 of 60 shown');
  await chip(/^has parent/).click();
  await expect(shown).toHaveText(/^[1-9]\d* of 60 shown$/);
  await chip(/^Clear all/).click();
  await chip(/^has error/).click();
  const events = page.getByRole('status', { name: 'Search in events' });
  await expect(events).toContainText('46 runs searched by nodes and errors');
  const all = Number((await shown.textContent())?.split(' ')[0]);
  expect(all).toBeGreaterThan(2);
  await expect(chip(/^has error/)).toHaveText(`has error ${all}`);
  await expect(chip(/^All/)).toHaveText(`All ${all}`);
  await page.screenshot({ path: 'test-results/screens/executions-has-error.png' });
  await chip(/^Clear all/).click();
  await expect(chip(/^Clear all/)).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Started' }).selectOption({ label: 'last hour until the newest run' });
  await expect(shown).toHaveText(/^[1-9]\d? of 60 shown$/);
  await page.screenshot({ path: 'test-results/screens/executions-started.png' });
  await page.getByRole('combobox', { name: 'Started' }).selectOption({ label: 'last hour until now' });
  await expect(shown).toHaveText('0 of 60 shown');
  await page.getByRole('combobox', { name: 'Started' }).selectOption('custom');
  await page.getByLabel('Started from').fill('2026-06-01T16:00:00');
  await page.getByLabel('Started to').fill('2026-06-01T16:10:00');
  const rows = page.getByRole('grid', { name: 'Executions' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('2026-06-01 16:05:22');
  await expect(rows).toHaveCount(4);
  await page.screenshot({ path: 'test-results/screens/executions-custom.png' });
});

test('M5: the usual columns fit into a window of 1280 pixels, with and without what was found in events', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const grid = page.getByRole('grid', { name: 'Executions' });
  const beyond = () => grid.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  expect(await beyond()).toBe(0);
  const times = grid.getByRole('gridcell').filter({ has: page.locator('time') });
  const cut = (cells: readonly Element[]) => cells.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).length;
  await expect(times.first()).toHaveText(/^2026-06-01 \d\d:\d\d:\d\d$/);
  expect(await times.evaluateAll(cut)).toBe(0);
  await page
    .getByRole('region', { name: 'Filters' })
    .getByRole('button', { name: /^has error/ })
    .click();
  await expect(grid.getByRole('columnheader', { name: 'Found in its events' })).toBeVisible();
  expect(await beyond()).toBe(0);
});

test('M5: columns are hidden, moved and resized by mouse and keys, and stay so after a restart', async () => {
  const userData = temporary('user');
  const first = await start({ userData });
  await openSample(first);
  const { page } = first;
  const heads = page.getByRole('grid', { name: 'Executions' }).locator('[data-column]');
  const names = async (): Promise<string[]> => heads.allTextContents();
  expect((await names()).slice(0, 4)).toEqual(['Status', 'Workflow', 'Execution', 'Started']);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Last change' }).uncheck();
  await page.getByRole('button', { name: 'Move Events left' }).press('Enter');
  await page.screenshot({ path: 'test-results/screens/executions-columns.png' });
  await page.keyboard.press('Escape');
  const status = heads.filter({ hasText: 'Status' });
  const width = async (): Promise<number> => (await status.boundingBox())?.width ?? 0;
  const before = await width();
  await status.getByRole('button').focus();
  await page.keyboard.press('Shift+ArrowRight');
  expect(await width()).toBe(before + 16);
  const edge = await status.locator('.column-edge').boundingBox();
  await page.mouse.move((edge?.x ?? 0) + 4, (edge?.y ?? 0) + 10);
  await page.mouse.down();
  await page.mouse.move((edge?.x ?? 0) + 44, (edge?.y ?? 0) + 10, { steps: 4 });
  await page.mouse.up();
  expect(await width()).toBe(before + 56);
  await heads.filter({ hasText: 'Duration' }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Hide Duration' }).click();
  await heads.filter({ hasText: 'Workflow' }).dragTo(heads.filter({ hasText: 'Started' }));
  const after = await names();
  expect(after).not.toContain('Last change');
  expect(after).not.toContain('Duration');
  expect(after.slice(0, 4)).toEqual(['Status', 'Execution', 'Started', 'Workflow']);
  expect(after.indexOf('Events')).toBe(after.indexOf('Cost') - 1);
  await first.app.close();
  const again = await start({ userData });
  await expect(again.page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  expect(await again.page.getByRole('grid', { name: 'Executions' }).locator('[data-column]').allTextContents()).toEqual(after);
  expect(first.trouble).toEqual([]);
  await again.app.close();
});

test('M18: rows are selected by mouse and keys, copied as ids and tables, and opened in tabs', async ({ hindsight }) => {
  const { page, app } = hindsight;
  await openSample(hindsight);
  const copied = (): Promise<string> => app.evaluate(({ clipboard }) => clipboard.readText());
  const grid = page.getByRole('grid', { name: 'Executions' });
  const selected = page.getByRole('status', { name: 'Selected' });
  const row = (index: number) => grid.getByRole('row').nth(index);
  await row(2).click();
  await expect(selected).toHaveCount(0);
  await row(4).click({ modifiers: ['Shift'] });
  await expect(selected).toHaveText('3 selected');
  await row(3).getByRole('checkbox', { name: 'Select' }).click();
  await expect(selected).toHaveText('2 selected');
  await expect(grid.getByRole('row', { selected: true })).toHaveCount(2);
  await expect(row(4).getByRole('checkbox')).toBeChecked();
  await page.screenshot({ path: 'test-results/screens/executions-selected.png' });
  await page.getByRole('button', { name: 'Copy as CSV' }).click();
  await expect(page.getByText('2 rows copied')).toBeVisible();
  expect((await copied()).trim().split('\r\n')).toHaveLength(3);
  await grid.focus();
  await page.keyboard.press('ControlOrMeta+a');
  await expect(selected).toHaveText('60 selected');
  await page.keyboard.press('ControlOrMeta+c');
  await expect(page.getByText('60 ids copied')).toBeVisible();
  expect(new Set((await copied()).split('\n')).size).toBe(60);
  await page.keyboard.press('Escape');
  await expect(selected).toHaveCount(0);
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(selected).toHaveText('2 selected');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect(selected).toHaveText('3 selected');
  await page.keyboard.press('Space');
  await expect(selected).toHaveText('2 selected');
  await grid.getByRole('row').nth(2).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy 2 rows as JSON' }).click();
  await expect(page.getByText('2 rows copied')).toBeVisible();
  expect(JSON.parse(await copied())).toHaveLength(2);
  await page.getByRole('button', { name: 'Open in tabs' }).click();
  await expect(page.getByRole('navigation', { name: 'Tabs' }).locator('.tab-name')).toHaveCount(3);
});

test('M24: Ctrl or Cmd and a click, or the middle button, opens a run in a tab of its own', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const grid = page.getByRole('grid', { name: 'Executions' });
  const names = page.getByRole('navigation', { name: 'Tabs' }).locator('.tab-name');
  await grid
    .getByRole('row')
    .nth(2)
    .click({ modifiers: ['ControlOrMeta'] });
  await expect(page.getByRole('status', { name: 'Cursor' })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+l');
  await grid.getByRole('row').nth(3).click({ button: 'middle' });
  // The list, and both runs.
  await expect(names).toHaveCount(3);
});

test('M6: the last change is shown as a distance until another form of times is chosen', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const times = page.getByRole('grid', { name: 'Executions' }).getByRole('row').nth(1).locator('time');
  await expect(times.first()).toHaveText(/^2026-/);
  await expect(times.last()).toHaveText(/ago$|^just now$/);
  await expect(times.last()).toHaveAttribute('title', /^2026-\d\d-\d\d \d\d:\d\d:\d\d/);
  await page.getByRole('button', { name: /^Times:/ }).click();
  await page.getByRole('menuitemradio', { name: 'Since the start' }).click();
  await expect(times.last()).toHaveText(/^\+/);
});
