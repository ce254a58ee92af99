import { setTimeout } from 'node:timers/promises';
import type { SourceId } from '../contract/cursor.ts';
import type { SourceChange } from '../contract/sources.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { Source } from '../source/port.ts';
import type { Indexer } from './indexer.ts';
import type { OpenExecution } from './open-execution.ts';

/** How often a database is asked whether it has changed, and after a failure, in milliseconds. */
const INTERVAL = 250;
const INTERVAL_AFTER_FAILURE = 2000;
/** After so many milliseconds without growth the rows that came are compared with the index of the database. */
const REST = 5000;

interface FollowerParts {
  readonly source: Source;
  readonly id: SourceId;
  /** The executions that are open. */
  readonly open: () => Promise<readonly Indexer[]>;
  /** Closes an execution that must be indexed anew. */
  readonly reopen: (id: ExecutionId) => Promise<void>;
  readonly push: (change: SourceChange) => void;
}

/** Follows a database that others write: reads what is new of the executions that are open, and tells of it. Ends with the signal. */
export async function followSource({ source, id, open, reopen, push }: FollowerParts, signal: AbortSignal): Promise<void> {
  const growth = new Growth();
  let known = await versionOf(source, signal);
  // It may have been written since it was copied.
  if (typeof known === 'object' && known.isOutdated) push({ source: id, execution: null, isOutdated: true });
  /** Whether some execution may have events that have not been read. */
  let isBehind = false;
  let grownAt: number | undefined;
  /** Of a replica: what was told last, in seconds. */
  let behind: number | undefined;
  for (let interval = INTERVAL; !signal.aborted; ) {
    // A process that only waits for changes may end.
    await setTimeout(interval, undefined, { signal, ref: false });
    const now = await versionOf(source, signal);
    interval = now === 'failed' ? INTERVAL_AFTER_FAILURE : INTERVAL;
    if (now === undefined) return;
    if (now === 'failed') continue;
    const seconds = now.behind === undefined ? undefined : Math.round(now.behind / 1000);
    if (seconds !== undefined && seconds !== behind) {
      behind = seconds;
      push({ source: id, execution: null, isOutdated: false, behind });
    }
    if (known === undefined || known === 'failed' || known.text !== now.text) {
      if (known === undefined || known === 'failed' || known.list !== now.list) push({ source: id, execution: null, isOutdated: now.isOutdated });
      known = now;
      isBehind = !now.isOutdated;
    }
    if (isBehind) {
      isBehind = false;
      for (const indexer of await open()) {
        const news = await growth.of(indexer, signal);
        if (news === 'later') isBehind = true;
        else if (news !== undefined) {
          if (news.isAnew) await reopen(news.id);
          push({ source: id, execution: news, isOutdated: false });
          grownAt = performance.now();
        }
      }
    } else if (grownAt !== undefined && performance.now() - grownAt > REST) {
      grownAt = undefined;
      for (const indexer of await open()) if (indexer.execution.checkAgain()) indexer.start();
    }
  }
}

/** Lets executions grow, and knows what has been told of each. */
class Growth {
  readonly #told = new WeakMap<OpenExecution, { readonly lastSequence: number; readonly status: string }>();

  /** What is new; `later` when that can be said only later. */
  async of({ execution, closed }: Indexer, signal: AbortSignal): Promise<NonNullable<SourceChange['execution']> | 'later' | undefined> {
    const told = this.#told.get(execution) ?? { lastSequence: execution.openedAt, status: execution.row.status };
    this.#told.set(execution, told);
    try {
      const news = await execution.grow(AbortSignal.any([signal, closed]));
      if (news === 'later') return 'later';
      const { id, lastSequence, status } = execution;
      if (news === 'grown' && lastSequence === told.lastSequence && status === told.status) return undefined;
      this.#told.set(execution, { lastSequence, status });
      return { id, lastSequence, status, isAnew: news === 'among' };
    } catch (error) {
      if (signal.aborted) throw error;
      // It was closed, which is the end of it; or it could not be read, and requests for it say why.
      return closed.aborted ? undefined : 'later';
    }
  }
}

/** A database that cannot be read just now may be readable soon. */
async function versionOf(source: Source, signal: AbortSignal): Promise<Awaited<ReturnType<Source['version']>> | 'failed'> {
  try {
    return await source.version(signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return 'failed';
  }
}
