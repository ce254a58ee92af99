import { expect, openSample, pictures, test } from './fixtures.ts';

const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';

test('B1: each value says who wrote it; every change of a value is listed, and [ and ] walk them', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  const tree = page.getByRole('tree', { name: 'State' });
  const approved = tree.getByRole('treeitem', { name: 'approved_by', exact: true });
  await expect(approved.getByRole('button', { name: '#402 publish' })).toBeVisible();
  await tree.getByRole('treeitem', { name: 'cost', exact: true }).click();
  await page.keyboard.press('b');
  const changes = page.getByRole('list', { name: 'Changes of the value' });
  await expect(changes.getByRole('listitem').first()).toBeVisible();
  const cursor = page.getByRole('status', { name: 'Cursor' });
  const newest = (await changes.getByRole('listitem').first().getByRole('button').textContent()) ?? '';
  await page.keyboard.press('[');
  await expect(cursor).toContainText(`${newest} of`);
  await page.keyboard.press('[');
  const second = (await changes.getByRole('listitem').nth(1).getByRole('button').textContent()) ?? '';
  await expect(cursor).toContainText(`${second} of`);
  await page.keyboard.press(']');
  await expect(cursor).toContainText(`${newest} of`);
  await pictures(hindsight, 'changes');
});

test('M18: a value is copied in every form from its menu', async ({ hindsight }) => {
  const { page, app, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  const copied = () => app.evaluate(({ clipboard }) => clipboard.readText());
  const row = page.getByRole('tree', { name: 'State' }).getByRole('treeitem', { name: 'customer', exact: true });
  for (const [item, text] of [
    ['Copy the path as JSON Pointer', '/customer'],
    ['Copy the path as Python', 'state["customer"]'],
    ['Copy the path as jq', '.customer'],
  ] as const) {
    await row.click({ button: 'right' });
    await page.getByRole('menuitem', { name: item }).click();
    await expect.poll(copied).toBe(text);
  }
  await row.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy the value on one line' }).click();
  await expect.poll(copied).toMatch(/^\{"[^\n]+\}$/);
});

test('watched values stay in sight, and a condition lists when it is true', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(200);
  await page.getByRole('tab', { name: 'Watches' }).click();
  await page.getByRole('textbox', { name: 'Path to watch' }).fill('/approved_by');
  await page.keyboard.press('Enter');
  const watches = page.getByRole('list', { name: 'Watches' });
  await expect(watches.getByRole('listitem')).toContainText('no value');
  await page.getByRole('textbox', { name: 'Path to watch' }).fill('/aproved_by');
  await page.keyboard.press('Enter');
  await expect(watches.getByRole('listitem').first()).toContainText('never set in this run');
  await page.screenshot({ path: 'test-results/screens/watch-never-set.png' });
  await page.getByRole('button', { name: 'Stop watching /aproved_by' }).click();
  await page.getByRole('tab', { name: 'Find when' }).click();
  await page.getByRole('textbox', { name: 'Condition' }).fill('has(state.approved_by)');
  await page.keyboard.press('Enter');
  const transitions = page.getByRole('list', { name: 'Transitions' });
  await expect(transitions.getByRole('listitem')).toHaveCount(2);
  await transitions.getByRole('button', { name: '#402' }).click();
  await page.getByRole('tab', { name: 'Watches' }).click();
  await expect(watches.getByRole('listitem')).toContainText('"kim"');
  await page.getByRole('tab', { name: 'Find when' }).click();
  await page.getByRole('textbox', { name: 'Condition' }).fill('state.approved_by ==');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status', { name: 'Condition found' })).toContainText('The condition cannot be used');
});

test('M14: a text is searched for in every event, and a hit leads to its event', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await page.keyboard.press('ControlOrMeta+Shift+F');
  await page.getByRole('textbox', { name: 'Search every event' }).fill('kim');
  const found = page.getByRole('status', { name: 'Found in the run' });
  await expect(found).toContainText(/\d+ hits? in \d+ events?$/);
  const count = await found.textContent();
  await page.getByRole('button', { name: 'Whole words only' }).click();
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await page.getByRole('textbox', { name: 'Search every event' }).fill('ki(m');
  await expect(found).toContainText('This cannot be searched for');
  await page.getByRole('button', { name: 'Regular expression' }).click();
  await page.getByRole('textbox', { name: 'Search every event' }).fill('kim');
  await expect(found).toHaveText(count ?? '');
  await page.keyboard.press('Enter');
  const first = page.getByRole('list', { name: 'Hits' }).getByRole('listitem').first();
  const at = (await first.getByRole('button').textContent()) ?? '';
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText(`${at} of`);
  await pictures(hindsight, 'search');
  await page.getByRole('textbox', { name: 'Search every event' }).focus();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('region', { name: 'Search the run' })).toHaveCount(0);
});

