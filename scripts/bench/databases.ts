import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { PreparedFile } from '../../core/source/sqlite/prepare.ts';
import { fail, say } from '../say.ts';
import { HISTORIES, RUN } from './histories.ts';
import { RUNS, wideWorkflow } from './wide-workflow.ts';

const SCRIPTS = join(import.meta.dirname, '..');
const CACHE = join(homedir(), '.cache', 'hindsight', 'bench');
/** The long execution of an agent in the sample. */
const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';

export interface Case {
  readonly file: PreparedFile;
  readonly execution: string;
}

/** An execution of an agent with about this many events, of 557 bytes each on average. */
export async function agentRun(events: number): Promise<Case> {
  const sources = ['sample.ts', ...readdirSync(join(SCRIPTS, 'sample')).map((name) => join('sample', name))];
  const path = await cached(`agent-${events}`, sources, async (partial) => {
    const { status, stderr } = spawnSync(process.execPath, [join(SCRIPTS, 'sample.ts'), '--events', String(events), '--out', partial], { encoding: 'utf8' });
    if (status !== 0) fail(`The database could not be made:\n${stderr}`);
  });
  return { file: inPlace(path), execution: AGENT };
}

/** One of {@link HISTORIES} with this many events. */
export async function history(name: string, events: number): Promise<Case> {
  const sources = [join('bench', 'histories.ts'), join('..', 'test', 'support', 'hostile.ts')];
  const path = await cached(`${name}-${events}`, sources, (partial) => (HISTORIES[name] as (path: string, count: number) => Promise<void>)(partial, events));
  return { file: inPlace(path), execution: RUN };
}

/** Runs of a workflow with this many nodes. */
export async function wideRuns(nodes: number): Promise<{ readonly path: string; readonly executions: readonly string[] }> {
  return { path: await cached(`wide-${nodes}`, [join('bench', 'wide-workflow.ts')], (partial) => wideWorkflow(partial, nodes)), executions: RUNS };
}

/** The path of a database in the cache. It is made again when its sources have changed. */
async function cached(name: string, sources: readonly string[], make: (path: string) => Promise<void>): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(join(SCRIPTS, source)));
  const path = join(CACHE, `${name}-${hash.digest('hex').slice(0, 8)}.db`);
  if (existsSync(path)) return path;
  mkdirSync(CACHE, { recursive: true });
  for (const old of readdirSync(CACHE)) if (new RegExp(`^${name}-[0-9a-f]{8}\\.db`).test(old)) rmSync(join(CACHE, old));
  say(`making the database ${name}`);
  const partial = `${path}.partial`;
  for (const suffix of ['', '-wal', '-shm']) rmSync(partial + suffix, { force: true });
  await make(partial);
  renameSync(partial, path);
  return path;
}

/** Opened in place: files that the driver leaves next to it are in the cache. */
function inPlace(path: string): PreparedFile {
  return { original: path, real: path, path, access: 'live' };
}
