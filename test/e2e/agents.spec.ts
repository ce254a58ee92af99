import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import { expect, openSample, pictures, ROOT, start, temporary, test } from './fixtures.ts';

/** A copy of what a real server wrote of twelve agents. */
function agents(): string {
  const path = join(temporary('db'), 'agents.db');
  writeFileSync(path, gunzipSync(readFileSync(join(ROOT, 'test', 'golden', 'agents-0.5.0.db.gz'))));
  return path;
}

const REJECTED = 'a379051c-3407-44af-bb2e-be254227b04b';
const LONG = 'c17a4073-3453-4252-9ccc-fa52ec773083';

test('B21, B22: a failed agent says why, and what its model was sent at the cursor, what is new in it, and what was not sent', async () => {
  const hindsight = await start({ args: [`--open=${agents()}`, `--execution=${REJECTED}`, '--at=14'] });
  const { page, goTo } = hindsight;
  try {
    await page.getByRole('slider', { name: 'Sequence' }).waitFor();
    const why = page.getByRole('region', { name: 'Why it failed' });
    await expect(why).toContainText('Failed at #21: kim rejected tools, turn 1 at #20 (“looked at it”). The model had asked for refund_order at #14.');
    await why.getByRole('button', { name: 'the chain' }).click();
    await expect(why.getByRole('list', { name: 'The chain of causes' }).getByRole('listitem')).toHaveCount(5);

    await page.getByRole('tab', { name: 'Conversation' }).click();
    const sent = page.getByRole('region', { name: 'What the model was sent' });
    await expect(sent.getByRole('article')).toHaveCount(5);
    await expect(sent.getByRole('article', { name: 'Message 3, user' })).toContainText('case 0: <b>x</b>');
    await expect(sent.getByRole('article', { name: 'Message 5, user, new' })).toContainText('tool → user');
    await expect(sent.getByRole('article', { name: 'Message 4, assistant, new' })).toContainText('search_docs(');
    await expect(sent.getByRole('region', { name: 'Answer' })).toContainText('refund_order(');
    await expect(sent.getByRole('region', { name: 'In the state, but not sent' })).toContainText('1 tool call of the assistant');
    await expect(sent.getByRole('region', { name: 'Sent, though not in the state' })).toContainText('The system prompt twice');
    expect(await page.locator('.message b b').count()).toBe(0);
    await pictures(hindsight, 'agent-failed');
    const unsent = sent.getByRole('region', { name: 'In the state, but not sent' });
    await unsent.getByText(/^Show (it|all \d+)$/).click();
    const other = unsent.getByRole('list', { name: 'Values' }).getByRole('button').first();
    const key = (await other.textContent()) ?? '';
    await other.click();
    await expect(page.getByRole('tree', { name: 'State' }).getByRole('treeitem', { selected: true, name: key, exact: true })).toBeVisible();
    await page.getByRole('tab', { name: 'Conversation' }).click();

    await page.getByRole('slider', { name: 'Sequence' }).focus();
    await page.keyboard.press('Shift+T');
    await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#12 of 22');
    await page.keyboard.press('Shift+T');
    await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#4 of 22');
    await page.keyboard.press('t');
    await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#12 of 22');
    await goTo(8);
    await expect(sent.getByRole('article')).toHaveCount(3);
    await goTo(3);
    await expect(page.getByText('No model was started at or before #3.')).toBeVisible();
    await why.getByRole('button', { name: '#20' }).first().click();
    await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#20 of 22');
    expect(hindsight.trouble).toEqual([]);
  } finally {
    await hindsight.app.close();
  }
});

test('B21: a long conversation folds what is as before, and steps from call to call', async () => {
  const hindsight = await start({ args: [`--open=${agents()}`, `--execution=${LONG}`] });
  const { page } = hindsight;
  try {
    await page.getByRole('slider', { name: 'Sequence' }).waitFor();
    await page.keyboard.press('v');
    await page.keyboard.press('End');
    const sent = page.getByRole('region', { name: 'What the model was sent' });
    await sent.getByRole('button', { name: /messages as before/ }).waitFor();
    await pictures(hindsight, 'conversation');
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      await hindsight.idle();
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('.conversation').include('.why').analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    }
    const shown = await sent.getByRole('article').count();
    await sent.getByRole('button', { name: /messages as before/ }).click();
    expect(await sent.getByRole('article').count()).toBeGreaterThan(shown);
    await page.getByRole('button', { name: 'The call before' }).click();
    await expect(page.getByText(/^call \d+ of \d+/)).toContainText('call 7 of 8');
    expect(hindsight.trouble).toEqual([]);
  } finally {
    await hindsight.app.close();
  }
});

