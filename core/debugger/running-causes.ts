import type { CauseKey, CausesView } from '../contract/executions.ts';
import { type Causes, causesOf } from '../explain/causes.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { Source } from '../source/port.ts';
import { visible } from '../visible.ts';
import type { Pause } from './pacing.ts';
import type { Task } from './tasks.ts';

/** The causes for which the runs of a source ended or wait, grouped in the background. What is known can be used while that goes on. */
export class RunningCauses {
  readonly #source: Source;
  #known: Causes | undefined;
  #state: CausesView['state'] = 'reading';
  #failure: unknown;
  #took = 0;
  #ended: Promise<void> = Promise.resolve();

  constructor(source: Source) {
    this.#source = source;
  }

  /** @param asTask runs the reading so that it is shown and can be stopped. What was read until it is stopped stays known. */
  start(pause: Pause, asTask: (work: (task: Task) => Promise<void>) => Promise<void>): void {
    this.#ended = asTask((task) => this.#read(pause, task))
      .then(() => {
        this.#state = 'whole';
      })
      .catch((error: unknown) => {
        this.#state = 'stopped';
        this.#failure = error;
      });
  }

  async #read(pause: Pause, { signal, report }: Task): Promise<void> {
    const begun = performance.now();
    for await (const causes of causesOf(this.#source, pause, signal)) {
      this.#known = causes;
      this.#took = performance.now() - begun;
      report('causes', causes.read, causes.of);
    }
  }

  /** @throws the error that ended the reading, unless somebody stopped it. */
  view(isStopped: boolean): CausesView {
    if (this.#failure !== undefined && !isStopped) throw this.#failure;
    const { read = 0, of = 0, completed = 0, unreadable = 0, others = 0, groups = [] } = this.#known ?? {};
    return {
      read,
      of,
      completed,
      unreadable,
      others,
      state: this.#state,
      milliseconds: this.#took,
      groups: groups.map(({ kind, cause, runs, workflows, nodes, first, last, starts, examples }) => ({
        kind,
        cause,
        runs,
        workflows,
        nodes,
        first,
        last,
        starts,
        examples: examples.map(({ executionId, sequence, sentence, startedAt }) => ({
          execution: executionId,
          sequence: sequence ?? null,
          sentence: visible(sentence),
          startedAt,
        })),
      })),
    };
  }

  /** The runs of a cause, the newest 10,000 of them, once all are read or somebody has stopped that. */
  async idsOf({ kind, cause }: CauseKey): Promise<readonly ExecutionId[]> {
    await this.#ended;
    return this.#known?.groups.find((group) => group.kind === kind && group.cause === cause)?.ids ?? [];
  }
}
