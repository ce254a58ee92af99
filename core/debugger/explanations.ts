import { type Approval, ApprovalReader, hasEnded } from '../explain/approvals.ts';
import { MessageWriters } from '../explain/messages.ts';
import { type ModelStart, modelStarts } from '../explain/model-starts.ts';
import type { ExplainedRun } from '../explain/run.ts';
import { type SentCall, sentAt } from '../explain/sent.ts';
import { type StoryLine, storyOf } from '../explain/story.ts';
import { type AgentLoop, turnsOf } from '../explain/turns.ts';
import type { Why } from '../explain/why.ts';
import { explainWhy } from '../explain/why-run.ts';
import { explainedRun } from './explained-run.ts';
import type { OpenExecution } from './open-execution.ts';

/** The most lines of a story that are kept; all are counted. */
const MAX_LINES = 100_000;
const KEPT_CALLS = 4;

export interface Story {
  readonly total: number;
  /** The first ones. */
  readonly lines: readonly StoryLine[];
}

/** What is explained of an open execution. Each part is made when it is asked for first, and again when the log has grown. */
export class Explanations {
  readonly run: ExplainedRun;
  readonly writers: MessageWriters;
  readonly #made = new Map<string, Promise<unknown>>();
  /** Oldest first. */
  readonly #sent = new Map<ModelStart, Promise<SentCall>>();

  readonly #execution: OpenExecution;
  readonly #signal: AbortSignal;

  private constructor(run: ExplainedRun, execution: OpenExecution, signal: AbortSignal) {
    this.run = run;
    this.#execution = execution;
    this.#signal = signal;
    this.writers = new MessageWriters(run.history);
  }

  /** @param signal aborted when the source is closed: several requests share the answer. */
  static of(execution: OpenExecution, signal: AbortSignal): Promise<Explanations> {
    const { count } = execution.history;
    const kept = known.get(execution);
    if (kept?.count === count) return kept.explanations;
    const explanations = explainedRun(execution, signal).then((run) => new Explanations(run, execution, signal));
    known.set(execution, { count, explanations });
    explanations.catch(() => known.delete(execution));
    return explanations;
  }

  starts(): Promise<readonly ModelStart[]> {
    return this.#once('starts', () => modelStarts(this.run));
  }

  turns(): Promise<AgentLoop | undefined> {
    return this.#once('turns', () => turnsOf(this.run));
  }

  story(): Promise<Story> {
    return this.#once('story', () => this.#tell());
  }

  /** In the order in which they were asked. */
  async approvals(): Promise<readonly Approval[]> {
    const reader = await this.#once('approvals', () => this.#readApprovals());
    // A row may end without an event.
    if (hasEnded(this.run.rowStatus)) reader.end();
    return reader.approvals;
  }

  /** What the model was sent at a start. The last ones are kept: a step to the next call compares with the one before. */
  sent(start: ModelStart): Promise<SentCall> {
    const known = this.#sent.get(start);
    const call = known ?? sentAt(this.run, start);
    this.#sent.delete(start);
    this.#sent.set(start, call);
    call.catch(() => this.#sent.delete(start));
    for (const oldest of this.#sent.keys()) {
      if (this.#sent.size <= KEPT_CALLS) break;
      this.#sent.delete(oldest);
    }
    return call;
  }

  /** Read anew each time: what a run waits for changes without an event. */
  why(): Promise<Why> {
    return explainWhy(this.run);
  }

  async #readApprovals(): Promise<ApprovalReader> {
    const { source, id, pause } = this.#execution;
    const reader = new ApprovalReader();
    for await (const chunk of source.scan(id, 0, this.#signal)) {
      // What has come since it was indexed is not explained yet.
      reader.append(chunk, this.run.history.lastSequence);
      await pause();
    }
    return reader;
  }

  #once<T>(name: string, make: () => Promise<T>): Promise<T> {
    const made = (this.#made.get(name) as Promise<T> | undefined) ?? make();
    this.#made.set(name, made);
    // The next request tries again.
    made.catch(() => this.#made.delete(name));
    return made;
  }

  async #tell(): Promise<Story> {
    const lines: StoryLine[] = [];
    let total = 0;
    for await (const line of storyOf(this.run)) {
      total++;
      if (lines.length < MAX_LINES) lines.push(line);
    }
    return { total, lines };
  }
}

const known = new WeakMap<OpenExecution, { readonly count: number; readonly explanations: Promise<Explanations> }>();
