import type { EnginePushes } from '../contract/contract.ts';
import type { Cursor, SourceId } from '../contract/cursor.ts';
import { FaultError } from '../fault.ts';
import type { Source, SourceSummary } from '../source/port.ts';
import type { PreparedSource } from '../source/spec.ts';
import type { MemoryBudget } from './memory-budget.ts';
import type { OpenExecution } from './open-execution.ts';
import { OpenSource } from './open-source.ts';
import { oneAtATime, type Pause } from './pacing.ts';
import { Tasks } from './tasks.ts';

export interface EngineParts {
  /** Opens a database that the host has granted. */
  readonly openSource: (prepared: PreparedSource) => Promise<Source>;
  readonly push: <N extends keyof EnginePushes>(name: N, value: EnginePushes[N]) => void;
  readonly pause: Pause;
  readonly budget: MemoryBudget;
}

/** What all handlers share: the open sources, one memory budget for all of their histories, and the tasks. */
export class Engine {
  readonly tasks: Tasks;
  readonly pause: Pause;
  readonly #openSource: EngineParts['openSource'];
  readonly #push: EngineParts['push'];
  readonly #budget: MemoryBudget;
  readonly #sources = new Map<SourceId, OpenSource>();
  /** The opening of each id that began last. */
  readonly #openings = new Map<SourceId, symbol>();

  constructor({ openSource, push, pause, budget }: EngineParts) {
    this.#openSource = openSource;
    this.tasks = new Tasks((update) => push('task', update));
    this.#push = push;
    this.pause = oneAtATime(pause);
    this.#budget = budget;
  }

  /** The files of all open sources, to which nothing may be written. */
  get files(): readonly string[] {
    return [...this.#sources.values()].flatMap(({ source }) => source.files);
  }

  /** @throws FaultError `no-source`. */
  source(id: SourceId): OpenSource {
    const open = this.#sources.get(id);
    if (open === undefined) throw new FaultError('no-source');
    return open;
  }

  /** Opens a source under an id. A source that is open under the same id is closed, unless opening the new one fails. */
  async open(id: SourceId, prepared: PreparedSource, signal?: AbortSignal): Promise<SourceSummary> {
    const opening = Symbol();
    this.#openings.set(id, opening);
    const source = await this.#openSource(prepared);
    try {
      const summary = await source.describe(signal);
      // It was closed, cancelled, or opened once more in the meantime.
      if (signal?.aborted || this.#openings.get(id) !== opening) throw new FaultError('cancelled');
      this.close(id);
      this.#sources.set(
        id,
        new OpenSource(id, source, { tasks: this.tasks, budget: this.#budget, pause: this.pause }, (change) => this.#push('sourceChanged', change)),
      );
      return summary;
    } catch (error) {
      source.close();
      throw error;
    }
  }

  close(id: SourceId): void {
    this.#openings.delete(id);
    this.#sources.get(id)?.close();
    this.#sources.delete(id);
  }

  /** A signal for work on a source: aborted with the request, or with the Fault `no-source` when the source is closed. */
  untilClosed(id: SourceId, signal: AbortSignal): AbortSignal {
    return AbortSignal.any([signal, this.source(id).closed]);
  }

  /** An execution by its full id, indexed as far as it is. Its indexing is started. */
  async execution({ source, execution }: Pick<Cursor, 'source' | 'execution'>): Promise<OpenExecution> {
    return (await this.source(source).execution(execution)).execution;
  }

  /** The same once the state at the cursor is available, for answers that must be exact. Throws as {@link Indexer.ready} does. */
  async ready({ source, execution, sequence }: Cursor, signal?: AbortSignal): Promise<OpenExecution> {
    const indexer = await this.source(source).execution(execution);
    await indexer.ready(sequence, signal);
    return indexer.execution;
  }

  /** The same once the whole log is indexed. It also ends, with the Fault `no-source`, when the source is closed. */
  whole({ source, execution }: Pick<Cursor, 'source' | 'execution'>, signal: AbortSignal): Promise<OpenExecution> {
    return this.ready({ source, execution, sequence: Number.MAX_SAFE_INTEGER }, this.untilClosed(source, signal));
  }
}
