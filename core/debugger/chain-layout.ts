import type { GraphLayout, GraphPoint } from '../contract/graph.ts';
import type { LayoutWork } from './layout-worker.ts';

export const NODE_SIZE = { width: 196, height: 48 };
/** In a graph of more nodes, conditions are not shown. */
export const MAX_LABELLED_NODES = 60;

const GAP = { x: 56, y: 28 };
/** How far an edge leads away from a column before it turns. */
const TURN = 14;
/** Width to height. */
const ASPECT = 1.4;

/** The layout of long chains, such as an unrolled loop, in columns; undefined for any other graph, and for one whose conditions are shown. */
export function chainLayout({ nodes, edges }: LayoutWork): GraphLayout | undefined {
  const order = nodes > MAX_LABELLED_NODES ? chainOrder(nodes, edges) : undefined;
  if (order === undefined) return undefined;
  const [column, row] = [NODE_SIZE.width + GAP.x, NODE_SIZE.height + GAP.y];
  const rows = Math.ceil(Math.sqrt((nodes * column) / (ASPECT * row)));
  const places: GraphPoint[] = [];
  for (const [i, node] of order.entries()) places[node] = { x: Math.floor(i / rows) * column, y: TURN + (i % rows) * row };
  return {
    width: Math.ceil(nodes / rows) * column - GAP.x,
    height: rows * row - GAP.y + 2 * TURN,
    node: NODE_SIZE,
    nodes: places,
    edges: edges.map(([from, to]) => ({ points: edgePoints(places[from] as GraphPoint, places[to] as GraphPoint), label: null })),
    order,
  };
}

/** The nodes along each chain, one chain after the other; undefined if paths fork, join or go round. */
function chainOrder(nodes: number, edges: LayoutWork['edges']): number[] | undefined {
  const next = new Map(edges.map(([from, to]) => [from, to]));
  const led = new Set(edges.map(([, to]) => to));
  if (next.size !== edges.length || led.size !== edges.length) return undefined;
  const order: number[] = [];
  for (let start = 0; start < nodes; start++) {
    if (led.has(start)) continue;
    for (let node: number | undefined = start; node !== undefined; node = next.get(node)) order.push(node);
  }
  return order.length === nodes ? order : undefined;
}

/** Straight down, or from the end of a column to the top of the next one. */
function edgePoints(from: GraphPoint, to: GraphPoint): GraphPoint[] {
  const start = { x: from.x + NODE_SIZE.width / 2, y: from.y + NODE_SIZE.height };
  const end = { x: to.x + NODE_SIZE.width / 2, y: to.y };
  if (from.x === to.x) return [start, end];
  const [below, above, between] = [start.y + TURN, end.y - TURN, to.x - GAP.x / 2];
  return [start, { x: start.x, y: below }, { x: between, y: below }, { x: between, y: above }, { x: end.x, y: above }, end];
}
