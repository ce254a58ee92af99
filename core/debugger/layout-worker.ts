import { parentPort } from 'node:worker_threads';
import ELK, { type ElkExtendedEdge, type ElkLabel, type ElkNode, type LayoutOptions } from 'elkjs/lib/elk.bundled.js';
import type { GraphLayout, GraphPoint } from '../contract/graph.ts';
import { MAX_LABELLED_NODES, NODE_SIZE } from './chain-layout.ts';

export interface LayoutWork {
  readonly nodes: number;
  /** With the number of characters of their conditions. */
  readonly edges: readonly (readonly [from: number, to: number, characters: number])[];
}

export type LaidOut = GraphLayout | { readonly problem: string };

/** From this number of nodes on, long chains are broken into columns. */
const WRAPPED_NODES = 16;
/** From this number of nodes on, faster and less thorough methods are good enough. */
const MANY_NODES = 120;

const OPTIONS: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.aspectRatio': '1.4',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.layered.spacing.nodeNodeBetweenLayers': '28',
  'elk.layered.spacing.edgeNodeBetweenLayers': '14',
  'elk.layered.cycleBreaking.strategy': 'MODEL_ORDER',
  'elk.layered.nodePlacement.bk.fixedAlignment': 'BALANCED',
  'elk.edgeLabels.inline': 'true',
};
/** A character of a condition, and the most that are shown. */
const CHARACTER = 6.5;
const MAX_CHARACTERS = 28;
const LABEL_HEIGHT = 16;

const WRAPPED: LayoutOptions = { 'elk.layered.wrapping.strategy': 'MULTI_EDGE', 'elk.layered.wrapping.additionalEdgeSpacing': '24' };
const FAST: LayoutOptions = {
  'elk.layered.thoroughness': '1',
  'elk.layered.crossingMinimization.greedySwitch.type': 'OFF',
  'elk.layered.layering.strategy': 'LONGEST_PATH_SOURCE',
};

parentPort?.on('message', (work: LayoutWork) => {
  layout(work).then(
    (answer) => parentPort?.postMessage(answer),
    (error: unknown) => parentPort?.postMessage({ problem: String(error) } satisfies LaidOut),
  );
});

async function layout({ nodes, edges }: LayoutWork): Promise<GraphLayout> {
  const isWrapped = nodes >= WRAPPED_NODES;
  const graph: ElkNode = await new ELK().layout<ElkNode>({
    id: 'graph',
    layoutOptions: { ...OPTIONS, ...(isWrapped ? WRAPPED : {}), ...(nodes >= MANY_NODES ? FAST : {}) },
    children: Array.from({ length: nodes }, (_, i) => ({ id: `n${i}`, ...NODE_SIZE })),
    edges: edges.map(([from, to, characters], i) => ({
      id: `e${i}`,
      sources: [`n${from}`],
      targets: [`n${to}`],
      labels: nodes > MAX_LABELLED_NODES ? [] : labelOf(characters),
    })),
  });
  const places = (graph.children ?? []).map(cornerOf);
  return {
    width: graph.width ?? 0,
    height: graph.height ?? 0,
    node: NODE_SIZE,
    nodes: places,
    edges: (graph.edges ?? []).map(edgePlace),
    order: readingOrder(places, isWrapped),
  };
}

function cornerOf({ x = 0, y = 0 }: ElkNode): GraphPoint {
  return { x, y };
}

function labelOf(characters: number): ElkLabel[] {
  return characters === 0 ? [] : [{ text: 'condition', width: Math.min(characters, MAX_CHARACTERS) * CHARACTER + 8, height: LABEL_HEIGHT }];
}

function edgePlace({ sections = [], labels = [] }: ElkExtendedEdge): GraphLayout['edges'][number] {
  const [label] = labels;
  return {
    points: sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint]),
    label: label === undefined ? null : { x: label.x ?? 0, y: label.y ?? 0, width: label.width ?? 0, height: label.height ?? 0 },
  };
}

/** Row by row; in a layout of columns, along the flow. */
function readingOrder(places: readonly GraphPoint[], isWrapped: boolean): number[] {
  const order = [...places.keys()];
  const at = (node: number): GraphPoint => places[node] as GraphPoint;
  return isWrapped ? order : order.sort((a, b) => at(a).y - at(b).y || at(a).x - at(b).x);
}
