import { once } from 'node:events';
import type { HandlersFor } from '../../contract/contract.ts';
import type { SourceId } from '../../contract/cursor.ts';
import type { CauseKey, ExecutionList, ExecutionView } from '../../contract/executions.ts';
import { approvalsOf } from '../../explain/approvals.ts';
import { causesOf, Definitions } from '../../explain/causes.ts';
import { FaultError } from '../../fault.ts';
import { type ExecutionId, isWhole } from '../../jamjet/ids.ts';
import type { ExecutionFilter, ExecutionListing } from '../../source/port.ts';
import { approvalView } from '../answers/approvals.ts';
import { executionRows } from '../answers/execution-rows.ts';
import { causesView } from '../answers/why.ts';
import { BackgroundReadings } from '../background-readings.ts';
import { copiedText } from '../copied-text.ts';
import type { Engine } from '../engine.ts';
import { EventSearch } from '../event-search.ts';
import type { OpenSource } from '../open-source.ts';
import { resolveExecution } from '../resolve-execution.ts';
import { runDigest } from '../run-digest.ts';
import { usualRun } from '../usual-run.ts';

/** How many executions are read at once for a copy. */
const COPIED_ROWS = 200;

export function executionHandlers(engine: Engine) {
  /** The last search in the events of each source, and how it is stopped. */
  const searches = new WeakMap<OpenSource, { readonly search: EventSearch; readonly stop: AbortController }>();
  const definitions = new WeakMap<OpenSource, Definitions>();
  const definitionsOf = (open: OpenSource): Definitions => {
    const known = definitions.get(open) ?? new Definitions(open.source);
    definitions.set(open, known);
    return known;
  };
  const causes = new BackgroundReadings(engine, 'causes', (source, signal) => causesOf(source, engine.pause, signal));
  const approvals = new BackgroundReadings(engine, 'approvals', (source, signal) => approvalsOf(source, engine.pause, signal));
  /** The runs of a cause, the newest 10,000 of them, once all are read or somebody has stopped that. */
  const idsOf = async (id: SourceId, cause: CauseKey | undefined, signal?: AbortSignal): Promise<ExecutionFilter['ids']> => {
    if (cause === undefined) return undefined;
    let reading = causes.of(id);
    await endOrAbort(reading.ended, signal);
    // It was forgotten, and another one has begun.
    for (let now = causes.of(id); now !== reading; now = causes.of(id)) {
      reading = now;
      await endOrAbort(reading.ended, signal);
    }
    if (reading.hasFailed) causes.forget(id);
    reading.throwIfFailed();
    return reading.known?.groups.find((group) => group.kind === cause.kind && group.cause === cause.cause)?.ids ?? [];
  };
  /** A filter as the source has it. */
  const filterOf = async <Filter extends { readonly source: SourceId; readonly cause?: CauseKey | undefined }>(
    { source, cause, ...filter }: Filter,
    signal: AbortSignal,
  ) => ({
    ...filter,
    ids: await idsOf(source, cause, signal),
  });
  const searchOf = (list: ExecutionList): EventSearch => {
    const open = engine.source(list.source);
    const running = searches.get(open);
    // A search that failed or was cancelled is started again when it is asked for again.
    if (running !== undefined && !running.search.hasFailed && running.search.list === JSON.stringify(list)) return running.search;
    running?.stop.abort(new FaultError('cancelled', { subject: 'The search' }));
    const search = new EventSearch(open.source, list, () => idsOf(list.source, list.cause));
    const stop = new AbortController();
    searches.set(open, { search, stop });
    const subject = { kind: 'find', source: list.source, execution: '' } as const;
    // The search keeps its error for those who ask for what it found.
    engine.tasks.run(subject, 'search', (task) => search.run(engine.pause, task), open.closed, stop.signal).catch(() => {});
    return search;
  };
  /** The rows at some indexes of a list, in its order. */
  async function* rowsAt({ ranges, ...list }: ExecutionList & Ranges, signal: AbortSignal): AsyncGenerator<ExecutionListing> {
    const query = await filterOf(list, signal);
    const { source } = engine.source(list.source);
    const { total } = await source.executions({ ...query, offset: 0, limit: 1 }, signal);
    for (const [first, last] of ranges) {
      for (let offset = first; offset <= last; ) {
        const limit = Math.min(COPIED_ROWS, last + 1 - offset);
        const isFound = offset >= total;
        const rows = isFound
          ? (await searchOf(list).page(offset - total, limit, signal)).rows.map(({ row }) => row)
          : (await source.executions({ ...query, offset, limit }, signal)).rows;
        yield* rows;
        if (rows.length === 0) break;
        offset += rows.length;
        await engine.pause();
        signal.throwIfAborted();
      }
    }
  }
  return {
    'executions.page': async (query, signal) => engine.source(query.source).source.executions(await filterOf(query, signal), signal),
    'executions.facets': async (filter, signal) => engine.source(filter.source).source.facets(await filterOf(filter, signal), signal),
    'executions.found': async ({ from, count, ...list }, signal) => searchOf(list).page(from, count, signal),
    'executions.found.cancel': async (list) => {
      const running = searches.get(engine.source(list.source));
      if (running?.search.list === JSON.stringify(list)) running.stop.abort(new FaultError('cancelled', { subject: 'The search' }));
      return null;
    },
    'executions.ids': async ({ limit, ...list }, signal) => {
      const ids: string[] = [];
      for await (const { id } of rowsAt(list, signal)) {
        ids.push(id);
        if (ids.length === limit) break;
      }
      return ids;
    },
    'executions.text': async ({ form, ...list }, signal) => ({
      text: await copiedText(executionRows(rowsAt(list, signal), form), 'The selection', engine.pause, signal),
    }),
    'executions.digest': async ({ source, execution, row }, signal) => {
      // A list requests many at once; other requests must not wait for all of them.
      await engine.pause();
      signal.throwIfAborted();
      const open = engine.source(source);
      return runDigest(open.source, { ...row, id: execution }, definitionsOf(open), signal);
    },
    'executions.usual': async ({ source, workflow }, signal) => {
      const open = engine.source(source);
      return usualRun(open.source, workflow, definitionsOf(open), engine.pause, signal);
    },
    'executions.causes': async ({ source }) => {
      const reading = causes.of(source);
      reading.throwIfFailed();
      return { ...causesView(reading.known), state: reading.state, milliseconds: reading.milliseconds };
    },
    'executions.approvals': async ({ source }) => {
      const reading = approvals.of(source);
      reading.throwIfFailed();
      const { read = 0, of = 0, unreadable = 0, pending = 0, total = 0, waiting = [], others = [] } = reading.known ?? {};
      const rows = [...waiting, ...others].map(({ executionId, workflowId, approval }) => ({
        ...approvalView(approval),
        execution: executionId,
        workflow: workflowId,
      }));
      return { read, of, unreadable, pending, total, state: reading.state, milliseconds: reading.milliseconds, rows };
    },
    'executions.stop': async ({ source, what }) => {
      (what === 'causes' ? causes : approvals).stop(source);
      return null;
    },
    'executions.forget': async ({ source, what }) => {
      if (what !== 'approvals') causes.forget(source);
      if (what !== 'causes') approvals.forget(source);
      return null;
    },
    'executions.open': async ({ source, execution: text }, signal) => {
      const open = engine.source(source);
      // A whole id is opened while it is looked up.
      const early = isWhole(text) ? viewOf(open, text) : undefined;
      early?.catch(() => {});
      const id = await resolveExecution(open.source, text, signal);
      return id === text && early !== undefined ? early : viewOf(open, id);
    },
    'executions.close': async ({ source, execution }) => {
      await engine.source(source).closeExecution(execution);
      return null;
    },
  } satisfies HandlersFor<'executions'>;
}

/** Waits for the end of a reading. @throws the signal's reason. */
async function endOrAbort(ended: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return ended;
  const done = new AbortController();
  const aborted = once(signal, 'abort', { signal: done.signal }).catch(() => {});
  await Promise.race([ended, signal.aborted ? undefined : aborted]);
  done.abort();
  signal.throwIfAborted();
}

interface Ranges {
  readonly ranges: readonly (readonly [first: number, last: number])[];
}

/** @throws FaultError as {@link OpenSource.execution} does. */
async function viewOf(open: OpenSource, id: ExecutionId): Promise<ExecutionView> {
  const [{ execution }, children, snapshotCount] = await Promise.all([open.execution(id), open.source.children(id), open.source.snapshotCount(id)]);
  const { row, status, lastSequence, inputProblem } = execution;
  return {
    id,
    workflowId: row.workflowId,
    workflowVersion: row.workflowVersion,
    status,
    startedAt: row.startedAt,
    tenantId: row.tenantId,
    lastSequence,
    snapshotCount,
    segment: row.segment,
    parent: row.parentId ?? null,
    children: children.map((child) => child.id),
    notes: inputProblem === undefined ? [] : [`The initial input cannot be read (${inputProblem}); replay starts from {}.`],
  };
}
