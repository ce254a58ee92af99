/**
 * `npm run test:faults -- [--json] [--long] [F1 F7 …]`: everything that can go wrong, row by row, with the number of tries and of
 * those in which a promise of docs/reliability.md was broken. A test belongs to the rows that its title, or that of a group
 * around it, begins with: `F9: …`. A row of which a test was not run is not ok.
 */
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { fail, say } from './say.ts';
import { type PlaywrightReport, specsOf, type VitestReport } from './test-reports.ts';

const ROOT = join(import.meta.dirname, '..');
const VITEST = join(ROOT, 'test-results', 'faults.json');
const PLAYWRIGHT = join(ROOT, 'test-results', 'e2e.json');

const NAMES = [
  'the engine is killed in the middle of a query',
  'the engine is killed after every message',
  'a query never ends',
  'the engine has too little memory',
  'the page crashes',
  'the file is truncated',
  'bits are flipped',
  'a page is zeroed',
  'the path is no database',
  'a writer died inside a transaction',
  'a log database that nobody has open',
  'a log that a dead writer left',
  'a log database in a read-only folder',
  'a writer appends to a log database',
  'a writer has the file locked',
  'a writer without a log is not disturbed',
  'the file is replaced, deleted or overwritten',
  'the application opens the file itself',
  'an event is not valid JSON',
  'events are missing',
  'sequences are no numbers, or occur twice',
  'events are out of order',
  'the kind of an event is unknown',
  'a patch is no object, or has nothing to change',
  'the fold is not deterministic',
  'a state of 50 MB',
  'ten million events',
  'one huge event, key or object',
  'the disk is full',
  'the target of an export cannot be used',
  'the settings cannot be read or written',
  'the server restarts',
  'a connection is terminated',
  'the server is silent, or the connection is cut',
  'TLS cannot be trusted',
  'the login or a table is refused',
  'a statement takes too long, or waits for a lock',
  'what is debugged cannot be written to',
  'transactions end in another order',
  'closing while busy, twice, and use afterwards',
  'two faults at once',
  'the storm',
] as const;

interface Row {
  tries: number;
  lost: number;
  size: string | undefined;
  failed: string | undefined;
  readonly files: Set<string>;
}

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' }, long: { type: 'boolean' } }, allowPositionals: true });
const all = NAMES.map((_, i) => `F${i + 1}`);
for (const id of positionals) if (!all.includes(id)) fail(`there is no row ${id}; the rows are F1 to F${all.length}`);
const wanted = positionals.length === 0 ? all : all.filter((id) => positionals.includes(id));

/** The rows that a title begins with. */
function rowsOf(title: string): string[] {
  const [ids = ''] = /^[A-Z]+\d+(, [A-Z]+\d+)*(?=: )/.exec(title) ?? [];
  return ids.split(', ').filter((id) => wanted.includes(id));
}

/** The wanted rows of each file of tests. */
function filesOf(pattern: string): Map<string, readonly string[]> {
  return new Map(
    globSync(pattern, { cwd: ROOT })
      .sort()
      .map((file) => {
        const titles = readFileSync(join(ROOT, file), 'utf8').matchAll(/['`]([A-Z]+\d+(?:, [A-Z]+\d+)*: )/g);
        return [file, [...new Set([...titles].flatMap(([, title = '']) => rowsOf(title)))]] as const;
      }),
  );
}

const tests = filesOf('test/**/*.test.{ts,tsx}');
const specs = filesOf('test/e2e/*.spec.ts');
const rows = new Map<string, Row>(wanted.map((id) => [id, { tries: 0, lost: 0, size: undefined, failed: undefined, files: new Set() }]));

function count(titles: readonly string[], file: string, passed: boolean, tries = 1, lost = 0, size?: string): void {
  for (const id of new Set(titles.flatMap(rowsOf))) {
    const row = rows.get(id) as Row;
    row.files.add(relative(ROOT, file));
    row.tries += tries;
    row.lost += passed ? 0 : Math.max(1, lost);
    row.size ??= size;
    if (!passed) row.failed ??= `failed: ${titles.join(' ')}`;
  }
}

function run(command: string, args: readonly string[], result: string, env: Readonly<Record<string, string>> = {}): number | null {
  mkdirSync(join(ROOT, 'test-results'), { recursive: true });
  rmSync(result, { force: true });
  // What the tests print is no part of the table.
  return spawnSync(command, args, { cwd: ROOT, stdio: ['inherit', 2, 2], env: { ...process.env, ...env } }).status;
}

/** What a tier wrote; nothing if it did not run. */
function read<T>(result: string): T | undefined {
  try {
    return JSON.parse(readFileSync(result, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

const ids = `(${wanted.map((id) => id.slice(1)).join('|')})`;
let others = 0;
const isAll = positionals.length === 0;
const files = [...tests].flatMap(([file, has]) => (has.length > 0 || (isAll && file.startsWith(join('test', 'faults'))) ? [file] : []));
if (files.length > 0) {
  const only = isAll ? [] : ['-t', `\\bF${ids}[,:]`];
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${VITEST}`];
  const status = run(
    join(ROOT, 'node_modules', '.bin', 'vitest'),
    ['run', ...files, ...only, ...reporters],
    VITEST,
    values.long ? { HINDSIGHT_LONG: '1' } : {},
  );
  for (const { name, assertionResults } of read<VitestReport>(VITEST)?.testResults ?? []) {
    for (const { ancestorTitles, title, status: outcome, meta } of assertionResults) {
      if (outcome !== 'passed' && outcome !== 'failed') continue;
      count([...ancestorTitles, title], name, outcome === 'passed', meta?.tries, meta?.lost, meta?.size);
    }
  }
  if (status !== 0) others = status ?? 1;
}

const windows = [...specs].flatMap(([file, has]) => (has.length > 0 ? [file] : []));
if (windows.length > 0) {
  const status = run(process.execPath, [join(ROOT, 'scripts', 'e2e.ts'), ...windows, '-g', `\\bF${ids}[,:]`], PLAYWRIGHT);
  for (const { title, file, tests: outcomes } of specsOf(read<PlaywrightReport>(PLAYWRIGHT)?.suites ?? [])) {
    for (const { status: outcome, results } of outcomes) {
      if (outcome !== 'skipped') count([title], join(ROOT, 'test', 'e2e', file), outcome === 'expected', Math.max(1, results.length));
    }
  }
  if (status !== 0) others = status ?? 1;
}

let isOk = others === 0;
for (const [id, row] of rows) {
  const unrun = [...tests, ...specs].flatMap(([file, has]) => (has.includes(id) && !row.files.has(file) ? [file] : []));
  const why = row.tries === 0 ? 'no test was run' : (row.failed ?? (unrun.length > 0 ? `not run: ${unrun.join(', ')}` : undefined));
  if (why !== undefined) say(`${id}: ${why}`);
  const line = { id, tries: row.tries, lost: row.lost, ok: why === undefined, ...(row.size !== undefined && { size: row.size }) };
  isOk &&= line.ok;
  const words = [id.padEnd(4), String(row.tries).padStart(7), String(row.lost).padStart(5), line.ok ? 'ok   ' : 'NO   ', NAMES[Number(id.slice(1)) - 1]];
  console.log(values.json ? JSON.stringify(line) : words.join(' ') + (row.size === undefined ? '' : ` (${row.size})`));
}
if (others !== 0) say('A test failed; see above.');
process.exit(isOk ? 0 : 1);