test('M15: the filter is completed, points at what is wrong, says how much it hides, and is made from a value', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  const filter = page.getByRole('textbox', { name: 'Filter events' });
  const shown = page.getByRole('status', { name: 'Events shown' });
  await filter.pressSequentially('cat');
  await expect(page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option', { selected: true })).toContainText('category:');
  await page.keyboard.press('Tab');
  await page.keyboard.type('fail');
  await expect(page.getByRole('listbox', { name: 'Suggestions' }).getByRole('option', { selected: true })).toContainText('category:failure');
  await page.keyboard.press('Tab');
  await expect(filter).toHaveValue('category:failure ');
  await expect(shown).toHaveText(/^\d+ of 409$/);
  const hidden = page.getByRole('button', { name: /^hidden: / });
  await expect(hidden).toBeVisible();
  await filter.fill('category:failure cost>much');
  await expect(page.getByRole('alert').locator('mark')).toHaveText('cost>much');
  await filter.fill('tokens>1000');
  await expect(shown).toHaveText(/^[1-9]\d* of 409$/);
  await hidden.click();
  await expect(filter).toHaveValue('');
  await goTo(402);
  await page.getByRole('grid', { name: 'Events' }).getByRole('row').filter({ hasText: 'approval received' }).first().click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Only this node' }).click();
  await expect(filter).toHaveValue('node:publish');
  await page.getByRole('tree', { name: 'State' }).getByRole('treeitem', { name: 'approved_by', exact: true }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Only events that change it' }).click();
  await expect(shown).toHaveText('1 of 409');
});

test('M13: the cursor is compared with a pinned moment, a snapshot or the beginning, and the changes are copied as patches', async ({ hindsight }) => {
  const { page, app, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(398);
  await page.keyboard.press('p');
  await goTo(404);
  const changes = page.getByRole('list', { name: 'Changes' });
  await expect(page.getByRole('combobox', { name: 'Compared with' })).toHaveValue('pinned');
  await expect(changes.getByRole('listitem').filter({ hasText: '/approved_by' })).toContainText('"kim"');
  await page.getByRole('button', { name: 'Copy as JSON Patch' }).click();
  const copied = () => app.evaluate(({ clipboard }) => clipboard.readText());
  await expect.poll(copied).toContain('"path": "/approved_by"');
  const patch = JSON.parse(await copied()) as { op: string; path: string }[];
  expect(patch.every(({ op, path }) => ['add', 'remove', 'replace'].includes(op) && path.startsWith('/'))).toBe(true);
  await page.getByRole('button', { name: 'as merge patch' }).click();
  await expect.poll(copied).toContain('"approved_by": "kim"');
  await page.getByRole('button', { name: 'as text' }).click();
  await expect.poll(copied).toMatch(/^--- state at #398\n\+\+\+ state at #404\n@@ .*\n\+ {2}"approved_by": "kim",/s);
  await page.getByRole('checkbox', { name: 'as text' }).check();
  const asText = page.getByRole('region', { name: 'Diff as text' });
  await expect(asText).toContainText('+  "approved_by": "kim",');
  await page.screenshot({ path: 'test-results/screens/diff-text.png' });
  await page.getByRole('combobox', { name: 'Compared with' }).selectOption('start');
  await expect(asText).not.toContainText('Reading');
  await page.screenshot({ path: 'test-results/screens/diff-text-start.png' });
  await page.getByRole('checkbox', { name: 'as text' }).uncheck();
  await expect(changes.getByRole('listitem').filter({ hasText: '/plan' }).first()).toBeVisible();
  await page.getByRole('combobox', { name: 'Compared with' }).selectOption('pinned');
  await page.getByRole('textbox', { name: 'Sequence to compare with' }).fill('99999');
  await expect(page.getByRole('alert')).toContainText('The last event is #409.');
  await page.getByRole('textbox', { name: 'Sequence to compare with' }).fill('402');
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByText('no change').or(changes.getByRole('listitem')).first()).toBeVisible();
  await expect(changes.getByRole('listitem').filter({ hasText: '/approved_by' })).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Compared with' }).selectOption('step');
  await expect(page.getByText('This event did not change the state.')).toBeVisible();
});

test('M21: what the run has used up to the cursor is shown beside its growth', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await page.getByRole('tab', { name: 'Costs' }).click();
  const costs = page.getByRole('list', { name: 'Costs' }).getByRole('listitem');
  await expect(costs.first()).toContainText('306,781of 306,781');
  await goTo(5);
  await expect(costs.first()).toContainText('2,162of 306,781');
  await expect(costs.filter({ hasText: 'Retries' })).toContainText('0of 7');
  await page.screenshot({ path: 'test-results/screens/costs.png' });
});

test('S9: Enter in the palette waits for what is being looked for', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.insertText('read_b');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Filter events' })).toHaveValue('node:"read_b"');
});

test('the tree is opened and closed as a whole', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(400);
  const item = (name: string) => page.getByRole('treeitem', { name, exact: true });
  await page.getByRole('button', { name: 'Close all' }).click();
  await expect(item('cost')).toHaveAttribute('aria-expanded', 'false');
  await page.getByRole('button', { name: 'Open all' }).click();
  await expect(item('cost')).toHaveAttribute('aria-expanded', 'true');
  await expect(item('history')).toHaveAttribute('aria-expanded', 'true');
});
