import { type LoopPart, placeInLoop } from '../explain/agent-loop.ts';
import type { WorkflowNode } from '../jamjet/workflow.ts';
import type { GraphEdge, GraphMoment, GraphNode, RunGraph } from '../replay/run-graph.ts';
import { ACTIVE_CONDITIONS, NODE_CONDITIONS, type NodeCondition } from '../vocabulary.ts';

/** A node of the graph on screen: one node of the run, or all that play the same part in the turns of an unrolled loop. */
interface ShownNode extends Omit<GraphNode, 'id'> {
  readonly label: string;
  /** In the order of the graph. */
  readonly members: readonly string[];
  /** The indices of the members in the graph. */
  readonly indices: readonly number[];
}

/** A graph as it is on screen, and its moments. */
export interface ShownGraph {
  readonly nodes: readonly ShownNode[];
  readonly edges: readonly GraphEdge[];
  /** @param moment of the graph; it may be of one that has grown since. */
  at(moment: GraphMoment): ShownMoment;
}

export interface ShownMoment extends GraphMoment {
  /** For each node, the index of the member whose condition it shows. */
  readonly members: Uint32Array;
}

/** The graph with every node on its own. */
export function plainGraph({ nodes, edges }: RunGraph): ShownGraph {
  return {
    nodes: nodes.map((node, i) => ({ ...node, label: node.id, members: [node.id], indices: [i] })),
    edges,
    at: (moment) => ({ ...moment, members: new Uint32Array(moment.conditions.length) }),
  };
}

const NOT_RUN: ReadonlySet<NodeCondition> = new Set(['never', 'skipped', 'cancelled']);

/**
 * The graph with an unrolled loop as one cycle: the nodes that play the same part in its turns are one node, and the edges
 * between them one edge. Nodes and edges are only added, so their indices stay.
 */
export function foldedGraph({ nodes, edges }: RunGraph, nodeOf: (id: string) => WorkflowNode | undefined): ShownGraph {
  const shown: (Omit<ShownNode, 'members' | 'indices'> & { members: string[]; indices: number[] })[] = [];
  const ofPart = new Map<LoopPart, number>();
  const ofNode = nodes.map(({ id, ...node }, i) => {
    const part = placeInLoop(id, nodeOf(id))?.part;
    const known = part === undefined ? undefined : ofPart.get(part);
    if (known === undefined) {
      const index = shown.push({ ...node, label: part ?? id, members: [id], indices: [i] }) - 1;
      if (part !== undefined) ofPart.set(part, index);
      return index;
    }
    shown[known]?.members.push(id);
    shown[known]?.indices.push(i);
    return known;
  });
  const joined: { from: number; to: number; condition: string | undefined }[] = [];
  const byEnds = new Map<string, number>();
  const ofEdge = edges.map(({ from, to, condition }) => {
    const ends = { from: ofNode[from] as number, to: ofNode[to] as number };
    // From turn to turn without a node between: the count of turns says so.
    if (ends.from === ends.to && from !== to) return -1;
    const key = `${ends.from} ${ends.to}`;
    const known = byEnds.get(key) ?? joined.push({ ...ends, condition }) - 1;
    byEnds.set(key, known);
    const edge = joined[known];
    if (edge !== undefined && edge.condition !== condition) edge.condition = undefined;
    return known;
  });
  return { nodes: shown, edges: joined, at: (moment) => foldedMoment(moment, shown, ofEdge, joined.length) };
}

function foldedMoment(moment: GraphMoment, nodes: readonly ShownNode[], ofEdge: readonly number[], edges: number): ShownMoment {
  const conditionOf = (index: number): NodeCondition => NODE_CONDITIONS[moment.conditions[index] ?? 0] ?? 'never';
  const folded = {
    conditions: new Uint8Array(nodes.length),
    attempts: new Uint32Array(nodes.length),
    reachable: new Uint8Array(nodes.length),
    taken: new Uint8Array(edges),
    members: new Uint32Array(nodes.length),
  };
  for (const [i, { indices }] of nodes.entries()) {
    const member = memberToShow(indices.map(conditionOf));
    folded.members[i] = member;
    folded.conditions[i] = moment.conditions[indices[member] as number] ?? 0;
    for (const index of indices) {
      folded.attempts[i] = (folded.attempts[i] as number) + (moment.attempts[index] ?? 0);
      if (moment.reachable[index] === 1) folded.reachable[i] = 1;
    }
  }
  for (const [edge, shown] of ofEdge.entries()) if (shown >= 0 && moment.taken[edge] === 1) folded.taken[shown] = 1;
  return folded;
}

/** The last member that is active, or else the last that ran, or else the first. */
function memberToShow(conditions: readonly NodeCondition[]): number {
  const active = conditions.findLastIndex((condition) => ACTIVE_CONDITIONS.has(condition));
  return active >= 0
    ? active
    : Math.max(
        0,
        conditions.findLastIndex((condition) => !NOT_RUN.has(condition)),
      );
}
