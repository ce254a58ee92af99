import type { GraphLayout, GraphPoint } from '../../../core/contract/graph.ts';

/** The part of a graph in view: a point of the graph is drawn at `k` times its place, plus `x` and `y`. */
export interface Viewport {
  readonly x: number;
  readonly y: number;
  readonly k: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

const MARGIN = 20;
const MIN_ZOOM = 0.02;
const MAX_ZOOM = 3;
/** Labels are not readable in a smaller one, in which a graph is not shown as a whole at first. */
const READABLE = 0.6;
const FIRST_ZOOM = 0.85;

/** The whole graph, at most in its own size. */
export function fitting(graph: Size, view: Size): Viewport {
  const k = Math.max(MIN_ZOOM, Math.min(1, (view.width - 2 * MARGIN) / Math.max(1, graph.width), (view.height - 2 * MARGIN) / Math.max(1, graph.height)));
  return { x: (view.width - graph.width * k) / 2, y: (view.height - graph.height * k) / 2, k };
}

/** The whole graph if its labels are readable then, otherwise the surroundings of a node. */
export function firstViewport(layout: GraphLayout, view: Size, node: number): Viewport {
  const whole = fitting(layout, view);
  return whole.k >= READABLE ? whole : centred(layout, view, node, FIRST_ZOOM);
}

/** Zooms so that the point that is drawn at `at` stays where it is. */
export function zoomed({ x, y, k }: Viewport, factor: number, at: GraphPoint): Viewport {
  const next = Math.min(MAX_ZOOM, Math.max(MIN_ZOOM, k * factor));
  return { x: at.x - ((at.x - x) * next) / k, y: at.y - ((at.y - y) * next) / k, k: next };
}

/** The same if the node is in view, otherwise the same with the node in its middle. */
export function revealing(viewport: Viewport, layout: GraphLayout, view: Size, node: number): Viewport {
  const place = layout.nodes[node];
  if (place === undefined) return viewport;
  const [left, top] = [place.x * viewport.k + viewport.x, place.y * viewport.k + viewport.y];
  const isIn = left >= 0 && top >= 0 && left + layout.node.width * viewport.k <= view.width && top + layout.node.height * viewport.k <= view.height;
  return isIn ? viewport : centred(layout, view, node, viewport.k);
}

function centred(graph: GraphLayout, view: Size, node: number, k: number): Viewport {
  const { width, height } = graph.node;
  const { x, y } = graph.nodes[node] ?? { x: 0, y: 0 };
  return {
    x: within(view.width / 2 - (x + width / 2) * k, graph.width * k, view.width),
    y: within(view.height / 2 - (y + height / 2) * k, graph.height * k, view.height),
    k,
  };
}

/** Keeps a graph that is larger than the view from leaving a part of it empty; a smaller one is in its middle. */
function within(start: number, length: number, view: number): number {
  if (length + 2 * MARGIN <= view) return (view - length) / 2;
  return Math.min(MARGIN, Math.max(view - length - MARGIN, start));
}
