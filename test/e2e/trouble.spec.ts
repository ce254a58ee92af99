import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { childrenOf } from '../support/processes.ts';
import { leaveUnfinished } from '../support/unfinished.ts';
import { copyOf, expect, openSample, pictures, ROOT, SAMPLE, start, temporary, test } from './fixtures.ts';

test('M1, M28: a bad file shows its Fault, and the application continues', async ({ hindsight }) => {
  const { page, app } = hindsight;
  const folder = temporary('bad');
  const text = join(folder, 'notes.db');
  writeFileSync(text, 'not a database\n'.repeat(100));
  const cut = copyOf(SAMPLE);
  truncateSync(cut, 100_000);
  for (const [path, sentence] of [
    [text, 'notes.db is not an SQLite database: it is a text file. Choose a JamJet state database, usually runtime.db.'],
    [cut, 'runtime.db is damaged:'],
    [join(folder, 'gone.db'), 'does not exist. Check the path'],
    [folder, 'is a folder, not a database file'],
  ] as const) {
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
    }, path);
    await page.getByRole('button', { name: /Open database/ }).click();
    await expect(page.getByRole('alert')).toContainText(sentence);
  }
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await openSample(hindsight);
});

test('F10: a file that was left in the middle of a write is opened as a copy without that write, on request', async ({ hindsight }) => {
  const { page, app } = hindsight;
  const path = copyOf(SAMPLE);
  leaveUnfinished(path);
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, path);
  await page.getByRole('button', { name: /Open database/ }).click();
  await expect(page.getByRole('alert')).toContainText('runtime.db was left in the middle of a write');
  await pictures(hindsight, 'unfinished-write');
  await page.getByRole('button', { name: 'Open a Copy without that Write' }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  await expect(page.getByRole('list', { name: 'Remarks on the database' })).toContainText('private copy in which that write is undone');
  await pictures(hindsight, 'unfinished-write-undone');
  expect(existsSync(`${path}-journal`)).toBe(true);
});

test('F1: a killed engine is restarted, and the cursor is restored', async ({ hindsight }) => {
  const { page, app, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('9f31c2d4');
  await goTo(333);
  await expect.poll(async () => page.evaluate(() => document.title)).toContain('runtime.db');
  const main = app.process().pid as number;
  for (let round = 0; round < 2; round++) {
    const engine = childrenOf(main).find(({ command }) => command.includes('engine.cjs'));
    if (engine === undefined) throw new Error('there is no engine process');
    process.kill(engine.pid, 'SIGKILL');
    await expect.poll(() => childrenOf(main).find(({ command }) => command.includes('engine.cjs'))?.pid ?? engine.pid).not.toBe(engine.pid);
    await expect(page.getByRole('status', { name: 'Notice' })).toContainText('was restarted');
    await hindsight.idle();
    await expect(page.getByRole('status', { name: 'Cursor' })).toContainText(`#${333 + round} of 409`);
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('status', { name: 'Cursor' })).toContainText(`#${334 + round} of 409`);
  }
});

test('F3: while a query never ends the window answers, the query is stopped at its limit, and other databases are shown', async () => {
  const hindsight = await start({ env: { HINDSIGHT_SILENCE: '8000' } });
  const { page, app } = hindsight;
  const path = copyOf(SAMPLE);
  const database = new Database(path);
  database.exec(`PRAGMA foreign_keys = OFF; ALTER TABLE events RENAME TO kept;
    CREATE VIEW events AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
      SELECT id, execution_id, sequence, kind_json, created_at FROM kept, n WHERE i = -1`);
  database.close();
  await openSample(hindsight);
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, path);
  await page.getByRole('button', { name: /^Open…/ }).click();
  // The window answers while the engine cannot. The list of the opened file, which may come just then, takes the place of a dialog.
  await expect(async () => {
    if (!(await page.getByRole('dialog').isVisible())) await page.keyboard.press('ControlOrMeta+k');
    await expect(page.getByRole('dialog')).toBeVisible({ timeout: 1000 });
  }).toPass();
  expect(await page.getByText('took too long and was stopped').count()).toBe(0);
  await page.keyboard.press('Escape');
  await expect(page.getByText('took too long and was stopped').first()).toBeVisible({ timeout: 60_000 });
  // It is not asked for again by itself, and the sample is as it was.
  await page.getByRole('navigation', { name: 'Tabs' }).getByRole('button').first().click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  await hindsight.openExecution('9f31c2d4');
  await app.close();
});