test('B22: runs are grouped by cause, a cause opens its newest runs and all of them in the list, and outliers are marked', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  const grid = page.getByRole('grid', { name: 'Executions' });
  await expect(grid.getByRole('row').filter({ hasText: 'Waits for a person to decide about review' })).toHaveCount(1);
  // Fourteen runs of the workflow completed, of which three waited for a person.
  await page.getByRole('combobox', { name: 'Workflow' }).selectOption('invoice-intake');
  await expect(grid.getByRole('img', { name: /^An outlier, the median is \d/ }).first()).toBeVisible();
  await page.screenshot({ path: 'test-results/screens/executions-outliers.png' });
  await page.getByRole('button', { name: 'Clear all' }).click();
  await page.getByRole('button', { name: 'By cause' }).click();
  const causes = page.getByRole('table', { name: 'Causes' });
  await expect(page.getByRole('status', { name: 'Found' })).toContainText('25 of 60 · 20 causes · 35 completed · all 60 looked at in');
  const limited = causes.getByRole('row').filter({ hasText: 'read rate limited' });
  await expect(limited.getByRole('cell').first()).toHaveText('3');
  await expect(limited).toContainText('triage');
  await limited.getByRole('button').click();
  const runs = page.getByRole('list', { name: /^Runs of the cause: read rate limited/ });
  await expect(runs.getByRole('listitem')).toHaveCount(4);
  await pictures(hindsight, 'causes');
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await hindsight.idle();
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('.causes').include('.filters').include('.statusbar').analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  await runs.getByRole('button', { name: 'Show 3 runs in the list' }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('3 of 60 shown');
  await expect(page.getByRole('region', { name: 'Filters' }).getByRole('button', { name: /^cause: read rate limited/ })).toBeVisible();
  await page.getByRole('button', { name: 'By cause' }).click();
  await limited.getByRole('button').click();
  await runs.getByRole('listitem').first().getByRole('button').click();
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#8 of 9');
  await expect(page.getByRole('region', { name: 'Why it failed' })).toContainText('read gave up after 3 attempts, rate limited');
});

test('B24: the approvals of a database and of a run are listed, pending first, and a decision says where its edit was lost', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  await page.getByRole('button', { name: 'Approvals' }).click();
  await expect(page.getByRole('status', { name: 'Found' })).toContainText('1 waiting, 15 approvals in all · all 60 looked at in');
  const all = page.getByRole('list', { name: 'Approvals' });
  await expect(all.getByRole('listitem')).toHaveCount(15);
  await expect(all.getByRole('listitem').first()).toContainText(
    'credit-team was asked about payments.hold at review (waits for credit-team). Nobody has decided yet.',
  );
  await pictures(hindsight, 'approvals');
  await all.getByRole('button').filter({ hasText: 'kim approved it after 34 m' }).click();
  const dossier = page.getByRole('region', { name: 'Approval' });
  await expect(dossier).toContainText('credit-team was asked about refund_order at __tools_2__ (#29). kim approved it after 34 m 0 s');
  const edits = dossier.getByRole('list', { name: 'Edits' }).getByRole('listitem');
  await expect(edits).toHaveCount(2);
  await expect(edits.first()).toContainText('lost at #32, written by tools, turn 2');
  await expect(dossier.getByRole('list', { name: 'What ran then' }).getByRole('listitem')).toHaveText(['#31 node scheduled', '#32 node completed']);
  await dossier.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await pictures(hindsight, 'dossier');
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await hindsight.idle();
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).include('.dossier').analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
  await edits.first().getByRole('button', { name: '#32' }).click();
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#32 of 45');
  await page.getByRole('tab', { name: 'Approvals' }).click();
  const ofRun = page.getByRole('list', { name: 'Approvals' }).getByRole('listitem');
  await expect(ofRun).toHaveCount(2);
  await ofRun.filter({ hasText: 'noor' }).getByRole('button').click();
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#41 of 45');
});

test('B21: the diff is that of the whole turn at the cursor, and follows the cursor from turn to turn', async ({ hindsight }) => {
  const { page } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('4d4a7f10');
  await hindsight.goTo(15);
  await page.keyboard.press('d');
  await page.getByRole('combobox', { name: 'Compared with' }).selectOption('turn');
  await expect(page.getByText('turn 1, #12 to #21')).toBeVisible();
  const changes = page.getByRole('list', { name: 'Changes' });
  // The model's question and the answers of its two tools.
  await expect(changes.getByRole('listitem').filter({ hasText: '/messages/' })).toHaveCount(3);
  await pictures(hindsight, 'turn-diff');
  await page.keyboard.press('t');
  await expect(page.getByText('turn 2, #22 to #32')).toBeVisible();
  await expect(changes.getByRole('listitem').filter({ hasText: '/messages/' })).toHaveCount(2);
  await hindsight.goTo(2);
  await expect(page.getByText('No turn of an agent began at or before #2.')).toBeVisible();
});

test('B21: the log reads as a story, a line for each turn, and a line goes to its events', async () => {
  const hindsight = await start({ args: [`--open=${agents()}`, `--execution=${REJECTED}`, '--at=14'] });
  const { page } = hindsight;
  try {
    await page.getByRole('slider', { name: 'Sequence' }).waitFor();
    await page.getByRole('button', { name: 'Story' }).click();
    const story = page.getByRole('list', { name: 'Story' });
    const lines = story.getByRole('listitem');
    await expect(lines.first()).toContainText('Start');
    await expect(lines.filter({ hasText: 'Turn 1' })).toHaveAttribute('aria-current', 'true');
    await expect(lines.filter({ hasText: 'Turn 1' })).toContainText('kim rejected');
    await pictures(hindsight, 'story');
    await lines.filter({ hasText: 'Turn 0' }).getByRole('button').first().click();
    await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#4 of 22');
    await expect(lines.filter({ hasText: 'Turn 0' })).toHaveAttribute('aria-current', 'true');
    await story.focus();
    await page.keyboard.press('ArrowDown');
    await expect(lines.filter({ hasText: 'Turn 1' })).toHaveAttribute('aria-current', 'true');
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().include('.events').analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    await page.keyboard.press('y');
    await expect(page.getByRole('grid', { name: 'Events' })).toBeVisible();
    expect(hindsight.trouble).toEqual([]);
  } finally {
    await hindsight.app.close();
  }
});
