import { type LoopPart, placeInLoop } from '../explain/agent-loop.ts';
import type { WorkflowNode } from '../jamjet/workflow.ts';
import type { History } from '../replay/history.ts';
import { finish, type Steps } from '../replay/steps.ts';
import type { OpenExecution } from './open-execution.ts';
import { runPaced } from './pacing.ts';

/** How many names are looked at between two yields. */
const NAMES_PER_STEP = 4096;

/** What a lane of the timeline shows. */
export interface LaneLabel {
  /** The name of its node, or of the part of the loop. */
  readonly name: string;
  /** How many nodes of an unrolled loop share it; null for the lane of one node. */
  readonly turns: number | null;
}

/**
 * The lanes of a timeline, in the order of their first events: one for each node, or, folded, one for all nodes that play the
 * same part in the turns of an unrolled loop. Nodes are numbered as in the history.
 */
export class NodeLanes {
  readonly #history: Pick<History, 'nodeNames'>;
  /** The nodes of each lane, and the lane of each node; undefined when each node has a lane. */
  readonly #folded:
    | { readonly nodes: number[][]; readonly lanes: number[]; readonly ofPart: Map<LoopPart, number>; readonly parts: Map<number, LoopPart> }
    | undefined;
  readonly #definitionOf: (node: string) => WorkflowNode | undefined;

  /** @param history which may grow. */
  constructor(history: Pick<History, 'nodeNames'>, folds: boolean, definitionOf: (node: string) => WorkflowNode | undefined = () => undefined) {
    this.#history = history;
    this.#definitionOf = definitionOf;
    this.#folded = folds ? { nodes: [], lanes: [], ofPart: new Map(), parts: new Map() } : undefined;
  }

  get count(): number {
    this.#grow();
    return this.#folded?.nodes.length ?? this.#history.nodeNames.length;
  }

  /** Whether lanes are shared. */
  get hasLoop(): boolean {
    this.#grow();
    return (this.#folded?.parts.size ?? 0) > 0;
  }

  /** In ascending order; empty for a lane that does not exist. */
  nodesOf(lane: number): readonly number[] {
    this.#grow();
    if (this.#folded !== undefined) return this.#folded.nodes[lane] ?? [];
    return lane < this.#history.nodeNames.length ? [lane] : [];
  }

  laneOf(node: number): number {
    this.#grow();
    return this.#folded?.lanes[node] ?? node;
  }

  labelOf(lane: number): LaneLabel {
    const nodes = this.nodesOf(lane);
    const part = this.#folded?.parts.get(lane);
    return part === undefined ? { name: this.#history.nodeNames[nodes[0] ?? lane] ?? '', turns: null } : { name: part, turns: nodes.length };
  }

  #grow(): void {
    finish(this.growing());
  }

  /** Gives lanes to the nodes that have been named since. */
  *growing(): Steps<void> {
    if (this.#folded === undefined) return;
    const { nodes, lanes, ofPart, parts } = this.#folded;
    for (let node = lanes.length; node < this.#history.nodeNames.length; node++) {
      if (node % NAMES_PER_STEP === NAMES_PER_STEP - 1) yield;
      const name = this.#history.nodeNames[node] as string;
      const part = placeInLoop(name, this.#definitionOf(name))?.part;
      const lane = part === undefined ? nodes.length : (ofPart.get(part) ?? nodes.length);
      if (part !== undefined) {
        ofPart.set(part, lane);
        parts.set(lane, part);
      }
      const shared = nodes[lane];
      if (shared === undefined) nodes.push([node]);
      else shared.push(node);
      lanes.push(lane);
    }
  }
}

const known = new WeakMap<OpenExecution, NodeLanes>();

/** The lanes of an open execution. */
export async function lanesOf(execution: OpenExecution, folds: boolean): Promise<NodeLanes> {
  if (!folds) return new NodeLanes(execution.history, false);
  const kept = known.get(execution);
  if (kept !== undefined) return kept;
  const definition = await execution.definition.read().catch(() => undefined);
  const lanes = new NodeLanes(execution.history, true, definition?.nodeOf);
  await runPaced(lanes.growing(), execution.pause);
  // Without the definition the names of the nodes tell, until it can be read.
  if (definition !== undefined) known.set(execution, lanes);
  return lanes;
}

/** The one of these nodes whose event is the last one up to a position, or else the first; null when there is no node. */
export function nodeOfLane({ nodes: postings, nodeNames }: History, nodes: readonly number[], position: number): string | null {
  let [found, last] = [nodes[0] ?? -1, -1];
  for (const node of nodes) {
    const at = postings.lastAt(node, position) ?? -1;
    if (at > last) [found, last] = [node, at];
  }
  return nodeNames[found] ?? null;
}
