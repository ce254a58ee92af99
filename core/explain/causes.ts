import { FaultError } from '../fault.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { ExecutionRow } from '../jamjet/rows.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import { readWorkflow, type Workflow } from '../jamjet/workflow.ts';
import type { ExecutionListing, Pause, Source } from '../source/port.ts';
import { newestRuns } from './newest-runs.ts';
import { RunOutline } from './outline.ts';
import { StartHistogram, type Starts } from './start-histogram.ts';
import { type Why, type WhyKind, whyOf } from './why.ts';

/** Runs that ended or wait for one cause. */
export interface CauseGroup {
  readonly kind: WhyKind;
  /** In which numbers, ids and quoted texts are folded. */
  readonly cause: string;
  readonly runs: number;
  /** The workflows and the nodes where it occurred, at most 20 of each. */
  readonly workflows: readonly string[];
  readonly nodes: readonly string[];
  /** When the first and the last of the runs started, as stored. */
  readonly first: string;
  readonly last: string;
  /** How many of the runs started when: equal spans of time, the same of all groups, the last one ending at the newest run that is read. */
  readonly starts: Starts;
  /** The newest ones. */
  readonly examples: readonly CauseExample[];
  /** The newest ones: at most 10,000, and fewer where there are many causes with many runs. */
  readonly ids: readonly ExecutionId[];
}

interface CauseExample {
  readonly executionId: string;
  readonly sequence: number | undefined;
  readonly sentence: string;
  readonly startedAt: string;
}

export interface Causes {
  /** How many executions are read, and how many there are. */
  readonly read: number;
  readonly of: number;
  /** Those whose rows say that they completed are counted and not read. */
  readonly completed: number;
  /** How many logs cannot be read to their end. */
  readonly unreadable: number;
  /** The most frequent first. */
  readonly groups: readonly CauseGroup[];
  /** Runs of causes beyond the first 1,000. */
  readonly others: number;
}

/** A longer chunk takes a millisecond or more. In bytes. */
const LONG_CHUNK = 64 * 1024;
const MAX_GROUPS = 1000;
const MAX_NAMES = 20;
const EXAMPLES = 5;
/** Of all causes together, five times as many are kept, besides the first ones of each. */
const MAX_IDS = 10_000;
const MAX_ALL_IDS = 5 * MAX_IDS;
const FIRST_IDS = 100;
/** Of how many versions of workflows the definitions are kept. */
const MAX_DEFINITIONS = 200;

interface Group {
  readonly kind: WhyKind;
  readonly cause: string;
  runs: number;
  readonly workflows: Set<string>;
  readonly nodes: Set<string>;
  first: string;
  last: string;
  readonly starts: StartHistogram;
  readonly examples: CauseExample[];
  readonly ids: ExecutionId[];
}

/** Why the runs of a database ended or wait, grouped: after each page of executions what is known so far. Memory is bounded by the number of causes. */
export async function* causesOf(source: Source, pause: Pause, signal?: AbortSignal): AsyncGenerator<Causes> {
  const groups = new Map<string, Group>();
  const definitions = new Definitions(source);
  const room = { ids: MAX_ALL_IDS };
  let newest = Number.NaN;
  const totals = { read: 0, of: 0, completed: 0, unreadable: 0, others: 0 };
  for await (const page of newestRuns(source, signal)) {
    totals.of = page.total;
    for (const row of page.rows) {
      totals.read++;
      if (Number.isNaN(newest)) newest = millisecondsOf(row.startedAt);
      if (row.status === 'completed') {
        totals.completed++;
        continue;
      }
      const why = await whyOfRow(source, row, definitions, pause, signal);
      if (why === undefined) totals.unreadable++;
      else if (!add(groups, row, why, newest, room)) totals.others++;
      if (totals.read % 50 === 0) await pause();
      signal?.throwIfAborted();
    }
    const sorted = [...groups.values()].sort((a, b) => b.runs - a.runs || (a.cause < b.cause ? -1 : 1));
    const span = Math.max(0, ...sorted.map(({ starts }) => starts.span));
    yield {
      ...totals,
      groups: sorted.map((group) => ({ ...group, workflows: [...group.workflows], nodes: [...group.nodes], starts: group.starts.counts(span) })),
    };
  }
}

