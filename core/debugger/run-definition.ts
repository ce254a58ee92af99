import { readWorkflow, type Workflow, type WorkflowNode } from '../jamjet/workflow.ts';
import type { ExecutionDetail, Source } from '../source/port.ts';

/** The definition of a run's own version. */
export interface Definition {
  /** undefined when the source has none, or one that cannot be read. */
  readonly workflow: Workflow | undefined;
  readonly nodeOf: (id: string) => WorkflowNode | undefined;
}

/** Reads the definition of a run once for all who ask. */
export class RunDefinition {
  readonly #source: Source;
  readonly #row: Pick<ExecutionDetail, 'workflowId' | 'workflowVersion'>;
  #reading: Promise<Definition> | undefined;

  constructor(source: Source, row: Pick<ExecutionDetail, 'workflowId' | 'workflowVersion'>) {
    this.#source = source;
    this.#row = row;
  }

  read(): Promise<Definition> {
    const reading = this.#reading ?? this.#read();
    this.#reading = reading;
    // The next request tries again.
    reading.catch(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    return reading;
  }

  async #read(): Promise<Definition> {
    const text = await this.#source.definition(this.#row.workflowId, this.#row.workflowVersion);
    const workflow = text === undefined ? undefined : readWorkflow(text);
    const nodes = new Map(workflow?.nodes.map((node) => [node.id, node]));
    return { workflow, nodeOf: (id) => nodes.get(id) };
  }
}
