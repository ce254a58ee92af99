import type { SourceId } from '../contract/cursor.ts';
import type { ReadingState } from '../contract/executions.ts';
import { FaultError } from '../fault.ts';
import type { Source } from '../source/port.ts';
import type { Engine } from './engine.ts';
import type { OpenSource } from './open-source.ts';

/** How far something is read of a source: from all executions, or from its audit log. */
interface Progress {
  readonly read: number;
  readonly of: number;
}

/** Something that is read of a source in the background. What is known can be used while that goes on. */
class BackgroundReading<Known extends Progress> {
  readonly stop = new AbortController();
  known: Known | undefined;
  state: ReadingState = 'reading';
  /** How long it took until now. */
  milliseconds = 0;
  /** Resolves when all is read, or the reading has ended otherwise. */
  ended: Promise<void> = Promise.resolve();
  #failure: unknown;

  /** @param asTask runs the work so that it is shown and can be stopped. */
  start(
    read: (signal: AbortSignal) => AsyncIterable<Known>,
    asTask: (work: (task: { signal: AbortSignal; report: (of: Progress) => void }) => Promise<void>) => Promise<void>,
  ): void {
    const begun = performance.now();
    this.ended = asTask(async ({ signal, report }) => {
      for await (const known of read(signal)) {
        this.known = known;
        this.milliseconds = performance.now() - begun;
        report(known);
      }
    })
      .then(() => {
        this.state = 'whole';
      })
      .catch((error: unknown) => {
        this.state = 'stopped';
        this.#failure = error;
      });
  }

  /** Whether an error has ended the reading, and not somebody who stopped it. */
  get hasFailed(): boolean {
    return this.#failure !== undefined && !this.stop.signal.aborted;
  }

  /** @throws the error that ended the reading, unless somebody stopped it. */
  throwIfFailed(): void {
    if (this.hasFailed) throw this.#failure;
  }
}

/** One reading of each source, which begins when it is asked for first. */
export class BackgroundReadings<Known extends Progress> {
  readonly #engine: Engine;
  readonly #kind: 'causes' | 'approvals' | 'audit';
  readonly #read: (source: Source, signal: AbortSignal) => AsyncIterable<Known>;
  readonly #readings = new WeakMap<OpenSource, BackgroundReading<Known>>();

  constructor(engine: Engine, kind: 'causes' | 'approvals' | 'audit', read: (source: Source, signal: AbortSignal) => AsyncIterable<Known>) {
    this.#engine = engine;
    this.#kind = kind;
    this.#read = read;
  }

  of(id: SourceId): BackgroundReading<Known> {
    const open = this.#engine.source(id);
    const begun = this.#readings.get(open);
    if (begun !== undefined) return begun;
    const reading = new BackgroundReading<Known>();
    this.#readings.set(open, reading);
    const subject = { kind: this.#kind, source: id, execution: '' } as const;
    reading.start(
      (signal) => this.#read(open.source, signal),
      (work) =>
        this.#engine.tasks.run(
          subject,
          this.#kind,
          ({ signal, report }) => work({ signal, report: ({ read, of }) => report(this.#kind, read, of) }),
          open.closed,
          reading.stop.signal,
        ),
    );
    return reading;
  }

  /** Ends the reading; what is known stays. */
  stop(id: SourceId): void {
    this.#readings.get(this.#engine.source(id))?.stop.abort(new FaultError('cancelled', { subject: 'The reading' }));
  }

  /** Ends the reading, so that the next one begins anew. */
  forget(id: SourceId): void {
    this.stop(id);
    this.#readings.delete(this.#engine.source(id));
  }
}
