import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { momentAt } from '../../core/debugger/answers/moments.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { FaultError } from '../../core/fault.ts';
import { readEvent } from '../../core/jamjet/event.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { readJson } from '../../core/json/read.ts';
import { applyEvent, origin } from '../../core/replay/fold.ts';
import { discard, type PreparedFile, prepareSqlite } from '../../core/source/sqlite/prepare.ts';
import { SqliteSource } from '../../core/source/sqlite/source.ts';
import { CONTENTS, type ContentKind, disturb } from './fuzz-content.ts';
import { MADE_AT } from './made-sources.ts';

const DAMAGES = ['bytes', 'header', 'cell', 'page', 'index', 'swap', 'duplicate', 'truncate', 'log'] as const;
type DamageKind = (typeof DAMAGES)[number];

/** What is done to a database. */
export const FUZZ_KINDS = [...DAMAGES, ...CONTENTS] as const;
export type FuzzKind = (typeof FUZZ_KINDS)[number];

const BASES = ['rollback', 'wal', 'small-pages', 'log'] as const;
type Base = (typeof BASES)[number];

const RUNS = ['run-a', 'run-b', 'run-c'];
const EVENTS = 160;

/** What became of one seed. `marked`: a state with a mark; `complete`: the state that the table gives, without one. */
type Outcome = 'fault' | 'marked' | 'complete' | 'wrong as complete' | 'crash' | 'changed folder' | 'left files';

export interface FuzzResult {
  readonly outcome: Outcome;
  readonly description: string;
}

/** The bases, made once in a folder. Private copies are made in another one, so that those that stay are found. */
export class FuzzBases {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hindsight-fuzz-'));
  readonly #made = new Set<Base>();
  readonly #temporary = process.env['TMPDIR'];

