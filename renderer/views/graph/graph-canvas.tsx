import { Maximize, Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { GraphLayout, GraphShape } from '../../../core/contract/graph.ts';
import type { GraphAtCursor } from '../../../core/contract/slices/graph.ts';
import { ACTIVE_CONDITIONS, NODE_CONDITIONS, TERMINAL_STATUSES } from '../../../core/vocabulary.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { GraphEdge, GraphNode, type NodeState } from './graph-node.tsx';
import { firstViewport, fitting, revealing, type Size, type Viewport, zoomed } from './viewport.ts';

const STEP = 1.3;
/** How far the pointer moves before a press becomes a drag, in pixels. */
const DRAG = 4;

interface CanvasProps {
  readonly shape: GraphShape;
  readonly layout: GraphLayout;
  /** undefined until the log is indexed up to the cursor. */
  readonly graph: GraphAtCursor | undefined;
  readonly svg: RefObject<SVGSVGElement | null>;
}

/** The graph in a view that is dragged and zoomed. The cursor changes only how its parts look. */
export function GraphCanvas({ shape, layout, graph, svg }: CanvasProps) {
  const { selectNode } = useRun();
  const selected = useRunState((state) => state.selectedNode);
  const hasEnded = useRunState(({ frame }) => (TERMINAL_STATUSES as readonly (string | null | undefined)[]).includes(frame?.status));
  const shown = useRef(graph);
  shown.current = graph;
  const select = useCallback(
    (index: number): void => {
      const { members } = shape.nodes[index] ?? { members: [] };
      selectNode(members[shown.current?.members[index] ?? 0] ?? members[0]);
    },
    [selectNode, shape],
  );
  const [focused, setFocused] = useState<number>();
  const { view, viewport, setViewport, drag } = useViewport(svg, layout, () => startNode(layout, graph));
  const drawn = useGrowing(shape.nodes.length);
  const tabStop = tabStopOf(shape, layout, focused, selected);

  const focus = (node: number | undefined): void => {
    if (node === undefined) return;
    svg.current?.querySelector<SVGElement>(`[data-node="${node}"]`)?.focus({ preventScroll: true });
    setViewport((known) => revealing(known, layout, view, node));
  };
  const middle = { x: view.width / 2, y: view.height / 2 };
  const zoomBy = (factor: number): void => setViewport((known) => zoomed(known, factor, middle));
  const showAll = (): void => setViewport(fitting(layout, view));
  const onKeyDown = (event: KeyboardEvent<SVGSVGElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = layout.order.indexOf(tabStop);
    const actions: Readonly<Record<string, () => void>> = {
      ArrowDown: () => focus(layout.order[at + 1]),
      ArrowRight: () => focus(layout.order[at + 1]),
      ArrowUp: () => focus(layout.order[at - 1]),
      ArrowLeft: () => focus(layout.order[at - 1]),
      Home: () => focus(layout.order[0]),
      End: () => focus(layout.order.at(-1)),
      Enter: () => select(tabStop),
      ' ': () => select(tabStop),
      '+': () => zoomBy(STEP),
      '-': () => zoomBy(1 / STEP),
      '0': showAll,
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  };
  return (
    <div className="graph-canvas">
      <svg ref={svg} className="graph" role="group" aria-label="Workflow graph" onKeyDown={onKeyDown} {...drag}>
        <g transform={`translate(${viewport.x} ${viewport.y}) scale(${viewport.k})`}>
          {shape.edges.map(({ from, to, condition }, i) =>
            from >= drawn || to >= drawn ? null : (
              <GraphEdge key={`${from} ${to}`} place={layout.edges[i] ?? NO_PLACE} condition={condition} way={wayOf(graph, i, from, to)} />
            ),
          )}
          {shape.nodes.slice(0, drawn).map((node, i) => (
            <GraphNode
              key={node.members[0]}
              {...stateOf(graph, i)}
              hasEnded={hasEnded}
              index={i}
              node={node}
              isDerived={shape.from === 'events'}
              place={layout.nodes[i] ?? ORIGIN}
              size={layout.node}
              isSelected={selected !== undefined && node.members.includes(selected)}
              isTabStop={i === tabStop}
              onSelect={select}
              onFocus={setFocused}
            />
          ))}
        </g>
      </svg>
      <div className="graph-zoom" role="group" aria-label="Zoom of the graph">
        <button type="button" className="icon-button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => zoomBy(STEP)}>
          <Plus aria-hidden="true" />
        </button>
        <button type="button" className="icon-button" aria-label="Zoom out" title="Zoom out (−)" onClick={() => zoomBy(1 / STEP)}>
          <Minus aria-hidden="true" />
        </button>
        <button type="button" className="icon-button" aria-label="Fit" title="Show the whole graph (0)" onClick={showAll}>
          <Maximize aria-hidden="true" />
        </button>
      </div>
    </div>
  );
}

const ORIGIN = { x: 0, y: 0 };
const NO_PLACE = { points: [], label: null };

/** How many nodes are drawn first, and how many more in each frame: a large graph is drawn without holding up the page. */
const DRAWN_AT_ONCE = 40;

function useGrowing(total: number): number {
  const [drawn, setDrawn] = useState(DRAWN_AT_ONCE);
  useEffect(() => {
    if (drawn >= total) return;
    const frame = requestAnimationFrame(() => setDrawn(drawn + DRAWN_AT_ONCE));
    return () => cancelAnimationFrame(frame);
  }, [drawn, total]);
  return drawn;
}

/** The part in view, its drag by the pointer and its zoom by the wheel. @param first the node that is in the middle at first. */
function useViewport(svg: RefObject<SVGSVGElement | null>, layout: GraphLayout, first: () => number) {
  const [view, setView] = useState<Size>({ width: 0, height: 0 });
  const [viewport, setViewport] = useState<Viewport>({ x: 0, y: 0, k: 1 });
  const isPlaced = useRef(false);
  const pressed = useRef<{ x: number; y: number; isDragged: boolean } | undefined>(undefined);
  useLayoutEffect(() => {
    const element = svg.current?.parentElement;
    if (element == null) return;
    const measure = (): void => setView({ width: element.clientWidth, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [svg]);
  useLayoutEffect(() => {
    if (isPlaced.current || view.width === 0) return;
    isPlaced.current = true;
    setViewport(firstViewport(layout, view, first()));
  });
  useEffect(() => {
    const element = svg.current;
    // React's listeners of the wheel cannot keep it from scrolling.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = (event.currentTarget as SVGSVGElement).getBoundingClientRect();
      setViewport((known) => zoomed(known, Math.exp(-event.deltaY / 400), { x: event.clientX - left, y: event.clientY - top }));
    };
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [svg]);
  const drag = {
    onPointerDown: ({ button, clientX, clientY }: PointerEvent<SVGSVGElement>): void => {
      if (button === 0) pressed.current = { x: clientX, y: clientY, isDragged: false };
    },
    onPointerMove: ({ currentTarget, pointerId, clientX, clientY }: PointerEvent<SVGSVGElement>): void => {
      const press = pressed.current;
      if (press === undefined) return;
      const [dx, dy] = [clientX - press.x, clientY - press.y];
      if (!press.isDragged && Math.hypot(dx, dy) < DRAG) return;
      // Captured now, so that a press without a drag stays a click on its node.
      if (!press.isDragged) currentTarget.setPointerCapture(pointerId);
      pressed.current = { x: clientX, y: clientY, isDragged: true };
      setViewport(({ x, y, k }) => ({ x: x + dx, y: y + dy, k }));
    },
    onPointerUp: (): void => {
      pressed.current = undefined;
    },
    onPointerCancel: (): void => {
      pressed.current = undefined;
    },
  };
  return { view, viewport, setViewport, drag };
}

function stateOf(graph: GraphAtCursor | undefined, node: number): NodeState {
  if (graph === undefined) return { condition: undefined, attempts: 0, reachable: true };
  return { condition: NODE_CONDITIONS[graph.conditions[node] ?? 0], attempts: graph.attempts[node] ?? 0, reachable: graph.reachable[node] === 1 };
}

/** An edge is dead when it was not taken and no way leads through it any more. */
function wayOf(graph: GraphAtCursor | undefined, edge: number, from: number, to: number): 'taken' | 'open' | 'dead' | undefined {
  if (graph === undefined) return undefined;
  if (graph.taken[edge] === 1) return 'taken';
  return graph.reachable[from] === 1 && graph.reachable[to] === 1 ? 'open' : 'dead';
}

/** The first active node, or else the last one in the order of reading that ran. */
function startNode({ order }: GraphLayout, graph: GraphAtCursor | undefined): number {
  const states = order.map((node) => ({ node, condition: stateOf(graph, node).condition }));
  const active = states.find(({ condition }) => ACTIVE_CONDITIONS.has(condition));
  return (active ?? states.findLast(({ condition }) => condition !== undefined && condition !== 'never') ?? states[0])?.node ?? 0;
}

function tabStopOf({ nodes }: GraphShape, { order }: GraphLayout, focused: number | undefined, selected: string | undefined): number {
  if (focused !== undefined && focused < nodes.length) return focused;
  const index = selected === undefined ? -1 : nodes.findIndex(({ members }) => members.includes(selected));
  return index < 0 ? (order[0] ?? 0) : index;
}
