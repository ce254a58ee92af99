import AxeBuilder from '@axe-core/playwright';
import Database from 'better-sqlite3';
import { copyOf, expect, openSample, pictures, SAMPLE, start, temporary, test } from './fixtures.ts';

const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';

interface StoredEvent {
  readonly sequence: number;
  readonly kind_json: string;
}

/** The sum of fields up to a sequence, in units of 10^-9, which the sample's numbers are whole multiples of. */
function sumOf(fields: readonly string[], upTo: number): bigint {
  const database = new Database(copyOf(SAMPLE), { readonly: true });
  const rows = database.prepare('SELECT sequence, kind_json FROM events WHERE execution_id = ? ORDER BY sequence').all(AGENT) as StoredEvent[];
  database.close();
  let sum = 0n;
  for (const { sequence, kind_json } of rows) {
    const event = JSON.parse(kind_json) as { readonly type: string; readonly [field: string]: unknown };
    if (sequence > upTo || !/^(node|agent_tool)_completed$/.test(event.type)) continue;
    for (const field of fields) sum += BigInt(Math.round(Number(event[field] ?? 0) * 1e9));
  }
  return sum;
}

test('B7: tracks below the lanes show exact sums at the cursor, which follow it and are chosen in a menu', async ({ hindsight }) => {
  const { page, goTo, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  const tracks = page.getByRole('list', { name: 'Tracks' });
  const row = (name: string) => tracks.getByRole('listitem').filter({ hasText: name });
  for (const at of [402, 57, 0]) {
    await goTo(at);
    const tokens = sumOf(['input_tokens', 'output_tokens'], at) / 10n ** 9n;
    await expect(row('tokens').locator('.track-value')).toHaveText(tokens.toLocaleString('en'));
    const dollars = String(sumOf(['cost_usd', 'total_cost'], at)).padStart(10, '0');
    const text = `${dollars.slice(0, -9)}.${dollars.slice(-9)}`.replace(/\.?0+$/, '');
    // Most calls of the sample have no cost, so the sum is only a part.
    await expect(row('cost').locator('.track-value')).toHaveText(at === 0 ? '$0' : `≥ $${text}`);
    await expect(row('cost').locator('.track-name')).toHaveAttribute('title', /at the end ≥ \$0\.0034/);
  }
  await page.getByRole('button', { name: 'Choose tracks' }).click();
  for (const name of ['work of nodes', 'retries', 'state size']) await page.getByRole('menuitemcheckbox', { name }).click();
  await page.keyboard.press('Escape');
  await expect(tracks.getByRole('listitem')).toHaveCount(5);
  await expect(row('state size')).toContainText('B');
  await row('retries').getByRole('button').first().focus();
  await page.keyboard.press('Delete');
  await expect(tracks.getByRole('listitem')).toHaveCount(4);
  await goTo(402);
  await idle();
});

test('B7: any number of the state is a track, and what is not a number is said', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await goTo(402);
  const tree = page.getByRole('tree', { name: 'State' });
  const limit = tree.getByRole('treeitem', { name: 'limit_eur', exact: true });
  await limit.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show as a track' }).click();
  const track = page.getByRole('list', { name: 'Tracks' }).getByRole('listitem').filter({ hasText: '/limit_eur' });
  // No double is this number.
  await expect(track.locator('.track-value')).toHaveText('9007199254740993');
  await goTo(0);
  await expect(track.locator('.track-value')).toHaveText('no value');
  await goTo(402);
  await page.getByRole('button', { name: 'Hide the track /limit_eur' }).click({ force: true });
  await page.getByRole('tab', { name: 'Watches' }).click();
  for (const path of ['/cost/usd', '/critic/score']) {
    await page.getByRole('textbox', { name: 'Path to watch' }).fill(path);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: `Show ${path} as a track` }).click();
  }
  await page.getByRole('tab', { name: 'Find when' }).click();
  await page.getByRole('textbox', { name: 'Condition' }).fill('has(state.critic) && state.critic.score > 0.9');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Watch this condition' }).click();
  await page.getByRole('button', { name: 'Stop playing when /cost/usd changes' }).click();
  await page.getByRole('slider', { name: 'Sequence' }).focus();
  await pictures(hindsight, 'tracks');
  const found = await new AxeBuilder({ page }).setLegacyMode(true).disableRules(['label-content-name-mismatch']).analyze();
  expect(found.violations.filter(({ impact }) => impact !== 'minor').map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  // A string has no such entry.
  await tree.getByRole('treeitem', { name: 'approved_by', exact: true }).click({ button: 'right' });
  await expect(page.getByRole('menuitem', { name: 'Watch' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'Show as a track' })).toHaveCount(0);
});

test('B7: tracks are remembered between starts, paths for their workflow', async () => {
  const userData = temporary('tracks');
  const args = [`--open=${SAMPLE}`, `--execution=${AGENT}`, '--at=402'];
  const first = await start({ args, userData });
  const names = (page: typeof first.page) => page.getByRole('list', { name: 'Tracks' }).locator('.track-label');
  await expect(names(first.page)).toHaveText(['tokens', 'cost']);
  await first.page.getByRole('tree', { name: 'State' }).getByRole('treeitem', { name: 'limit_eur', exact: true }).click({ button: 'right' });
  await first.page.getByRole('menuitem', { name: 'Show as a track' }).click();
  await first.page.getByRole('button', { name: 'Hide the track tokens' }).click({ force: true });
  await expect(names(first.page)).toHaveText(['cost', '/limit_eur']);
  await first.idle();
  await first.app.close();
  const second = await start({ args, userData });
  await expect(names(second.page)).toHaveText(['cost', '/limit_eur']);
  await second.app.close();
});

test('M21: the legend of categories counts the events in view, and filters the list and the timeline', async ({ hindsight }) => {
  const { page, idle } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  const legend = page.getByRole('group', { name: 'Categories in view' });
  const filter = page.getByRole('textbox', { name: 'Filter events' });
  await legend.getByRole('button', { name: /^node,/ }).click();
  await expect(filter).toHaveValue('category:node');
  await legend.getByRole('button', { name: /^lifecycle,/ }).click({ modifiers: ['ControlOrMeta'] });
  await expect(filter).toHaveValue('(category:node OR category:lifecycle)');
  await expect(legend.getByRole('button', { pressed: true })).toHaveCount(2);
  await idle();
  await expect(page.getByRole('img', { name: /matches in view/ })).toBeVisible();
  await legend.getByRole('button', { name: /^node,/ }).click({ modifiers: ['ControlOrMeta'] });
  await expect(filter).toHaveValue('category:lifecycle');
  await legend.getByRole('button', { name: /^lifecycle,/ }).click();
  await expect(filter).toHaveValue('');
});

test('M21: the timeline shows when a condition holds, until it is cleared', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(AGENT);
  await page.getByRole('tab', { name: 'Find when' }).click();
  await page.getByRole('textbox', { name: 'Condition' }).fill('has(state.approved_by)');
  await page.keyboard.press('Enter');
  const row = page.locator('.condition-row');
  await expect(row).toContainText('true since #402');
  await page.getByRole('slider', { name: 'Sequence' }).focus();
  await goTo(401);
  await expect(row).toContainText('false since #0');
  await page.getByRole('button', { name: 'Clear the condition' }).click();
  await expect(row).toHaveCount(0);
});
