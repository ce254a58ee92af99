import type { NewEvent, Snapshot, StateBackend, WorkflowExecution } from '../../core/store/port.ts';

/** How many records go into the store in one transaction. */
const BATCH = 20_000;

/** Records what executions do, in order, and writes it to a store at the end, so that each execution's row has its final values. */
export class Recording {
  readonly #executions = new Map<string, WorkflowExecution>();
  readonly #sequences = new Map<string, number>();
  readonly #steps: ((store: StateBackend) => Promise<unknown>)[] = [];
  /** The time of the store's clock while it writes, in milliseconds since 1970. */
  now: number;

  constructor(now: number) {
    this.now = now;
  }

  createExecution(execution: WorkflowExecution): void {
    const { executionId } = execution;
    this.#executions.set(executionId, execution);
    this.#steps.push((store) => store.createExecution(this.#executions.get(executionId) as WorkflowExecution));
  }

  updateExecution(executionId: string, row: Pick<WorkflowExecution, 'status' | 'currentState' | 'updatedAt' | 'completedAt'>): void {
    this.#executions.set(executionId, { ...(this.#executions.get(executionId) as WorkflowExecution), ...row });
  }

  /** @returns the sequence that the store will assign. */
  appendEvent(event: NewEvent): number {
    const sequence = (this.#sequences.get(event.executionId) ?? 0) + 1;
    this.#sequences.set(event.executionId, sequence);
    // The samples also have a kind that no runtime knows.
    this.#steps.push((store) => store.appendEvent(event, { unknownKinds: true }));
    return sequence;
  }

  writeSnapshot(snapshot: Snapshot): void {
    const { status: _, completedNodes: __, activeNodes: ___, lastSequence: ____, ...stateOnly } = snapshot;
    this.#steps.push((store) => store.writeSnapshot(store.generation < 5 ? stateOnly : snapshot));
  }

  putArtifact(bytes: Uint8Array, at: number): void {
    this.#steps.push((store) => {
      this.now = Math.floor(at);
      return store.putArtifact(bytes, 'application/json');
    });
  }

  async play(store: StateBackend): Promise<void> {
    for (let at = 0; at < this.#steps.length; at += BATCH) {
      await store.transaction(async (inside) => {
        for (const step of this.#steps.slice(at, at + BATCH)) await step(inside);
      });
    }
  }
}
