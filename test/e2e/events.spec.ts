import { expect, openSample, start, temporary, test } from './fixtures.ts';

/** The list of events: its columns, its times and the details in it. */

const AGENT = '9f31c2d4';

test('M6: columns of the events are chosen, among them values of the state, which are marked where they change, and stay so after a restart', async () => {
  const userData = temporary('user');
  const first = await start({ userData });
  const { page, idle, goTo } = first;
  await openSample(first);
  await first.openExecution(AGENT);
  await goTo(395);
  const grid = page.getByRole('grid', { name: 'Events' });
  const row = (sequence: number) => grid.getByRole('row').filter({ has: page.locator('.sequence', { hasText: new RegExp(`^${sequence}$`) }) });
  await page.getByRole('region', { name: 'Events' }).getByRole('button', { name: 'Columns' }).click();
  for (const name of ['Attempt', 'Duration', 'Tokens', 'Bytes', 'Node']) await page.getByRole('checkbox', { name, exact: true }).check();
  await page.keyboard.press('Escape');
  await expect(row(395).locator('.cell-node')).toHaveText('critic');
  await expect(row(395).locator('.cell-duration')).toHaveText('293 ms');
  await expect(row(392).locator('.cell-tokens')).toHaveText(/^[\d,]+ → [\d,]+$/);
  await expect(row(395).locator('.what')).not.toContainText('critic');

  const round = page.locator('[role=treeitem][id$="/critic/round"]');
  await round.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show as a column of the events' }).click();
  await idle();
  const values = grid.locator('.cell-path');
  await expect(row(395).locator('.cell-path')).toContainText('15');
  // What the column says at an event is what the state has there.
  for (const sequence of [396, 390]) {
    const inList = (await row(sequence).locator('.cell-path bdi').textContent()) ?? '';
    await goTo(sequence);
    await expect(round).toHaveAccessibleDescription(new RegExp(`^${inList}, number`));
  }
  const changed = grid.locator('.cell-path .changed');
  const filter = page.getByRole('textbox', { name: 'Filter events' });
  await filter.fill('changed:/critic/round');
  await expect(page.getByRole('status', { name: 'Events shown' })).toContainText('of 409');
  await idle();
  expect(await changed.count()).toBe(await values.count());
  await filter.fill('');
  await page.screenshot({ path: 'test-results/screens/events-columns.png' });
  await first.app.close();

  const again = await start({ userData });
  const heads = again.page.getByRole('group', { name: 'Columns of the events' });
  await expect(heads).toContainText('/critic/round');
  await expect(heads).toContainText('Attempt');
  await again.page.getByRole('region', { name: 'Events' }).getByRole('button', { name: 'Columns' }).click();
  await again.page.getByRole('button', { name: 'Remove /critic/round' }).click();
  await expect(heads).not.toContainText('/critic/round');
  expect([...first.trouble, ...again.trouble]).toEqual([]);
  await again.app.close();
});

test('M16: the details of several events are open in the list at once, and all closed together', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  const grid = page.getByRole('grid', { name: 'Events' });
  const details = (sequence: number) => grid.getByRole('gridcell', { name: `Details of event ${sequence}` });
  await grid.focus();
  await page.keyboard.press('Enter');
  await expect(details(402)).toContainText('Checked the three quotes by phone.');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(details(401)).toContainText('tool_approval_required');
  await expect(details(402)).toBeVisible();
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#401 of');
  await page.screenshot({ path: 'test-results/screens/events-details.png' });
  // The list keeps its places: the row below the details is the next event, and the cursor's row is found far away and back.
  const below = await details(402).boundingBox();
  const next = await grid
    .getByRole('row')
    .filter({ has: page.locator('.sequence', { hasText: /^403$/ }) })
    .boundingBox();
  expect(next === null || below === null || next.y >= below.y + below.height).toBe(true);
  await page.keyboard.press('Home');
  await idle();
  await expect(grid.getByRole('row').first().locator('.sequence')).toHaveText('1');
  await page.keyboard.press('End');
  await idle();
  await expect(grid.getByRole('row', { selected: true })).toBeInViewport();
  await goTo(402);
  await expect(grid.getByRole('row', { selected: true })).toBeInViewport();
  await page.getByRole('button', { name: 'Close all details' }).click();
  await expect(grid.getByRole('gridcell', { name: /^Details of event/ })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Close all details' })).toHaveCount(0);
});

test('M6: one choice of how times are shown counts in the list, the events and the inspector', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const rows = page.getByRole('grid', { name: 'Executions' }).getByRole('row');
  await expect(rows.nth(1)).toContainText('2026-06-01 16:43:00');
  await hindsight.openExecution(AGENT);
  await page
    .getByRole('region', { name: 'Events' })
    .getByRole('button', { name: /^Times:/ })
    .click();
  await page.getByRole('menuitemradio', { name: 'Ago' }).click();
  await page.getByRole('menuitemradio', { name: 'Date and time' }).click();
  await page.screenshot({ path: 'test-results/screens/events-times.png' });
  await page.keyboard.press('Escape');
  const last = page.getByRole('grid', { name: 'Events' }).getByRole('row', { selected: true }).locator('.cell-time');
  const inspected = page.getByRole('region', { name: 'Inspector' }).locator('time');
  await expect(last).toHaveText('2026-06-01 20:52:27.625');
  await expect(inspected).toHaveText('2026-06-01 20:52:27.625');
  await page
    .getByRole('region', { name: 'Events' })
    .getByRole('button', { name: /^Times:/ })
    .click();
  await page.getByRole('menuitemradio', { name: 'Since the start' }).click();
  await page.keyboard.press('Escape');
  await expect(last).toHaveText('+4\u00a0h\u00a030\u00a0m');
  await expect(inspected).toHaveText('+4\u00a0h\u00a030\u00a0m');
  await page.keyboard.press('ControlOrMeta+k');
  await page.getByRole('combobox').fill('times: ago');
  await page.keyboard.press('Enter');
  await expect(last).toHaveText(/ago$/);
  await page.keyboard.press('ControlOrMeta+l');
  await expect(rows.nth(1)).toContainText(/\d d ago/);
});
