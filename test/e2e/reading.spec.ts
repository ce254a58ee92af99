import Database from 'better-sqlite3';
import { copyOf, expect, openSample, SAMPLE, start, test } from './fixtures.ts';

const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
const LIMITED = 'c6002cac-eedb-540f-998c-e81927a60548';

test('a changed entry of the audit log is a finding of its run, with what it means and what it does not show', async () => {
  const path = copyOf(SAMPLE);
  const database = new Database(path);
  database.exec(`UPDATE audit_log SET actor_id = 'nooR' WHERE rowid IN (4, 11)`);
  database.close();
  const hindsight = await start({ args: [`--open=${path}`, `--execution=${AGENT}`] });
  const { page } = hindsight;
  await expect(page.locator('.restart')).toContainText('Nothing: the run has ended here (completed).');
  await page.getByRole('button', { name: '1 finding' }).click();
  const finding = page.getByRole('list', { name: 'Findings' }).getByRole('listitem');
  await expect(finding).toContainText('A field of the entry was changed after it was written. It does not show which field, nor by whom.');
  const note = page.getByRole('note', { name: 'Audit log' });
  await expect(note).toContainText('The audit log of the database is broken: 14 entries, 2 breaks, of which 1 concerns this run.');
  await expect(note).toContainText('signatures need a key, so only the command line checks them');
  await finding.getByRole('button', { name: '#156' }).click();
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#156 of 409');
  expect(hindsight.trouble).toEqual([]);
  await hindsight.app.close();
});

test('T11, T16: the status of the row is shown beside the replayed one, and findings lead to their places', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution(LIMITED);
  await expect(page.locator('header.topbar')).toContainText('running at cursor');
  await page.getByRole('button', { name: 'stored as limit exceeded' }).click();
  const findings = page.getByRole('list', { name: 'Findings' });
  await expect(findings.getByRole('listitem')).toContainText('The row of the execution says limit_exceeded');
  await expect(page.getByRole('note', { name: 'Audit log' })).toContainText('The audit log of the database was intact when it was read: 14 entries.');
  await goTo(3);
  await expect(page.getByRole('button', { name: /^stored as/ })).toHaveCount(0);
  await page.getByRole('tab', { name: 'Tree' }).click();
  await page.getByRole('button', { name: '1 finding' }).click();
  await findings.getByRole('button', { name: /^#/ }).click();
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#14 of 14');
});

test('T7: what an unreadable event changed is said to be unknown, and nothing is said to be equal', async () => {
  const copy = copyOf(SAMPLE);
  const database = new Database(copy);
  database.prepare(`UPDATE events SET kind_json = 'not JSON' WHERE execution_id = ? AND sequence = 6`).run(AGENT);
  database.close();
  const hindsight = await start({ args: [`--open=${copy}`, `--execution=${AGENT}`, '--at=6'] });
  const { page } = hindsight;
  await expect(page.getByText('its change is not known')).toBeVisible();
  await expect(page.getByText('no change', { exact: true })).toHaveCount(0);
  await expect(page.getByText('✓ recovery equal')).toHaveCount(0);
  await expect(page.locator('.chip').filter({ hasText: 'incomplete from #6' })).toBeVisible();
  await page.getByRole('tab', { name: 'Diff' }).click();
  await expect(page.getByText('This event cannot be read, so what it changed is not known.')).toBeVisible();
  await page.getByRole('button', { name: 'recovery', exact: true }).click();
  await expect(page.getByText(/The runtime would refuse this execution here because of event 6/)).toBeVisible();
  expect(hindsight.trouble).toEqual([]);
  await hindsight.app.close();
});

test('S14: long texts are read whole and searched, and a changed text shows which words changed', async () => {
  const copy = copyOf(SAMPLE);
  const database = new Database(copy);
  const kind = (text: string): string =>
    JSON.stringify({ type: 'node_completed', node_id: 'write', output: null, state_patch: { essay: text }, duration_ms: 1 });
  const essay = `${'It was a long text. '.repeat(2000)}The needle is here.\nAnd a second line.`;
  const insert = database.prepare(`INSERT INTO events (id, execution_id, sequence, kind_json, created_at) VALUES (?, ?, ?, ?, '2026-06-02T10:00:00+00:00')`);
  insert.run('e1', AGENT, 410, kind(essay));
  insert.run('e2', AGENT, 411, kind(essay.replace('second', 'third')));
  database.close();
  const hindsight = await start({ args: [`--open=${copy}`, `--execution=${AGENT}`, '--at=411'] });
  const { page } = hindsight;
  await page.getByRole('tab', { name: 'Diff' }).click();
  const change = page.getByRole('list', { name: 'Changes' }).getByRole('listitem');
  await expect(change.locator('del')).toHaveText('second');
  await expect(change.locator('ins')).toHaveText('third');
  await page.getByRole('tab', { name: 'Tree' }).click();
  await page.getByRole('treeitem', { name: 'essay', exact: true }).dblclick();
  const reader = page.getByRole('dialog', { name: '/essay at #411' });
  await reader.getByRole('textbox', { name: 'Find in the text' }).fill('NEEDLE');
  await expect(reader.getByRole('status', { name: 'Found' })).toHaveText('1 of 1');
  await expect(reader.locator('mark')).toHaveText('needle');
  await expect(reader.locator('mark')).toBeInViewport();
  await expect(reader).toContainText('And a third line.');
  await page.screenshot({ path: 'test-results/screens/reader.png' });
  await page.keyboard.press('Escape');
  await expect(reader).toHaveCount(0);
  await expect(page.getByRole('treeitem', { name: 'essay', exact: true })).toBeVisible();
  expect(hindsight.trouble).toEqual([]);
  await hindsight.app.close();
});
