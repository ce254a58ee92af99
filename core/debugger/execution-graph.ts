import type { GraphLayout, GraphShape } from '../contract/graph.ts';
import type { History } from '../replay/history.ts';
import { RunGraph } from '../replay/run-graph.ts';
import type { ExecutionDetail, Pause } from '../source/port.ts';
import { chainLayout } from './chain-layout.ts';
import { foldedGraph, plainGraph, type ShownGraph, type ShownMoment } from './folded-graph.ts';
import type { LaidOut, LayoutWork } from './layout-worker.ts';
import type { OpenExecution } from './open-execution.ts';
import { runPaced } from './pacing.ts';
import type { RunDefinition } from './run-definition.ts';
import { WorkerThread } from './worker-thread.ts';

/** A layout of as many nodes as a graph may have takes a few seconds. */
const LAYOUT_TIME = 30_000;

/** The graph of an open execution, plain or with its loop folded. It is made when it is first asked for, and grows with the history. */
export class ExecutionGraph {
  readonly #row: ExecutionDetail;
  readonly #history: History;
  readonly #definition: RunDefinition;
  readonly #pause: Pause;
  #graph: Promise<RunGraph> | undefined;
  /** Walks over the log one after another. */
  #walking: Promise<unknown> = Promise.resolve();
  /** By whether they are folded. */
  readonly #shown = new Map<boolean, { readonly of: string; readonly graph: ShownGraph }>();
  readonly #layouts = new Map<boolean, { readonly of: ShownGraph; readonly answer: Promise<GraphLayout> }>();

  constructor({ row, history, definition, pause }: Pick<OpenExecution, 'row' | 'history' | 'definition' | 'pause'>) {
    this.#row = row;
    this.#history = history;
    this.#definition = definition;
    this.#pause = pause;
  }

  /** The graph after a position that is indexed. */
  async at(position: number, folds: boolean): Promise<ShownMoment> {
    const graph = await this.#upTo(position);
    return (await this.#shownOf(graph, folds)).at(graph.at(position));
  }

  /** The nodes and edges of everything that is indexed. */
  async shape(folds: boolean): Promise<GraphShape> {
    const graph = await this.#upTo(this.#history.count - 1);
    const { nodes, edges } = await this.#shownOf(graph, folds);
    return {
      from: graph.from,
      workflow: this.#row.workflowId,
      version: this.#row.workflowVersion,
      nodes: nodes.map(({ label, members, kind, description, declared }) => ({
        label,
        members,
        kind: kind ?? null,
        description: members.length > 1 ? null : (description ?? null),
        declared,
      })),
      edges: edges.map(({ from, to, condition }) => ({ from, to, condition: condition ?? null })),
      total: graph.nodes.length,
      leftOut: graph.leftOut,
    };
  }

  /** The layout of that shape, kept until the shape changes. */
  async layout(folds: boolean, signal?: AbortSignal): Promise<GraphLayout> {
    const of = await this.#shownOf(await this.#upTo(this.#history.count - 1), folds);
    const kept = this.#layouts.get(folds);
    if (kept?.of === of) return kept.answer;
    const work = { nodes: of.nodes.length, edges: of.edges.map(({ from, to, condition }) => [from, to, condition?.length ?? 0] as const) };
    const layout = { of, answer: laidOut(work, signal) };
    this.#layouts.set(folds, layout);
    // The next request tries again.
    layout.answer.catch(() => {
      if (this.#layouts.get(folds) === layout) this.#layouts.delete(folds);
    });
    return layout.answer;
  }

  async #shownOf(graph: RunGraph, folds: boolean): Promise<ShownGraph> {
    const of = `${graph.nodes.length} ${graph.edges.length}`;
    const kept = this.#shown.get(folds);
    if (kept?.of === of) return kept.graph;
    const shown = { of, graph: folds ? foldedGraph(graph, (await this.#definition.read()).nodeOf) : plainGraph(graph) };
    this.#shown.set(folds, shown);
    return shown.graph;
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
    try {
      return new RunGraph(this.#history, (await this.#definition.read()).workflow);
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
