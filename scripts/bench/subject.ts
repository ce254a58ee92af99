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

/** What several benchmarks do with a history. */

export async function opened({ file, execution }: Case): Promise<OpenExecution> {
  return OpenExecution.open(await SqliteSource.open(file), execution);
}

/** The slices that the screen of an execution wants while the tree is shown. */
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

/** Opens an execution and indexes its columns and patches. */
export async function indexed(subject: Case): Promise<OpenExecution> {
  const execution = await opened(subject);
  await execution.index();
  return execution;
}

/** Opens an execution, indexes it and takes all keyframes. */
export async function folded(subject: Case): Promise<OpenExecution> {
  const execution = await indexed(subject);
  await execution.fold();
  return execution;
}

/** The baseline B1: reads the rows of the log through the driver. @returns the length of their JSON. */
export function rawSelect({ file, execution }: Case): number {
  const connection = new Database(file.path, { readonly: true });
  const rows = connection.prepare('SELECT sequence, kind_json, created_at FROM events WHERE execution_id = ? ORDER BY sequence').raw().iterate(execution);
  let length = 0;
  for (const [, kind] of rows as Iterable<[number, string, string]>) length += kind.length;
  connection.close();
  if (length === 0) fail('There is nothing to read.');
  return length;
}

/** The times of seeks to random positions, in milliseconds. */
export function seekTimes({ history }: OpenExecution, seeks: number): number[] {
  const random = new Random(7);
  return Array.from({ length: seeks }, () => {
    const position = random.between(-1, history.count - 1);
    const started = performance.now();
    history.stateAt(position);
    return performance.now() - started;
  });
}

/** Checks some seeks against one pass of the reference fold over the log. */
export async function checkSeeks(subject: Case, execution: OpenExecution, samples = 200): Promise<void> {
  const { history } = execution;
  const random = new Random(3);
  const positions = Array.from({ length: samples }, () => random.between(0, history.count - 1));
  const states = new Map<number, string>();
  for (const position of positions) states.set(history.sequenceOf(position), canonicalJson(history.stateAt(position)));
  for await (const { atSequence, currentState } of eachMoment(await opened(subject), 'replay', 1, Number.MAX_SAFE_INTEGER)) {
    const state = states.get(atSequence);
    if (state !== undefined && state !== canonicalJson(currentState)) fail(`The state at ${atSequence} is wrong; nothing was measured.`);
  }
}
