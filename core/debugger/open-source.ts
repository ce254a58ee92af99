import type { SourceId } from '../contract/cursor.ts';
import { FaultError } from '../fault.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { Source } from '../source/port.ts';
import { Indexer, type IndexerParts } from './indexer.ts';
import type { MemoryHolder } from './memory-budget.ts';
import { OpenExecution } from './open-execution.ts';

/** One open database and the executions of it that are being looked at. */
export class OpenSource {
  readonly source: Source;
  readonly #id: SourceId;
  readonly #parts: IndexerParts;
  readonly #executions = new Map<ExecutionId, Promise<Held>>();
  readonly #closing = new AbortController();

  constructor(id: SourceId, source: Source, parts: IndexerParts) {
    this.#id = id;
    this.source = source;
    this.#parts = parts;
  }

  /** Aborted when it closes: whatever goes on for it ends then. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /**
   * An execution by its full id. It is indexed from now on, and counts as used now.
   *
   * @throws FaultError `no-such-execution`, or `no-source` when the source was closed meanwhile.
   */
  async execution(id: ExecutionId): Promise<Indexer> {
    const held = await (this.#executions.get(id) ?? this.#open(id));
    if (this.closed.aborted) throw new FaultError('no-source');
    this.#parts.budget.touch(held);
    held.indexer.start();
    return held.indexer;
  }

  /** Nobody looks at it any more. */
  async closeExecution(id: ExecutionId): Promise<void> {
    const opening = this.#executions.get(id);
    this.#executions.delete(id);
    (await opening?.catch(() => undefined))?.letGo();
  }

  close(): void {
    this.#closing.abort();
    for (const id of [...this.#executions.keys()]) void this.closeExecution(id);
    this.source.close();
  }

  #open(id: ExecutionId): Promise<Held> {
    const opening = OpenExecution.open(this.source, id, this.closed).then(
      (execution) =>
        new Held(new Indexer(this.#id, execution, this.#parts), (held) => {
          this.#parts.budget.remove(held);
          if (this.#executions.get(id) === opening) this.#executions.delete(id);
        }),
    );
    this.#executions.set(id, opening);
    opening.catch(() => this.#executions.delete(id));
    return opening;
  }
}

/** An execution as it takes part in the memory budget. */
class Held implements MemoryHolder {
  readonly indexer: Indexer;
  readonly #forget: (held: Held) => void;

  constructor(indexer: Indexer, forget: (held: Held) => void) {
    this.indexer = indexer;
    this.#forget = forget;
  }

  get indexBytes(): number {
    const { columns, patches } = this.indexer.execution.history.bytes;
    return columns + patches;
  }

  get keyframeBytes(): number {
    return this.indexer.execution.history.bytes.states;
  }

  giveUpKeyframes(): void {
    this.indexer.execution.history.release();
  }

  letGo(): void {
    this.#forget(this);
    this.indexer.close();
  }
}