test('M1, M2: the options of the application open an execution; private copies are removed at the end, those of a killed process at the next start', async () => {
  const path = copyOf(SAMPLE);
  const temp = temporary('tmp');
  const left = join(temp, 'hindsight-copy-999999-x');
  mkdirSync(left);
  const copies = (): string[] => readdirSync(temp).filter((name) => name.startsWith('hindsight-copy-'));
  const hindsight = await start({ args: [`--open=${path}`, '--execution=exec_9f31', '--at=205'], env: { TMPDIR: temp } });
  await expect(hindsight.page.getByRole('status', { name: 'Cursor' })).toContainText('#205 of 409');
  expect(copies()).toHaveLength(1);
  expect(existsSync(left)).toBe(false);
  await hindsight.app.close();
  expect(copies()).toEqual([]);
  expect(readdirSync(dirname(path))).toEqual(['runtime.db']);
});

test('recent files are remembered; one that no longer exists is shown as missing', async () => {
  const userData = temporary('user');
  const path = copyOf(SAMPLE);
  const first = await start({ args: [`--open=${path}`], userData });
  await expect(first.page.getByRole('status', { name: 'Shown' })).toContainText('60 of 60');
  await first.app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, path);
  await first.page.getByRole('button', { name: /^Open…/ }).click();
  await first.idle();
  await first.page.getByRole('button', { name: 'Close', exact: true }).click();
  await first.page.getByRole('heading', { name: 'Hindsight' }).waitFor();
  await first.idle();
  await first.app.close();
  const second = await start({ userData });
  await second.page
    .getByRole('button', { name: /runtime\.db/ })
    .first()
    .click();
  await expect(second.page.getByRole('status', { name: 'Shown' })).toContainText('60 of 60');
  await second.app.close();
  rmSync(path);
  const third = await start({ userData });
  await expect(third.page.getByText(`missing · ${dirname(path)}`)).toBeVisible();
  await third.app.close();
});

test('F31: settings that cannot be read are renamed, and the application starts', async () => {
  const userData = temporary('user');
  writeFileSync(join(userData, 'settings.json'), '{');
  const hindsight = await start({ userData });
  await expect(hindsight.page.getByRole('heading', { name: 'Hindsight' })).toBeVisible();
  await hindsight.app.close();
  expect(readdirSync(userData)).toContain('settings.json.unreadable');
});

test('F1: the engine also runs in the utility process', async () => {
  const hindsight = await start({ env: { HINDSIGHT_ENGINE: 'utility', HINDSIGHT_MEMORY: '1' } });
  const { page, goTo } = hindsight;
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('1 of 1 shown');
  await hindsight.openExecution('00000000');
  await goTo(11);
  await expect(page.getByRole('tree', { name: 'State' }).getByRole('treeitem', { name: 'score', exact: true })).toContainText('9007199254740993');
  const main = hindsight.app.process().pid as number;
  const engine = childrenOf(main).find(({ command }) => command.includes('--utility-sub-type=node.mojom.NodeService'));
  if (engine === undefined) throw new Error('there is no utility process');
  process.kill(engine.pid, 'SIGKILL');
  await expect(page.getByRole('status', { name: 'Notice' })).toContainText('was restarted');
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#11 of 12');
  await hindsight.app.close();
});

test('M6, M8: a hundred thousand events are opened, scrubbed and listed with few elements', async () => {
  test.setTimeout(180_000);
  const path = join(temporary('large'), 'large.db');
  expect(spawnSync(process.execPath, [join(ROOT, 'scripts', 'sample.ts'), '--events', '100000', '--out', path]).status).toBe(0);
  const hindsight = await start({ args: [`--open=${path}`] });
  const { page, goTo, idle } = hindsight;
  await hindsight.openExecution('9f31c2d4');
  const slider = page.getByRole('slider', { name: 'Sequence' });
  const last = Number(await slider.getAttribute('aria-valuemax'));
  expect(last).toBeGreaterThan(95_000);
  for (const sequence of [50_000, 1, last, 77_777]) {
    await goTo(sequence);
    await expect(page.getByRole('grid', { name: 'Events' }).getByRole('row', { selected: true })).toContainText(String(sequence));
  }
  await page.getByRole('grid', { name: 'Events' }).evaluate((grid) => {
    grid.scrollTop = grid.scrollHeight;
  });
  await idle();
  await expect(page.getByRole('grid', { name: 'Events' }).getByRole('row').last()).toContainText('workflow completed');
  expect(await page.locator('*').count()).toBeLessThan(3000);
  await hindsight.app.close();
});
