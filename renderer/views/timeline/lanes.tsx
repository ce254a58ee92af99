import { ArrowLeftRight } from 'lucide-react';
import { memo, type ReactNode, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { Params } from '../../../core/contract/contract.ts';
import type { TimelineView } from '../../../core/contract/timeline.ts';
import { useAnswer } from '../../state/answers.ts';
import { categoriesOf } from '../../state/category-filter.ts';
import { useRun, useRunState, useSettings } from '../../state/context.ts';
import { span } from '../../widgets/format.ts';
import { revealRow } from '../../widgets/reveal.ts';
import { drawLanes, LANE } from './draw-lanes.ts';
import { LaneNames, LoopSwitch } from './lane-names.tsx';
import { useLanesAtCursor } from './lanes-at-cursor.ts';
import { drawnLanes, PinnedLanes, pinnedLanes } from './pinned-lanes.tsx';
import type { Scale } from './scale.ts';
import { useScrubbing } from './scrubbing.ts';
import { TracksMenu } from './tracks-menu.tsx';
import { useRestingPointer, WorkTip } from './work-tip.tsx';

/** Lanes are requested in blocks, so that scrolling by a lane needs no request. */
const BLOCK = 16;

export interface LaneWindow {
  readonly from: number;
  readonly count: number;
}
const SIDES = ['above', 'below'] as const;
export const FIRST_LANES: LaneWindow = { from: 0, count: 2 * BLOCK };

interface LanesProps {
  /** The part of the run on screen, as requests name it. */
  readonly part: Omit<Params<'timeline.lanes'>, 'lanes'>;
  readonly detail: TimelineView | undefined;
  readonly scale: Scale;
  /** A length in CSS; the lanes need less when there are few. */
  readonly maxHeight: string;
  readonly onWindow: (lanes: LaneWindow) => void;
  /** Between the lanes and their axis. */
  readonly children?: ReactNode;
}

/** A lane for each node, in a stable order. Only those around the view are requested, drawn, and exist as elements. */
export function Lanes({ part, detail, scale, maxHeight, onWindow, children }: LanesProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const [inView, setInView] = useState({ first: 0, last: 0 });
  /** The view as it was measured last, in lanes: to measure it after each move would lay out the whole page once more. */
  const measured = useRef({ first: 0, last: -1 });
  const lanes = useLanesAtCursor();
  const at = useRunState((state) => state.frame?.sequence);
  const laneCount = detail?.laneCount;
  const total = Math.max(1, laneCount ?? 0);
  const scrubbing = useScrubbing(scale);
  const { place, leave, move } = useRestingPointer(scale);

  // biome-ignore lint/correctness/useExhaustiveDependencies: more lanes may make the view taller without a scroll or a resize
  useEffect(() => {
    const shown = scroller.current;
    // Which lanes are in view is not known before their number is.
    if (shown === null || laneCount === undefined) return;
    const measure = (): void => {
      const { scrollTop, clientHeight } = shown;
      measured.current = { first: scrollTop / LANE, last: (scrollTop + clientHeight) / LANE - 1 };
      const first = Math.ceil(scrollTop / LANE);
      const last = Math.max(first, Math.floor(measured.current.last));
      setInView((known) => (known.first === first && known.last === last ? known : { first, last }));
      onWindow(windowAround(first, last));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(shown);
    shown.addEventListener('scroll', measure);
    return () => {
      observer.disconnect();
      shown.removeEventListener('scroll', measure);
    };
  }, [laneCount]);

  const active = lanes?.active ?? [];
  // A move to where no active lane is in view scrolls to the nearest one. Scrolling by hand is left alone until the next move.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only after a move, or when the lane becomes known
  useEffect(() => {
    const shown = scroller.current;
    if (shown === null || lanes === undefined) return;
    const { first, last } = measured.current;
    const lane = laneToReveal(active.length > 0 ? active : lanes.last === null ? [] : [lanes.last], first, last);
    if (lane !== undefined) revealRow(shown, lane, LANE);
  }, [at, active.join(), lanes?.last, total]);

  const chosen = useRunState((state) => categoriesOf(state.filter).join(' '));
  const pinned = pinnedLanes(active, inView);
  const drawn = drawnLanes(pinned);
  const others = useAnswer('timeline.lanes', drawn.length === 0 ? undefined : { ...part, lanes: drawn }, { keep: true });
  const known = useMemo(() => new Map(others?.map((lane) => [lane.lane, lane])), [others]);
  return (
    <>
      <LoopSwitch />
      <div className="lanes-area">
        <div className="lanes" ref={scroller} style={{ height: total * LANE, maxHeight }}>
          <div style={{ height: total * LANE }}>
            <LaneNames lanes={detail?.lanes ?? []} first={detail?.firstLane ?? 0} />
            <div
              className="lanes-track"
              style={{ width: scale.width, height: total * LANE }}
              {...scrubbing}
              onPointerMove={(event) => {
                scrubbing.onPointerMove(event);
                move(event);
              }}
              onPointerLeave={leave}
            >
              <LanesCanvas detail={detail} scale={scale} />
            </div>
            <SelectedLane />
          </div>
        </div>
        {detail !== undefined &&
          SIDES.map((side) => (
            <PinnedLanes
              key={side}
              side={side}
              active={pinned[side]}
              known={known}
              detail={detail}
              scale={scale}
              chosen={chosen}
              onReveal={(lane) => revealRow(scroller.current, lane, LANE)}
            />
          ))}
        <WorkTip place={place} />
      </div>
      {children}
      <div className="axis-row">
        <AxisSwitch />
        <TracksMenu />
        <div className="lanes-axis" {...scrubbing}>
          <Axis detail={detail} scale={scale} />
        </div>
      </div>
    </>
  );
}

function windowAround(first: number, last: number): LaneWindow {
  const from = Math.max(0, Math.floor((first - BLOCK / 2) / BLOCK) * BLOCK);
  return { from, count: Math.ceil((last + BLOCK / 2 - from + 1) / BLOCK) * BLOCK };
}

/** The lane nearest to the view; undefined when one of them is in view. */
function laneToReveal(lanes: readonly number[], first: number, last: number): number | undefined {
  const distance = (lane: number): number => Math.max(first - lane, lane - last, 0);
  const nearest = lanes.reduce((best, lane) => (distance(lane) < distance(best) ? lane : best), lanes[0] ?? 0);
  return lanes.length === 0 || distance(nearest) === 0 ? undefined : nearest;
}

/** Memoized, because a move of the cursor must not draw the lanes again. */
const LanesCanvas = memo(function LanesCanvas({ detail, scale }: { readonly detail: TimelineView | undefined; readonly scale: Scale }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useSettings((settings) => settings.dark);
  const chosen = useRunState((state) => categoriesOf(state.filter).join(' '));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' names mean
  useLayoutEffect(() => {
    if (canvas.current !== null && detail !== undefined) drawLanes(canvas.current, detail, scale, chosen === '' ? [] : chosen.split(' '));
  }, [detail, scale, dark, chosen]);
  return <canvas ref={canvas} aria-hidden="true" style={{ top: (detail?.firstLane ?? 0) * LANE }} />;
});

function AxisSwitch() {
  const { zoom } = useRun();
  const axis = useStore(zoom.store, (state) => state.axis);
  return (
    <button
      type="button"
      className="timeline-label axis-switch"
      aria-label="Axis of time"
      aria-pressed={axis === 'time'}
      title={axis === 'time' ? 'Places are times (UTC); long pauses are folded. Click for sequences.' : 'Places are sequences. Click for times.'}
      onClick={zoom.toggleAxis}
    >
      <ArrowLeftRight size={11} aria-hidden="true" /> {axis === 'time' ? 'by time' : 'by sequence'}
    </button>
  );
}

/** The labels below the lanes: pauses and jumps of the clock, and the places of the axis that they and the cursor leave free. */
function Axis({ detail, scale }: { readonly detail: TimelineView | undefined; readonly scale: Scale }) {
  const sequence = useRunState((state) => state.sequence);
  const cursor = scale.middleOf(sequence);
  const right = cursor + widthOf(`#${sequence}`) / 2 + 8;
  const taken: [left: number, right: number][] = [[2 * cursor - right, right]];
  const isFree = (left: number, width: number): boolean => {
    if (left < 0 || left + width > scale.width || taken.some(([from, to]) => left < to && left + width > from)) return false;
    taken.push([left, left + width]);
    return true;
  };
  const breaks = [
    ...(detail?.pauses ?? []).map(({ after, before, milliseconds }) => ({
      after,
      before,
      label: span(milliseconds),
      title: `${span(milliseconds)} without an event`,
    })),
    ...(detail?.jumps ?? []).map(({ at, milliseconds }) => ({
      after: at,
      before: at,
      label: `↶ ${span(milliseconds)}`,
      title: `the clock went back ${span(milliseconds)}`,
    })),
  ];
  return (
    <>
      {breaks.map(({ after, before, label, title }) => {
        const middle = detail?.time == null ? scale.startOf(before) : (scale.startOf(after) + scale.startOf(before)) / 2;
        const width = widthOf(label) + 10;
        // Beside the cursor's label when the cursor is at the break.
        const left = [middle - width / 2, ...(Math.abs(middle - cursor) < width ? [right, 2 * cursor - right - width] : [])].find((place) =>
          isFree(place, width),
        );
        return left !== undefined ? (
          <span key={`${before} ${label}`} className="tick pause" style={{ left }} title={title}>
            {label}
          </span>
        ) : null;
      })}
      {scale.ticks.map(({ x, label }) => {
        const left = Math.min(x + 4, scale.width - widthOf(label));
        return isFree(left, widthOf(label)) ? (
          <span key={x} className="tick" style={{ left }}>
            {label}
          </span>
        ) : null;
      })}
    </>
  );
}

/** An estimate: figures of the axis are 7 pixels wide. */
function widthOf(label: string): number {
  return label.length * 7;
}

function SelectedLane() {
  const selected = useLanesAtCursor()?.selected;
  return selected == null ? null : <div className="lane-selected" style={{ top: selected * LANE }} />;
}
