import type { SourceId } from '../contract/cursor.ts';
import type { SourceChange } from '../contract/sources.ts';
import { FaultError } from '../fault.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { Source } from '../source/port.ts';
import { followSource } from './follower.ts';
import { Indexer, type IndexerParts } from './indexer.ts';
import type { MemoryHolder } from './memory-budget.ts';
import { OpenExecution } from './open-execution.ts';

/** An open database and its open executions. */
export class OpenSource {
  readonly source: Source;
  readonly #id: SourceId;
  readonly #parts: IndexerParts;
  readonly #executions = new Map<ExecutionId, Promise<BudgetedExecution>>();
  readonly #closing = new AbortController();

  /** @param push tells of changes; without it, the database is not followed. */
  constructor(id: SourceId, source: Source, parts: IndexerParts, push?: (change: SourceChange) => void) {
    this.#id = id;
    this.source = source;
    this.#parts = parts;
    if (push === undefined) return;
    const open = async (): Promise<readonly Indexer[]> =>
      (await Promise.allSettled(this.#executions.values())).flatMap((one) => (one.status === 'fulfilled' ? [one.value.indexer] : []));
    const reopen = (execution: ExecutionId): Promise<void> => this.closeExecution(execution);
    // It ends when the source is closed.
    followSource({ source, id, open, reopen, push }, this.closed).catch(() => {});
  }

  /** Aborted when the source is closed. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /**
   * Opens the execution with this full id, unless it is open, and starts its indexing. It becomes the most recently used one.
   *
   * @throws FaultError `no-such-execution`, or `no-source` when the source has been closed in the meantime.
   */
  async execution(id: ExecutionId): Promise<Indexer> {
    const execution = await (this.#executions.get(id) ?? this.#open(id));
    if (this.closed.aborted) throw new FaultError('no-source');
    this.#parts.budget.touch(execution);
    execution.indexer.start();
    return execution.indexer;
  }

  /** Stops the indexing and frees the memory. Requests that wait for it are answered with `cancelled`. */
  async closeExecution(id: ExecutionId): Promise<void> {
    return this.#closeExecution(id, 'cancelled');
  }

  close(): void {
    this.#closing.abort(new FaultError('no-source'));
    for (const id of [...this.#executions.keys()]) void this.#closeExecution(id, 'no-source');
    this.source.close();
  }

  async #closeExecution(id: ExecutionId, reason: 'cancelled' | 'no-source'): Promise<void> {
    const opening = this.#executions.get(id);
    this.#executions.delete(id);
    (await opening?.catch(() => undefined))?.close(reason);
  }

  #open(id: ExecutionId): Promise<BudgetedExecution> {
    const opening = OpenExecution.open(this.source, id, this.closed, this.#parts.pause).then(
      (execution) =>
        new BudgetedExecution(new Indexer(this.#id, execution, this.#parts), (closed) => {
          this.#parts.budget.remove(closed);
          if (this.#executions.get(id) === opening) this.#executions.delete(id);
        }),
    );
    this.#executions.set(id, opening);
    opening.catch(() => {
      if (this.#executions.get(id) === opening) this.#executions.delete(id);
    });
    return opening;
  }
}

/** An open execution as a member of the memory budget. */
class BudgetedExecution implements MemoryHolder {
  readonly indexer: Indexer;
  readonly #onClose: (execution: BudgetedExecution) => void;

  constructor(indexer: Indexer, onClose: (execution: BudgetedExecution) => void) {
    this.indexer = indexer;
    this.#onClose = onClose;
  }

  get indexBytes(): number {
    const { columns, patches } = this.indexer.execution.history.bytes;
    return columns + patches;
  }

  get keyframeBytes(): number {
    return this.indexer.execution.history.bytes.states;
  }

  dropKeyframes(): void {
    this.indexer.execution.history.release();
  }

  thinKeyframes(): void {
    this.indexer.execution.history.states.thin();
  }

  get isBusy(): boolean {
    return this.indexer.isBusy;
  }

  close(reason: 'cancelled' | 'no-source' = 'cancelled'): void {
    this.#onClose(this);
    this.indexer.close(reason);
  }
}