/** @returns undefined when the log lies in a damaged part of the file. */
async function whyOfRow(source: Source, row: ExecutionListing, definitions: Definitions, pause: Pause, signal?: AbortSignal): Promise<Why | undefined> {
  const outline = new RunOutline();
  try {
    for await (const chunk of source.scan(row.id, 0, signal)) {
      outline.append(chunk);
      // Most logs are one short chunk.
      if (chunk.bytes.length > LONG_CHUNK) await pause();
    }
  } catch (error) {
    if (!(error instanceof FaultError) || error.fault.kind !== 'damaged') throw error;
    return undefined;
  }
  return whyOfOutline(source, outline, row, definitions, signal);
}

/** Why a run ended or waits whose log is read. */
export async function whyOfOutline(
  source: Source,
  outline: RunOutline,
  row: Pick<ExecutionRow, 'id' | 'status' | 'workflowId' | 'workflowVersion'>,
  definitions: Definitions,
  signal?: AbortSignal,
): Promise<Why> {
  const isOpen = outline.end === undefined && outline.segment === undefined;
  return whyOf({
    outline,
    rowStatus: row.status,
    generation: source.generation,
    workflow: await definitions.get(row, signal),
    workflowName: `${row.workflowId} version ${row.workflowVersion}`,
    items: isOpen ? await source.workItems(row.id, undefined, signal) : undefined,
  });
}

/** @returns false when there are too many causes for another one. */
function add(groups: Map<string, Group>, row: ExecutionListing, why: Why, newest: number, room: { ids: number }): boolean {
  const key = `${why.kind} ${why.cause}`;
  let group = groups.get(key);
  if (group === undefined) {
    if (groups.size === MAX_GROUPS) return false;
    const { startedAt } = row;
    const starts = new StartHistogram(newest);
    group = {
      kind: why.kind,
      cause: why.cause,
      runs: 0,
      workflows: new Set(),
      nodes: new Set(),
      first: startedAt,
      last: startedAt,
      starts,
      examples: [],
      ids: [],
    };
    groups.set(key, group);
  }
  group.runs++;
  if (row.startedAt < group.first) group.first = row.startedAt;
  if (row.startedAt > group.last) group.last = row.startedAt;
  group.starts.add(millisecondsOf(row.startedAt));
  if (group.ids.length < FIRST_IDS || (group.ids.length < MAX_IDS && room.ids-- > 0)) group.ids.push(row.id);
  if (group.workflows.size < MAX_NAMES) group.workflows.add(row.workflowId);
  if (why.node !== undefined && group.nodes.size < MAX_NAMES) group.nodes.add(why.node);
  if (group.examples.length < EXAMPLES) {
    const sequence = why.chain.find((link) => link.node !== undefined)?.sequence ?? why.chain[0]?.sequence;
    group.examples.push({ executionId: row.id, sequence, sentence: why.sentence, startedAt: row.startedAt });
  }
  return true;
}

/** The definitions that were used last. */
export class Definitions {
  readonly #source: Source;
  readonly #known = new Map<string, Workflow | undefined>();

  constructor(source: Source) {
    this.#source = source;
  }

  async get({ workflowId, workflowVersion }: Pick<ExecutionRow, 'workflowId' | 'workflowVersion'>, signal?: AbortSignal): Promise<Workflow | undefined> {
    const key = JSON.stringify([workflowId, workflowVersion]);
    if (this.#known.has(key)) return this.#known.get(key);
    const text = await this.#source.definition(workflowId, workflowVersion, signal);
    const workflow = text === undefined ? undefined : readWorkflow(text);
    if (this.#known.size === MAX_DEFINITIONS) this.#known.delete(this.#known.keys().next().value as string);
    this.#known.set(key, workflow);
    return workflow;
  }
}
