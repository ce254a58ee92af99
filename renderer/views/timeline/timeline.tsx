import { type KeyboardEvent, type PointerEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { SnapshotFlag, TimelineView } from '../../../core/contract/timeline.ts';
import { SNAPSHOT_VERDICTS } from '../../../core/vocabulary.ts';
import { useAnswer } from '../../state/answers.ts';
import { useRun, useRunState, useSettings } from '../../state/context.ts';
import { shownRange } from '../../state/timeline-zoom.ts';
import { bytes } from '../../widgets/format.ts';
import { drawLanes, drawOverview, LANE, maxLanesFor } from './draw.ts';
import './timeline.css';

/** The width of the lanes' labels, in pixels. */
const LABELS = 116;
const RIGHT = 14;

/**
 * Above, a slider over the whole run; below, the range around the cursor, with a lane for each node and flags for snapshots.
 * The engine bins the data to pixels, so drawing takes the same time for ten events as for a million.
 */
export function Timeline() {
  const { source, execution, zoom, moveTo } = useRun();
  const view = useRunState((state) => state.view);
  const sequence = useRunState((state) => state.sequence);
  const frame = useRunState((state) => state.frame);
  const range = useStore(zoom.store);
  const box = useRef<HTMLElement>(null);
  const width = Math.max(200, useWidth(box) - LABELS - RIGHT);
  const last = Math.max(view.lastSequence, frame?.lastSequence ?? 0);
  const shown = shownRange(range, last, sequence);
  // Zooming and panning start from the range that the cursor scrolled to.
  useEffect(() => {
    if (zoom.store.getState().from !== shown.from) zoom.pan(shown.from);
  }, [zoom, shown.from]);

  const overview = useAnswer('timeline.view', { source, execution, from: 0, to: last, columns: Math.max(1, Math.floor(width / 3)) }, { keep: true });
  const detail = useAnswer('timeline.view', { source, execution, from: shown.from, to: shown.to, columns: Math.max(1, Math.floor(width)) }, { keep: true });

  const active = frame?.slices.nodes?.active.join('\n') ?? '';
  const maxLanes = maxLanesFor(window.innerHeight);
  // Memoized so that a move of the cursor does not draw the lanes again.
  const lanes = useMemo(() => chosenLanes(detail?.lanes ?? [], active.split('\n'), maxLanes), [detail, active, maxLanes]);

  const xOf = (at: number): number => LABELS + ((at - shown.from + 0.5) / (shown.to - shown.from + 1)) * width;
  const wheel = (event: React.WheelEvent): void => {
    const x = event.clientX - (box.current?.getBoundingClientRect().left ?? 0) - LABELS;
    const around = shown.from + (x / width) * (shown.to - shown.from + 1);
    if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
      zoom.pan(shown.from + ((event.deltaX || event.deltaY) / width) * (shown.to - shown.from + 1));
    else zoom.zoom(event.deltaY > 0 ? 1.25 : 0.8, around);
  };
  const seek = (event: PointerEvent): void => {
    const x = event.clientX - (box.current?.getBoundingClientRect().left ?? 0) - LABELS;
    moveTo(shown.from + Math.floor((x / width) * (shown.to - shown.from + 1)), { jump: event.type === 'pointerdown' });
  };
  const base = frame?.slices.recovery?.base;
  // The flags are one tab stop: the last one up to the cursor.
  const tabStop = Math.max(0, detail?.flags.findLastIndex(({ atSequence }) => atSequence <= sequence) ?? 0);
  return (
    <section className="timeline" aria-label="Timeline" ref={box} onWheel={wheel}>
      <span className="timeline-label" style={{ top: 9 }}>
        0 – {last}
      </span>
      <Slider last={last} overview={overview} width={width} shown={shown} />
      <span className="timeline-label" style={{ top: 45 }}>
        snapshots
      </span>
      <div className="flags" role="group" aria-label="Snapshots" onKeyDown={moveAmongButtons}>
        {detail?.flags.map((flag, i) => (
          <Flag key={flag.atSequence} flag={flag} x={xOf(flag.atSequence)} tabIndex={i === tabStop ? 0 : -1} />
        ))}
      </div>
      <div
        className="lanes"
        style={{ height: Math.max(1, lanes.length) * LANE + 22 }}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          seek(event);
        }}
        onPointerMove={(event) => event.buttons === 1 && seek(event)}
      >
        <Lanes detail={detail} lanes={lanes} width={width} shown={shown} />
        {base != null && base < sequence && (
          <div
            className="replayed"
            style={{ left: Math.max(LABELS, xOf(base)), width: Math.max(0, xOf(sequence) - Math.max(LABELS, xOf(base))) }}
            aria-hidden="true"
          />
        )}
        {lanes.map(({ node }, i) => (
          <span key={node} className={`lane-name${frame?.slices.nodes?.active.includes(node) ? ' active' : ''}`} style={{ top: i * LANE }} title={node}>
            <bdi>{node}</bdi>
          </span>
        ))}
        {detail !== undefined && detail.nodes > lanes.length && (
          <span className="lane-more">
            {lanes.length} of {detail.nodes} nodes
          </span>
        )}
      </div>
      <div className="playhead" style={{ transform: `translateX(${xOf(sequence)}px)` }} aria-hidden="true">
        <span style={{ translate: `${labelShift(xOf(sequence), LABELS + width, sequence)}px` }}>#{sequence}</span>
      </div>
    </section>
  );
}

