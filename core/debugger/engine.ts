import type { Params, Pushes } from '../contract.ts';
import { FaultError } from '../fault.ts';
import type { Progress } from '../replies.ts';
import type { Source, SourceSummary } from '../source/port.ts';
import type { OpenExecution } from './execution.ts';
import { Session } from './session.ts';
import { Tasks } from './tasks.ts';

export interface EngineParts {
  /** Opens what main has granted. */
  readonly openSource: (params: Params<'source.open'>) => Promise<Source>;
  readonly push: <N extends keyof Pushes>(name: N, value: Pushes[N]) => void;
  /** Lets waiting requests be answered before background work goes on. */
  readonly pause: () => Promise<void>;
}

/** How often progress is told, and how long background work may keep requests waiting; in milliseconds. */
const PROGRESS_EVERY = 100;
const TURN = 10;

/** What all handlers share: the open source, its executions, and the work that goes on in short turns beside requests. */
export class Engine {
  readonly tasks = new Tasks();
  readonly push: EngineParts['push'];
  readonly pause: EngineParts['pause'];
  readonly #openSource: EngineParts['openSource'];
  readonly #indexing = new WeakSet<OpenExecution>();
  #session: Session | undefined;

  constructor({ openSource, push, pause }: EngineParts) {
    this.#openSource = openSource;
    this.push = push;
    this.pause = pause;
  }

  /** @throws FaultError `no-source`. */
  get session(): Session {
    if (this.#session === undefined) throw new FaultError('no-source');
    return this.#session;
  }

  /** What was open stays open when this one cannot be. */
  async open(params: Params<'source.open'>): Promise<SourceSummary> {
    const source = await this.#openSource(params);
    try {
      const summary = await source.describe();
      this.shut();
      this.#session = new Session(source);
      return summary;
    } catch (error) {
      source.close();
      throw error;
    }
  }

  shut(): void {
    this.#session?.close();
    this.#session = undefined;
  }

  /** An execution by its full id; it is being indexed from now on, if it is not already. */
  async execution(id: string): Promise<OpenExecution> {
    const execution = await this.session.execution(id);
    this.#index(execution, this.session.closed);
    return execution;
  }

  /** The same, once its states are at hand as far as `sequence`: for what has to be exact. */
  async indexed(id: string, sequence: number): Promise<OpenExecution> {
    const execution = await this.execution(id);
    while (!execution.standsAt(sequence)) await this.pause();
    return execution;
  }

  /** Hands pieces on, and lets waiting requests be answered between them. */
  async *paced<T>(pieces: AsyncIterable<{ readonly text: T; readonly last: number }>, tell: (done: number) => void): AsyncGenerator<T> {
    let since = performance.now();
    for await (const { text, last } of pieces) {
      yield text;
      if (performance.now() - since < TURN) continue;
      tell(last);
      await this.pause();
      since = performance.now();
    }
  }

  #index(execution: OpenExecution, within: AbortSignal): void {
    if (this.#indexing.has(execution)) return;
    this.#indexing.add(execution);
    void this.tasks.run((signal, task) => this.#indexAndCheck(execution, signal, task), within);
  }

  async #indexAndCheck(execution: OpenExecution, signal: AbortSignal, task: number): Promise<void> {
    let told = 0;
    const tell = (phase: Progress['phase'], done: number, total: number): void => {
      if (phase !== 'done' && phase !== 'failed' && performance.now() - told < PROGRESS_EVERY) return;
      told = performance.now();
      this.push('progress', { task, execution: execution.id, phase, done, total });
    };
    try {
      await execution.index(signal, async () => {
        tell('index', execution.history.lastSequence, execution.lastSequence);
        await this.pause();
      });
      await execution.fold(signal, async () => {
        tell('states', execution.history.foldedTo, execution.lastSequence);
        await this.pause();
      });
      await execution.checkSnapshots(signal, async () => {
        tell('snapshots', execution.verdicts.size, execution.snapshots.length);
        await this.pause();
      });
      tell('done', execution.history.count, execution.history.count);
    } catch (error) {
      if (signal.aborted) return;
      tell('failed', execution.history.lastSequence, execution.lastSequence);
      this.push('fault', error instanceof FaultError ? error.fault : { kind: 'internal', detail: String(error) });
    }
  }
}
