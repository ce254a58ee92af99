import { expect, openSample, SAMPLE, start, temporary, test } from './fixtures.ts';

const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';

test('M10: playing stops at a failure, and at a change of a watched value, and says why', async ({ hindsight }) => {
  const { page, goTo, cursor } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(0);
  const said = page.getByRole('status', { name: 'Playing' });
  await page.getByRole('combobox', { name: 'Speed' }).selectOption('1000 / s');
  await page.getByRole('button', { name: 'Stop playing at' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Stop at a failure' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(said).toHaveText(/^stopped at #\d+: a failure$/);
  const first = await cursor();
  // The command for the next failure finds the same one.
  await goTo(0);
  await expect(said).toHaveText('');
  await page.keyboard.press('e');
  await expect.poll(cursor).toBe(first);

  await page.getByRole('button', { name: 'Stop playing at, 1 chosen' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Stop at a failure' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Watches' }).click();
  await page.getByRole('textbox', { name: 'Path to watch' }).fill('/approved_by');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Stop playing when /approved_by changes' }).click();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await expect(said).toHaveText('stopped at #402: /approved_by changed');
  expect(await cursor()).toContain('#402 of');
  await page.getByRole('button', { name: 'Next event' }).click();
  await expect(said).toHaveText('');
  await page.getByRole('button', { name: 'Previous event' }).click();
  await expect.poll(cursor).toContain('#402 of');
});

test('a condition is completed, its mistakes are pointed at, and it is watched', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  await page.getByRole('tab', { name: 'Find when' }).click();
  const condition = page.getByRole('textbox', { name: 'Condition' });
  await condition.pressSequentially('has(state.appr');
  await expect(page.getByRole('option', { name: '.approved_by' })).toBeVisible();
  await page.keyboard.press('Tab');
  await condition.pressSequentially(')');
  await expect(condition).toHaveValue('has(state.approved_by)');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: 'When it is true' })).toContainText('True once, from #402');
  await page.getByRole('button', { name: 'Watch this condition' }).click();
  const watch = page.getByRole('list', { name: 'Watches' }).getByRole('listitem');
  await expect(watch).toContainText('true since #402');
  await page.getByRole('slider', { name: 'Sequence' }).focus();
  await page.keyboard.press('ArrowLeft');
  await expect(watch).toContainText('false since #0');
  await page.getByRole('tab', { name: 'Find when' }).click();
  await condition.fill('has(state.approved_by) && nonsense');
  await page.keyboard.press('Enter');
  await expect(page.locator('.wrong-text mark')).toHaveText('nonsense');
});

test('watches and conditions are remembered for their workflow', async () => {
  const userData = temporary('watches');
  const args = [`--open=${SAMPLE}`, `--execution=${AGENT}`, '--at=402'];
  const first = await start({ args, userData });
  await first.page.getByRole('tab', { name: 'Watches' }).click();
  await first.page.getByRole('textbox', { name: 'Path to watch' }).fill('/approved_by');
  await first.page.keyboard.press('Enter');
  await first.page.getByRole('tab', { name: 'Find when' }).click();
  await first.page.getByRole('textbox', { name: 'Condition' }).fill('status == "running"');
  await first.page.keyboard.press('Enter');
  await first.page.getByRole('button', { name: 'Watch this condition' }).click();
  await first.idle();
  await first.app.close();
  const second = await start({ args, userData });
  await second.page.getByRole('tab', { name: 'Watches' }).click();
  const watches = second.page.getByRole('list', { name: 'Watches' }).getByRole('listitem');
  await expect(watches).toHaveCount(2);
  await expect(watches.first()).toContainText('status == "running"');
  await expect(watches.last()).toContainText('"kim"');
  await second.app.close();
});

test('the tree shows only what contains a text, counts it, and Enter walks the matches', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  await page.keyboard.press('ControlOrMeta+f');
  const filter = page.getByRole('textbox', { name: 'Filter the state' });
  await expect(filter).toBeFocused();
  await filter.fill('USD');
  const found = page.getByRole('status', { name: 'Found in the state' });
  await expect(found).toHaveText('2 matches');
  const rows = page.getByRole('tree', { name: 'State' }).getByRole('treeitem');
  await expect(rows).toHaveCount(4);
  expect(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-label')))).toEqual(['budget', 'usd', 'cost', 'usd']);
  await expect(rows.locator('mark')).toHaveText(['usd', 'usd']);
  const selected = page.getByRole('treeitem', { selected: true });
  await filter.press('Enter');
  await expect(selected).toHaveAttribute('aria-posinset', '2');
  await filter.press('Enter');
  await expect(selected).toHaveAttribute('aria-posinset', '4');
  await filter.press('Shift+Enter');
  await expect(selected).toHaveAttribute('aria-posinset', '2');
  await filter.fill('/critic/history/1');
  await expect(found).toHaveText('7 matches');
  await filter.fill('nothing like this');
  await expect(found).toHaveText('0 matches');
  await filter.press('Escape');
  await idle();
  await expect(rows.first()).toHaveAttribute('aria-label', 'approved_by');
});
