import type { History } from '../replay/history.ts';
import type { Steps } from '../replay/steps.ts';
import type { ExplainedRun } from './run.ts';

/** One start of a model node: each is a call of the model, unless there was nothing to send. Positions. */
export interface ModelStart {
  readonly node: string;
  /** The `node_scheduled` with which the request was made; undefined when the log has none. */
  readonly scheduled: number | undefined;
  readonly started: number;
  /** The event with which the call ended; undefined while it has not. */
  readonly ended: number | undefined;
  /** Which start of this dispatch it is, from 1 on. */
  readonly attempt: number;
  /** Every `node_scheduled` of the node. */
  readonly schedules: readonly number[];
}

/** The kinds with which a call ends. */
const ENDS: ReadonlySet<string> = new Set(['node_completed', 'node_failed', 'node_parked', 'node_cancelled', 'node_skipped']);
/** How many positions are looked at between two yields. */
const POSITIONS_PER_STEP = 8192;
/** Of how many nodes that are in no definition the queue is read. */
const MAX_UNDEFINED = 2000;

/** Every start of a model node, in order. Without a definition, those are the nodes that were put into the queue `model`. */
export async function modelStarts(run: ExplainedRun): Promise<readonly ModelStart[]> {
  const models = new Set(run.workflow?.nodes.filter(({ type }) => type === 'model').map(({ id }) => id));
  const defined = new Set(run.workflow?.nodes.map(({ id }) => id));
  const others = await run.paced(firstSchedules(run.history, defined));
  for (const [node, position] of others) {
    if ((await run.eventAt(position))?.fields.get('queue_type') === 'model') models.add(node);
  }
  return models.size === 0 ? [] : run.paced(startsOf(run.history, models));
}

/** The first `node_scheduled` of each node that is in no definition. */
function* firstSchedules(history: History, defined: ReadonlySet<string>): Steps<ReadonlyMap<string, number>> {
  const first = new Map<string, number>();
  if (history.nodeNames.every((name) => defined.has(name))) return first;
  for (let position = 0; position < history.count && first.size < MAX_UNDEFINED; position++) {
    if (position % POSITIONS_PER_STEP === 0) yield;
    const node = history.nodeOf(position);
    if (node === undefined || defined.has(node) || first.has(node) || history.kindOf(position)?.type !== 'node_scheduled') continue;
    first.set(node, position);
  }
  return first;
}

interface Dispatched {
  readonly schedules: number[];
  starts: number;
  open: number | undefined;
}

function* startsOf(history: History, models: ReadonlySet<string>): Steps<readonly ModelStart[]> {
  const starts: { -readonly [Name in keyof ModelStart]: ModelStart[Name] }[] = [];
  const nodes = new Map<string, Dispatched>();
  for (let position = 0; position < history.count; position++) {
    if (position % POSITIONS_PER_STEP === 0) yield;
    const node = history.nodeOf(position);
    if (node === undefined || !models.has(node)) continue;
    const type = history.kindOf(position)?.type ?? '';
    const at = nodes.get(node) ?? { schedules: [], starts: 0, open: undefined };
    nodes.set(node, at);
    if (type === 'node_scheduled') {
      at.schedules.push(position);
      at.starts = 0;
    } else if (type === 'node_started') {
      at.starts++;
      at.open = starts.length;
      starts.push({ node, scheduled: at.schedules.at(-1), started: position, ended: undefined, attempt: at.starts, schedules: at.schedules });
    } else if (ENDS.has(type) && at.open !== undefined) {
      const start = starts[at.open];
      if (start !== undefined) start.ended = position;
      at.open = undefined;
    }
  }
  return starts;
}
