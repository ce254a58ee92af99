import { textAt } from '../jamjet/chunk.ts';
import { Column } from '../replay/column.ts';
import type { FilteredPositions } from '../replay/event-columns.ts';
import type { EventFilter } from '../replay/filter.ts';
import { FilteredEvent } from '../replay/filtered-event.ts';
import { knownPositions } from '../replay/known-positions.ts';
import { filterOf } from './filtered-events.ts';
import type { OpenExecution } from './open-execution.ts';
import { Pacer, runPaced } from './pacing.ts';
import type { Task } from './tasks.ts';

/** Enough for a list, which is asked for again when more events have been tested. */
export const hasBegun = ({ isReading, tested }: RunningFilter): boolean => isReading && tested > 0;

/** Runs work as a task, which is shown and can be cancelled. */
type AsTask = (work: (task: Task) => Promise<void>) => Promise<void>;

/**
 * The events that a filter matches, in the order of the log. Where the headers do not decide, the events are read again; what
 * has been found until then can be used while that goes on.
 */
export class RunningFilter {
  readonly filter: string;
  readonly #execution: OpenExecution;
  readonly #found = new Column(new Uint32Array(64));
  #tested = 0;
  #failure: unknown;
  #run: Promise<void> | undefined;
  #isReading = false;
  #onNews = (): void => {};
  /** Resolves when more events have been tested. */
  #news: Promise<void> = Promise.resolve();

  constructor(execution: OpenExecution, filter: string) {
    this.#execution = execution;
    this.filter = filter;
  }

  /** The positions of the matches so far. */
  get positions(): Uint32Array {
    return this.#found.values;
  }

  /** How many leading events have been tested. */
  get tested(): number {
    return this.#tested;
  }

  /** Whether every event that is indexed has been tested. */
  get isComplete(): boolean {
    return this.#tested === this.#execution.history.count;
  }

  /** Then it cannot be continued. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Whether events are being read. */
  get isReading(): boolean {
    return this.#isReading;
  }

  /**
   * Tests the events that are indexed by now, unless that is under way.
   *
   * @param asTask for reading events; work on headers alone is too short for a task.
   * @param signal ends the work.
   */
  start(asTask: AsTask, signal: AbortSignal): void {
    if (this.#run !== undefined || this.isComplete) return;
    this.#expectNews();
    this.#run = this.#advance(asTask, signal)
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#run = undefined;
        this.#isReading = false;
        this.#onNews();
      });
  }

  /**
   * Waits until enough is known, or everything that can be known now.
   *
   * @throws the error of the work, or the abort reason of `signal`.
   */
  async until(isEnough: () => boolean, signal: AbortSignal): Promise<void> {
    let abort = (): void => {};
    const aborted = new Promise<never>((_, reject) => {
      abort = () => reject(signal.reason);
    });
    signal.addEventListener('abort', abort, { once: true });
    try {
      while (this.#run !== undefined && !isEnough()) {
        signal.throwIfAborted();
        await Promise.race([this.#news, aborted]);
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #advance(asTask: AsTask, signal: AbortSignal): Promise<void> {
    const { history, pause } = this.#execution;
    const { count } = history;
    const filter = await filterOf(this.#execution, this.filter, pause, signal);
    const headers = await runPaced(history.positionsWhere(filter, this.#tested, count), pause, signal);
    if (headers.undecided.length > 0) await asTask((task) => this.#read(filter, headers, count, task));
    else {
      for (const position of headers.matching) this.#found.push(position);
      this.#tested = count;
    }
  }

  /** Reads the events that the headers do not decide. */
  async #read(filter: EventFilter, { matching, undecided }: FilteredPositions, count: number, { signal, report }: Task): Promise<void> {
    const { history, source, id, pause } = this.#execution;
    const pacer = new Pacer(pause);
    this.#isReading = true;
    let [next, nextMatching] = [0, 0];
    const addMatching = (end: number): void => {
      for (; (matching[nextMatching] as number) < end; nextMatching++) this.#found.push(matching[nextMatching] as number);
    };
    const end = (undecided.at(-1) as number) + 1;
    const after = history.sequenceOf(undecided[0] as number) - 1;
    let position = history.positionAt(after) + 1;
    const progress = (): void => {
      addMatching(position);
      this.#tested = position;
      this.#expectNews();
      report('filter', history.sequenceOf(position - 1), history.sequenceOf(count - 1));
    };
    const positionOf = knownPositions(history, position);
    for await (const chunk of source.scan(id, after, signal)) {
      for (let i = 0; i < chunk.count && position < end; i++) {
        if (pacer.isDue) {
          if (position > 0) progress();
          await pacer.pause(signal);
        }
        const known = positionOf(chunk.sequences[i] as number);
        if (known === undefined) continue;
        position = known + 1;
        while ((undecided[next] as number) < known) next++;
        if (undecided[next] !== known) continue;
        const event = () => new FilteredEvent(textAt(chunk, i), chunk.unreadable.get(i));
        const test = filter(history.kindOf(known)?.type ?? 'unreadable', history.nodeOf(known));
        if (test(chunk.sequences[i] as number, event) !== true) continue;
        addMatching(known);
        this.#found.push(known);
      }
      if (position >= end) break;
      if (position > 0) progress();
    }
    addMatching(count);
    this.#tested = count;
  }

  #expectNews(): void {
    this.#onNews();
    this.#news = new Promise((resolve) => {
      this.#onNews = resolve;
    });
  }
}
