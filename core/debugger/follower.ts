import { setTimeout } from 'node:timers/promises';
import type { SourceId } from '../contract/cursor.ts';
import type { SourceChange } from '../contract/sources.ts';
import { FaultError } from '../fault.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { Source } from '../source/port.ts';
import type { Indexer } from './indexer.ts';

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
  let known = await versionOf(source, signal);
  let grownAt: number | undefined;
  for (let interval = INTERVAL; !signal.aborted; ) {
    // A process that only waits for changes may end.
    await setTimeout(interval, undefined, { signal, ref: false });
    const now = await versionOf(source, signal);
    interval = now === 'failed' ? INTERVAL_AFTER_FAILURE : INTERVAL;
    if (now === undefined) return;
    if (now === 'failed') continue;
    if (known !== undefined && known !== 'failed' && known.text === now.text) {
      if (grownAt === undefined || performance.now() - grownAt < REST) continue;
      grownAt = undefined;
      for (const indexer of await open()) if (indexer.execution.checkAgain()) indexer.start();
      continue;
    }
    known = now;
    push({ source: id, execution: null, isOutdated: now.isOutdated });
    if (now.isOutdated) continue;
    for (const indexer of await open()) if (await growOne(indexer)) grownAt = performance.now();
  }

  async function growOne({ execution, closed }: Indexer): Promise<boolean> {
    try {
      const news = await execution.grow(AbortSignal.any([signal, closed]));
      if (news === 'nothing') return false;
      if (news === 'among') await reopen(execution.id);
      const { lastSequence, status } = execution;
      push({ source: id, execution: { id: execution.id, lastSequence, status, isAnew: news === 'among' }, isOutdated: false });
      return true;
    } catch {
      // Requests for it tell what is wrong; the next change is another try.
      return false;
    }
  }
}

/** A database that cannot be read just now may be readable soon. */
async function versionOf(source: Source, signal: AbortSignal): Promise<Awaited<ReturnType<Source['version']>> | 'failed'> {
  try {
    return await source.version(signal);
  } catch (error) {
    if (signal.aborted || !(error instanceof FaultError)) throw error;
    return 'failed';
  }
}