/** The lanes that there is room for: first those of nodes that are active at the cursor, then those with stretches in the range. */
function chosenLanes(lanes: TimelineView['lanes'], active: readonly string[], maxLanes: number): TimelineView['lanes'] {
  if (lanes.length <= maxLanes) return lanes;
  const rank = ({ node, stretches }: TimelineView['lanes'][number]): number => (active.includes(node) ? 2 : stretches.length > 0 ? 1 : 0);
  const chosen = new Set([...lanes].sort((a, b) => rank(b) - rank(a)).slice(0, maxLanes));
  return lanes.filter((lane) => chosen.has(lane));
}

/** The shift that keeps the playhead's label inside, estimated at 7 pixels for each digit. */
function labelShift(x: number, right: number, sequence: number): number {
  const half = String(sequence).length * 3.5 + 12;
  return Math.min(0, right + RIGHT - 4 - x - half);
}

interface SliderProps {
  readonly last: number;
  readonly overview: TimelineView | undefined;
  readonly width: number;
  readonly shown: { readonly from: number; readonly to: number };
}

/** The slider over the whole run, from 0 (before the first event) to the last event. */
function Slider({ last, overview, width, shown }: SliderProps) {
  const { moveTo, step } = useRun();
  const sequence = useRunState((state) => state.sequence);
  const event = useRunState((state) => state.frame?.slices.event);
  const dark = useSettings((settings) => settings.dark);
  const canvas = useRef<HTMLCanvasElement>(null);
  const track = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' names mean
  useLayoutEffect(() => {
    if (canvas.current !== null) drawOverview(canvas.current, overview, width, shown, last);
  }, [overview, width, shown.from, shown.to, last, dark]);
  const seek = (pointer: PointerEvent): void => {
    const { left, width: full } = (track.current as HTMLDivElement).getBoundingClientRect();
    moveTo(((pointer.clientX - left) / full) * (last + 1) - 0.5, { jump: pointer.type === 'pointerdown' });
  };
  const keys = (pressed: KeyboardEvent): void => {
    const pages: Readonly<Record<string, number>> = { PageUp: -100, PageDown: 100, ArrowUp: 1, ArrowDown: -1 };
    const by = pages[pressed.key];
    if (by === undefined) return;
    pressed.preventDefault();
    step(by);
  };
  const what =
    event?.sequence === sequence ? `, ${event.type}${event.node === null ? '' : ` ${event.node}`}` : sequence === 0 ? ', before the first event' : '';
  return (
    <div
      ref={track}
      className="slider"
      role="slider"
      tabIndex={0}
      aria-label="Sequence"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={sequence}
      aria-valuetext={`event ${sequence} of ${last}${what}`}
      onKeyDown={keys}
      onPointerDown={(pointer) => {
        pointer.currentTarget.setPointerCapture(pointer.pointerId);
        seek(pointer);
      }}
      onPointerMove={(pointer) => pointer.buttons === 1 && seek(pointer)}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <span className="thumb" style={{ left: `${((sequence + 0.5) / (last + 1)) * 100}%` }} />
    </div>
  );
}

interface LanesProps {
  readonly detail: TimelineView | undefined;
  readonly lanes: TimelineView['lanes'];
  readonly width: number;
  readonly shown: { readonly from: number; readonly to: number };
}

function Lanes({ detail, lanes, width, shown }: LanesProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useSettings((settings) => settings.dark);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' names mean
  useLayoutEffect(() => {
    if (canvas.current !== null) drawLanes(canvas.current, { detail, lanes, left: LABELS, width, shown });
  }, [detail, lanes, width, shown.from, shown.to, dark]);
  return <canvas ref={canvas} className="lanes-canvas" aria-hidden="true" />;
}

/** Moves the focus among the buttons of a group. */
function moveAmongButtons(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
  if (by === 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  event.preventDefault();
  buttons[buttons.indexOf(event.target as HTMLButtonElement) + by]?.focus();
}

function Flag({ flag, x, tabIndex }: { readonly flag: SnapshotFlag; readonly x: number; readonly tabIndex: number }) {
  const { moveTo } = useRun();
  const { atSequence, verdict, more } = flag;
  const { sign, words } = SNAPSHOT_VERDICTS[verdict];
  return (
    <button
      type="button"
      className="flag"
      tabIndex={tabIndex}
      data-verdict={verdict}
      style={{ left: x }}
      aria-label={`Snapshot at ${atSequence}, ${words}`}
      title={`Snapshot at #${atSequence} · ${bytes(flag.bytes)} · ${words}${more > 0 ? ` · ${more} more nearby` : ''}`}
      onClick={() => moveTo(atSequence, { jump: true })}
    >
      <svg viewBox="0 0 14 20" aria-hidden="true">
        <path d="M1 1v18" stroke="currentColor" strokeWidth="1.5" />
        <path d="M1.500 1.500L12 5.500 1.500 9.500z" fill={verdict === 'unchecked' ? 'none' : 'currentColor'} stroke="currentColor" />
      </svg>
      {verdict !== 'matches' && <span>{sign}</span>}
    </button>
  );
}

function useWidth(element: React.RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(1200);
  useLayoutEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    const observer = new ResizeObserver(() => setWidth(observed.clientWidth));
    observer.observe(observed);
    setWidth(observed.clientWidth);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
