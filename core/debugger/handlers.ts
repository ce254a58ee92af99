import type { EngineHandlers, Params, Pushes } from '../contract.ts';
import { writeFileWhole } from '../export/write-file.ts';
import { FaultError } from '../fault.ts';
import { valueAt } from '../json/pointer.ts';
import { printJson } from '../json/print.ts';
import { diffJson } from '../replay/diff.ts';
import type { ExecutionView, Progress, RunStrip } from '../replies.ts';
import type { Source } from '../source/port.ts';
import { eventsPage } from './events-page.ts';
import type { OpenExecution } from './execution.ts';
import { exportPieces, exportPreview } from './export.ts';
import { frameAt, stateIn } from './frame.ts';
import { nearEvent } from './near.ts';
import { Session } from './session.ts';
import { oneLine } from './state-tree.ts';
import { runStrip } from './strip.ts';
import { Tasks } from './tasks.ts';
import { TextPages } from './text-page.ts';
import { timelineView } from './timeline.ts';

export interface EngineParts {
  /** Opens what main has granted. */
  readonly openSource: (params: Params<'source.open'>) => Promise<Source>;
  readonly push: <N extends keyof Pushes>(name: N, value: Pushes[N]) => void;
  /** Lets waiting requests be answered before background work goes on. */
  readonly pause: () => Promise<void>;
}

const PROGRESS_EVERY = 100;
/** How long background work may keep requests waiting, in milliseconds. */
const TURN = 10;
const MOST_DIFFERENCES = 10_000;