  constructor() {
    const copies = join(this.#folder, 'copies');
    mkdirSync(copies);
    process.env['TMPDIR'] = copies;
  }

  /** The folder of a copy of the base for one seed. */
  copy(base: Base, seed: number): string {
    const folder = join(this.#folder, `${seed}`);
    const from = join(this.#folder, base);
    if (!this.#made.has(base)) makeBase(from, base);
    this.#made.add(base);
    copyFolder(from, folder);
    return folder;
  }

  /** What the application has left in its folder for temporary files. */
  get left(): readonly string[] {
    return readdirSync(join(this.#folder, 'copies'));
  }

  remove(): void {
    if (this.#temporary === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = this.#temporary;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A pseudo-random sequence (mulberry32), so that each seed is the same on every machine. */
function randomOf(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/**
 * Damages a copy of a base, opens it, and compares what is shown with what the tables contain.
 *
 * @param only what is done to it, instead of something that the seed chooses.
 */
export async function fuzzOne(bases: FuzzBases, seed: number, only?: FuzzKind | ((path: string) => string)): Promise<FuzzResult & { readonly folder: string }> {
  const random = randomOf(seed);
  const base = BASES[random(BASES.length)] as Base;
  const chosen = FUZZ_KINDS[random(FUZZ_KINDS.length)] as FuzzKind;
  const kind = typeof only === 'string' ? only : chosen;
  const folder = bases.copy(base, seed);
  const path = join(folder, 'runtime.db');
  const done = typeof only === 'function' ? only(path) : isContent(kind) ? disturb(path, kind, random) : damage(path, kind, random);
  const description = `${base}, ${kind}: ${done}`;
  const before = contents(folder);
  const left = bases.left.length;
  const live = random(2) === 0;
  const after = (outcome: Outcome): Outcome => (before !== contents(folder) ? 'changed folder' : bases.left.length > left ? 'left files' : outcome);
  try {
    return { outcome: after(await look(path, live)), description, folder };
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.kind === 'internal') return { outcome: 'crash', description: `${description}: ${String(error)}`, folder };
    return { outcome: after('fault'), description, folder };
  }
}

function isContent(kind: FuzzKind): kind is ContentKind {
  return (CONTENTS as readonly string[]).includes(kind);
}

async function look(path: string, live: boolean): Promise<Outcome> {
  const prepared = await prepareSqlite(path);
  // A closed WAL database is copied when it is small; read in place it is as a large one would be.
  const file: PreparedFile = live && prepared.access === 'copy' && !existsSync(`${path}-wal`) ? { ...prepared, path, access: 'immutable' } : prepared;
  let source: SqliteSource | undefined;
  try {
    source = await SqliteSource.open(file);
    let worst: Outcome = 'complete';
    for (const run of RUNS) {
      const outcome = await lookAt(source, run, file);
      if (outcome === 'wrong as complete') return outcome;
      if (outcome !== 'complete') worst = outcome;
    }
    return worst;
  } finally {
    source?.close();
    await discard(prepared);
  }
}

async function lookAt(source: SqliteSource, run: string, file: PreparedFile): Promise<Outcome> {
  const shown = await attempt(async () => {
    const open = await OpenExecution.open(source, run);
    await open.index();
    await open.checkIntegrity();
    const moment = await momentAt(open, open.lastSequence, 'replay');
    const mark = moment.incompleteFrom;
    // What comes before the mark is shown as complete.
    const last = mark === undefined ? moment : await momentAt(open, Math.max(0, mark - 1), 'replay');
    return { state: canonicalJson(last.currentState), status: last.status, mark };
  });
  if (shown === undefined) return 'fault';
  const { mark } = shown;
  if (mark === 0) return 'marked';
  const expected = fromTables(file, run, mark === undefined ? undefined : mark - 1);
  if (mark !== undefined)
    return expected === undefined || (expected.state === shown.state && expected.status === shown.status) ? 'marked' : 'wrong as complete';
  return expected?.state === shown.state && expected.status === shown.status ? 'complete' : 'wrong as complete';
}

async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof FaultError && error.fault.kind !== 'internal') return undefined;
    throw error;
  }
}

/** The state at `to` by a plain reading of the tables, without any index; undefined when SQLite cannot read them. */
function fromTables(file: PreparedFile, run: string, to = Number.MAX_SAFE_INTEGER): { readonly state: string; readonly status: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'hindsight-fuzz-'));
  const copy = join(folder, 'copy.db');
  try {
    copyFileSync(file.path, copy);
    if (existsSync(`${file.path}-wal`)) copyFileSync(`${file.path}-wal`, `${copy}-wal`);
    const database = new Database(copy);
    try {
      const isTable = database.prepare(`SELECT sql NOT LIKE '%WITHOUT ROWID%' FROM sqlite_master WHERE type = 'table' AND name = 'events'`).pluck().get() === 1;
      const [notIndexed, rowid] = isTable ? ['NOT INDEXED', ', rowid'] : ['', ''];
      const rows = database
        .prepare(`SELECT sequence, CAST(kind_json AS BLOB) FROM events ${notIndexed} WHERE execution_id = ? AND sequence > 0 ORDER BY +sequence${rowid}`)
        .raw()
        .all(run) as [number, Buffer][];
      const inputs = database.prepare('SELECT CAST(initial_input AS BLOB) FROM workflow_executions NOT INDEXED WHERE execution_id = ?').raw().all(run) as [
        Buffer,
      ][];
      const input = readJson(String(inputs[0]?.[0]));
      if (inputs.length !== 1 || !input.ok) return undefined;
      let state = origin(input.value);
      for (const [sequence, bytes] of rows) {
        if (sequence > to) break;
        const reading = readEvent(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
        state = applyEvent(state, sequence, reading.ok ? reading.event : undefined);
      }
      return { state: canonicalJson(state.currentState), status: state.status };
    } finally {
      database.close();
    }
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function makeBase(folder: string, base: Base): void {
  rmSync(folder, { recursive: true, force: true });
  const building = `${folder}-building`;
  copyFolder(undefined, building);
  copyFolder(undefined, folder);
  const path = join(building, 'runtime.db');
  const database = new Database(path);
  database.pragma(`page_size = ${base === 'small-pages' ? 512 : 4096}`);
  if (base === 'wal' || base === 'log') database.pragma('journal_mode = WAL');
  database.pragma('wal_autocheckpoint = 0');
  database.exec(`CREATE TABLE workflow_executions (execution_id TEXT PRIMARY KEY, workflow_id TEXT, workflow_version TEXT, status TEXT, initial_input TEXT,
      current_state TEXT, started_at TEXT, updated_at TEXT, completed_at TEXT);
    CREATE TABLE events (id TEXT PRIMARY KEY, execution_id TEXT, sequence INTEGER, kind_json TEXT, created_at TEXT, UNIQUE (execution_id, sequence));
    CREATE TABLE snapshots (execution_id TEXT, at_sequence INTEGER, state_json TEXT, created_at TEXT, PRIMARY KEY (execution_id, at_sequence))`);
  const insert = database.prepare('INSERT INTO events VALUES (?, ?, ?, ?, ?)');
  for (const run of RUNS)
    database.prepare(`INSERT INTO workflow_executions VALUES (?, 'w', '1', 'running', '{"of":1}', '{}', ?, ?, NULL)`).run(run, MADE_AT, MADE_AT);
  for (let n = 1; n <= EVENTS; n++) {
    for (const run of RUNS) {
      const kind = {
        type: 'node_completed',
        node_id: `n${n % 7}`,
        output: null,
        state_patch: { [`k${n % 11}`]: `${run} ${n}` },
        duration_ms: n,
        pad: 'x'.repeat((n * 37) % 300),
      };
      insert.run(`${run}-${n}`, run, n, JSON.stringify(kind), MADE_AT);
    }
  }
  // A log of many pages is what a writer that was killed leaves behind.
  for (const name of readdirSync(building)) {
    if (base === 'log' && !name.endsWith('-shm')) copyFileSync(join(building, name), join(folder, name));
  }
  database.close();
  if (base !== 'log') copyFileSync(path, join(folder, 'runtime.db'));
  rmSync(building, { recursive: true, force: true });
}

function copyFolder(from: string | undefined, to: string): void {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to);
  if (from !== undefined) for (const name of readdirSync(from)) copyFileSync(join(from, name), join(to, name));
}

/** @returns what was done, so that a failure can be understood. */
function damage(path: string, kind: DamageKind, random: (below: number) => number): string {
  const target = kind === 'log' && existsSync(`${path}-wal`) ? `${path}-wal` : path;
  const indexPages = kind === 'index' ? pagesOfIndexes(path) : [];
  const bytes = readFileSync(target);
  const stored = target === path && bytes.length >= 18 ? bytes.readUInt16BE(16) : 0;
  const page = stored === 1 ? 65_536 : stored >= 512 ? stored : 4096;
  const pages = Math.max(1, Math.floor(bytes.length / page));
  const flip = (at: number): string => {
    const before = bytes[at] as number;
    bytes[at] = before ^ (1 << random(8));
    return `${at}: ${before} → ${bytes[at]}`;
  };
  const done = ((): string => {
    switch (kind) {
      case 'header':
        return flip(random(100));
      case 'bytes':
      case 'log':
        return Array.from({ length: 1 + random(6) }, () => flip(random(bytes.length))).join(', ');
      case 'cell':
        // The pointers to the cells of a page follow its header.
        return Array.from({ length: 1 + random(4) }, () => flip(Math.min(bytes.length - 1, random(pages) * page + random(40)))).join(', ');
      case 'index': {
        const chosen = indexPages.length === 0 ? 0 : ((indexPages[random(indexPages.length)] as number) - 1) * page;
        return Array.from({ length: 1 + random(4) }, () => flip(Math.min(bytes.length - 1, chosen + random(page)))).join(', ');
      }
      case 'page': {
        const at = random(pages);
        bytes.fill(random(2) * 0xff, at * page, (at + 1) * page);
        return `page ${at + 1}`;
      }
      case 'swap':
      case 'duplicate': {
        const [a, b] = [1 + random(Math.max(1, pages - 1)), 1 + random(Math.max(1, pages - 1))];
        const kept = Buffer.from(bytes.subarray(a * page, (a + 1) * page));
        bytes.copy(bytes, a * page, b * page, (b + 1) * page);
        if (kind === 'swap') kept.copy(bytes, b * page);
        return `pages ${a + 1} and ${b + 1}`;
      }
      case 'truncate': {
        const length = random(bytes.length);
        writeFileSync(target, bytes.subarray(0, length));
        return `to ${length}`;
      }
    }
  })();
  if (kind !== 'truncate') writeFileSync(target, bytes);
  return done;
}

function pagesOfIndexes(path: string): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'hindsight-fuzz-'));
  try {
    const copy = join(folder, 'copy.db');
    copyFileSync(path, copy);
    const database = new Database(copy);
    try {
      return database.prepare(`SELECT pageno FROM dbstat WHERE name LIKE 'sqlite_autoindex%'`).pluck().all() as number[];
    } finally {
      database.close();
    }
  } catch {
    return [];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every file with its kind and its bytes. Shared memory (`-shm`) may change, and pipes and folders are not read. */
function contents(folder: string): string {
  return readdirSync(folder, { withFileTypes: true })
    .map((entry) => {
      if (entry.name.endsWith('-shm')) return entry.name;
      if (!entry.isFile()) return `${entry.name} ${entry.isDirectory() ? 'folder' : entry.isFIFO() ? 'pipe' : 'other'}`;
      return `${entry.name} ${createHash('sha256')
        .update(readFileSync(join(folder, entry.name)))
        .digest('hex')}`;
    })
    .sort()
    .join('\n');
}
