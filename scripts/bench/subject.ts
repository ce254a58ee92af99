import Database from 'better-sqlite3';
import type { Frame, Want } from '../../core/contract/frame.ts';
import { eachMoment } from '../../core/debugger/answers/moments.ts';
import { frameAt } from '../../core/debugger/frame/frame.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { SqliteSource } from '../../core/source/sqlite/source.ts';
import { Random } from '../sample/random.ts';
import { fail } from '../say.ts';
import type { Case } from './databases.ts';

/** What benchmarks do with a history: open it, index it, read it raw, seek in it, and prove that the answers are right. */

export async function opened({ file, execution }: Case): Promise<OpenExecution> {
  return OpenExecution.open(SqliteSource.open(file), execution);
}

/** What the screen of an execution wants of a frame, with the tree shown. */
export const WANT: Want = {
  tree: { from: 0, count: 60, opened: [], closed: [], reveal: true },
  changes: {},
  event: {},
  nodes: {},
  recovery: {},
  given: {},
};

export async function firstFrame(execution: OpenExecution, sequence: number): Promise<Frame> {
  return frameAt(execution, { source: 1, execution: execution.id, sequence, reading: 'replay', want: WANT });
}

/** Columns and patches only. */
export async function indexed(subject: Case): Promise<OpenExecution> {
  const execution = await opened(subject);
  await execution.index();
  return execution;
}

/** With keyframes: every seek is short. */
export async function folded(subject: Case): Promise<OpenExecution> {
  const execution = await indexed(subject);
  await execution.fold();
  return execution;
}

/** The baseline B1: the rows of the log through the driver, one by one, and dropped. */
export function rawSelect({ file, execution }: Case): number {
  const connection = new Database(file.path, { readonly: true });
  const rows = connection.prepare('SELECT sequence, kind_json, created_at FROM events WHERE execution_id = ? ORDER BY sequence').raw().iterate(execution);
  let length = 0;
  for (const [, kind] of rows as Iterable<[number, string, string]>) length += kind.length;
  connection.close();
  if (length === 0) fail('There is nothing to read.');
  return length;
}

/** Milliseconds of seeks to random places. */
export function seekTimes({ history }: OpenExecution, seeks: number): number[] {
  const random = new Random(7);
  return Array.from({ length: seeks }, () => {
    const row = random.between(-1, history.count - 1);
    const started = performance.now();
    history.stateAt(row);
    return performance.now() - started;
  });
}

/** The seeks that are timed must be right: some are held against one plain pass over the log. */
export async function gate(subject: Case, execution: OpenExecution, samples = 200): Promise<void> {
  const { history } = execution;
  const random = new Random(3);
  const rows = Array.from({ length: samples }, () => random.between(0, history.count - 1));
  const sought = new Map<number, string>();
  for (const row of rows) sought.set(history.sequenceOf(row), canonicalJson(history.stateAt(row)));
  for await (const { atSequence, currentState } of eachMoment(await opened(subject), 'replay', 1, Number.MAX_SAFE_INTEGER)) {
    const state = sought.get(atSequence);
    if (state !== undefined && state !== canonicalJson(currentState)) fail(`The state at ${atSequence} is wrong; nothing was measured.`);
  }
}