/** One function for each request of the contract. */
export function engineHandlers({ openSource, push, pause }: EngineParts): EngineHandlers {
  let session: Session | undefined;
  const tasks = new Tasks();
  const pages = new TextPages();
  const indexing = new WeakSet<OpenExecution>();

  const current = (): Session => {
    if (session === undefined) throw new FaultError('no-source');
    return session;
  };
  const shut = (): void => {
    session?.close();
    session = undefined;
  };
  /** An execution whose index has come as far as `sequence`; for what has to be exact. */
  const indexed = async (id: string, sequence: number): Promise<OpenExecution> => {
    const execution = await current().execution(id);
    while (!execution.reaches(sequence)) await pause();
    return execution;
  };

  /** Hands pieces on, and lets waiting requests be answered between them. */
  async function* paced(pieces: AsyncIterable<string>, tell: (done: number) => void): AsyncGenerator<string> {
    let done = 0;
    let since = performance.now();
    for await (const piece of pieces) {
      yield piece;
      done++;
      if (performance.now() - since < TURN) continue;
      tell(done);
      await pause();
      since = performance.now();
    }
  }

  const background = (execution: OpenExecution, within: AbortSignal): void => {
    if (indexing.has(execution)) return;
    indexing.add(execution);
    void tasks.run(async (signal, task) => {
      let told = 0;
      const tell = (phase: Progress['phase'], done: number, total: number): void => {
        if (phase !== 'done' && phase !== 'failed' && performance.now() - told < PROGRESS_EVERY) return;
        told = performance.now();
        push('progress', { task, execution: execution.id, phase, done, total });
      };
      try {
        await execution.index(signal, async () => {
          tell('index', execution.history.lastSequence, execution.lastSequence);
          await pause();
        });
        await execution.checkSnapshots(signal, async () => {
          tell('snapshots', execution.verdicts.size, execution.snapshots.length);
          await pause();
        });
        tell('done', execution.history.count, execution.history.count);
      } catch (error) {
        indexing.delete(execution);
        if (signal.aborted) return;
        tell('failed', execution.history.lastSequence, execution.lastSequence);
        push('fault', error instanceof FaultError ? error.fault : { kind: 'internal', detail: String(error) });
      }
    }, within);
  };

  return {
    'source.open': async (params) => {
      const source = await openSource(params);
      const summary = await source.describe();
      shut();
      session = new Session(source);
      return summary;
    },
    'source.shut': async () => {
      shut();
      return null;
    },
    'executions.page': (query, signal) => current().source.executions(query, signal),
    'executions.facets': (_, signal) => current().source.facets(signal),
    'executions.strips': async ({ executions }, signal) => {
      const strips: RunStrip[] = [];
      for (const id of executions) {
        strips.push(await runStrip(current().source, id, signal));
        await pause();
      }
      return strips;
    },
    'execution.open': async ({ execution: text }) => {
      const at = current();
      const execution = await at.execution(await at.resolve(text));
      background(execution, at.closed);
      const { count } = await at.source.snapshotsAround(execution.id, 0);
      return viewOf(
        execution,
        count,
        (await at.source.children(execution.id)).map(({ id }) => id),
      );
    },
    'frame.at': async (params) => frameAt(await current().execution(params.execution), params),
    'event.near': async ({ execution, sequence, what, direction }) =>
      nearEvent(await indexed(execution, sequence), sequence, what, direction === 'next' ? 1 : -1),
    'events.page': async ({ execution, from, count, filter }) => eventsPage(await current().execution(execution), from, count, filter),
    'timeline.view': async ({ execution, from, to, columns }) => timelineView(await current().execution(execution), from, Math.max(from, to), columns),
    'diff.page': async ({ execution: id, sequence, from, count }) => {
      const { history } = await indexed(id, sequence);
      const row = history.rowAt(sequence);
      const standsOnEvent = row >= 0 && history.sequenceOf(row) === sequence;
      const changes = diffJson(history.stateAt(standsOnEvent ? row - 1 : row), history.stateAt(row), MOST_DIFFERENCES);
      const kinds = { add: 'added', remove: 'removed', replace: 'changed' } as const;
      const rows = changes.slice(from, from + count).map(({ op, path, old, new: now }) => ({
        kind: kinds[op],
        pointer: path,
        old: old === undefined ? null : oneLine(old),
        new: now === undefined ? null : oneLine(now),
      }));
      return { from, total: Math.min(changes.length, MOST_DIFFERENCES), more: changes.length > MOST_DIFFERENCES, rows };
    },
    'state.text': async ({ execution, sequence, reading, from, count }) =>
      pages.page(await stateIn(await indexed(execution, sequence), sequence, reading), from, count),
    'value.text': async ({ execution, sequence, reading, pointer }) => {
      const value = valueAt(await stateIn(await indexed(execution, sequence), sequence, reading), pointer);
      if (value === undefined) throw new FaultError('bad-request', { detail: `there is nothing at ${pointer} here` });
      return { text: typeof value === 'string' ? value : printJson(value, { pretty: true, sorted: true }) };
    },
    'export.preview': async (what) => exportPreview(await indexed(what.execution, what.sequence), what),
    'export.write': async ({ path, ...what }) => {
      const execution = await indexed(what.execution, what.sequence);
      return tasks.run(async (signal, task) => {
        const pieces = paced(exportPieces(execution, what, signal), (done) =>
          push('progress', { task, execution: execution.id, phase: 'export', done, total: what.sequence }),
        );
        return { path, bytes: await writeFileWhole(path, pieces, signal) };
      }, current().closed);
    },
    'export.text': async (what, signal) => {
      let text = '';
      for await (const piece of exportPieces(await indexed(what.execution, what.sequence), what, signal)) text += piece;
      return { text };
    },
    'task.cancel': async ({ task }) => {
      tasks.cancel(task);
      return null;
    },
  };
}

function viewOf(execution: OpenExecution, snapshotCount: number, children: readonly string[]): ExecutionView {
  const { row } = execution;
  const notes: string[] = [];
  if (execution.inputProblem !== undefined) notes.push(`The initial input cannot be read (${execution.inputProblem}); replay starts from {}.`);
  return {
    id: row.id,
    workflowId: row.workflowId,
    workflowVersion: row.workflowVersion,
    status: row.status,
    startedAt: row.startedAt,
    tenantId: row.tenantId,
    lastSequence: execution.lastSequence,
    snapshotCount,
    segment: row.segment,
    parent: row.parentId ?? null,
    children,
    notes,
  };
}
