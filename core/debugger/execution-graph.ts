import type { GraphLayout, GraphShape } from '../contract/graph.ts';
import { readWorkflow } from '../jamjet/workflow.ts';
import type { History } from '../replay/history.ts';
import { type GraphMoment, RunGraph } from '../replay/run-graph.ts';
import type { ExecutionDetail, Pause, Source } from '../source/port.ts';
import { chainLayout } from './chain-layout.ts';
import type { LaidOut, LayoutWork } from './layout-worker.ts';
import { runPaced } from './pacing.ts';
import { WorkerThread } from './worker-thread.ts';

/** A layout of as many nodes as a graph may have takes a few seconds. */
const LAYOUT_TIME = 30_000;

/** The graph of an open execution. It is made when it is first asked for, and grows with the history. */
export class ExecutionGraph {
  readonly #source: Source;
  readonly #row: ExecutionDetail;
  readonly #history: History;
  readonly #pause: Pause;
  #graph: Promise<RunGraph> | undefined;
  /** Walks over the log one after another. */
  #walking: Promise<unknown> = Promise.resolve();
  #layout: { readonly of: string; readonly answer: Promise<GraphLayout> } | undefined;

  constructor(source: Source, row: ExecutionDetail, history: History, pause: Pause) {
    this.#source = source;
    this.#row = row;
    this.#history = history;
    this.#pause = pause;
  }

  /** The graph after a position that is indexed. */
  async at(position: number): Promise<GraphMoment> {
    return (await this.#upTo(position)).at(position);
  }

  /** The nodes and edges of everything that is indexed. */
  async shape(): Promise<GraphShape> {
    const { from, nodes, edges, leftOut } = await this.#upTo(this.#history.count - 1);
    return {
      from,
      workflow: this.#row.workflowId,
      version: this.#row.workflowVersion,
      nodes: nodes.map(({ id, kind, description, declared }) => ({ id, kind: kind ?? null, label: id, description: description ?? null, declared })),
      edges: edges.map(({ from, to, condition }) => ({ from, to, condition: condition ?? null })),
      leftOut,
    };
  }

  /** The layout of that shape, kept until the shape changes. */
  async layout(signal?: AbortSignal): Promise<GraphLayout> {
    const { nodes, edges } = await this.#upTo(this.#history.count - 1);
    const of = `${nodes.length} ${edges.length}`;
    if (this.#layout?.of !== of) {
      const layout = {
        of,
        answer: laidOut({ nodes: nodes.length, edges: edges.map(({ from, to, condition }) => [from, to, condition?.length ?? 0]) }, signal),
      };
      this.#layout = layout;
      // The next request tries again.
      layout.answer.catch(() => {
        if (this.#layout === layout) this.#layout = undefined;
      });
    }
    return this.#layout.answer;
  }

  async #upTo(position: number): Promise<RunGraph> {
    this.#graph ??= this.#open();
    const graph = await this.#graph;
    const walking = this.#walking.then(() => runPaced(graph.extend(position), this.#pause));
    this.#walking = walking.catch(() => {});
    await walking;
    return graph;
  }

  async #open(): Promise<RunGraph> {
    const { workflowId, workflowVersion } = this.#row;
    try {
      const definition = await this.#source.definition(workflowId, workflowVersion);
      return new RunGraph(this.#history, definition === undefined ? undefined : readWorkflow(definition));
    } catch (error) {
      this.#graph = undefined;
      throw error;
    }
  }
}

async function laidOut(work: LayoutWork, signal: AbortSignal | undefined): Promise<GraphLayout> {
  const chain = chainLayout(work);
  if (chain !== undefined) return chain;
  const thread = new WorkerThread<LayoutWork, LaidOut>('layout-worker', undefined, { subject: 'The layout of the graph', timeout: LAYOUT_TIME, signal });
  try {
    const answer = await thread.ask(work);
    if ('problem' in answer) throw new Error(answer.problem);
    return answer;
  } finally {
    await thread.end();
  }
}
