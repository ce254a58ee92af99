import { ChevronDown, ChevronRight } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useLayoutEffect, useMemo, useRef, useState, type WheelEvent } from 'react';
import { useStore } from 'zustand';
import { useAnswer } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { shownRange } from '../../state/timeline-zoom.ts';
import { useTimes } from '../../widgets/times.ts';
import { Bookmarks } from './bookmarks.tsx';
import { Categories } from './categories.tsx';
import { ConditionRow } from './condition-row.tsx';
import { TRACK } from './draw-track.ts';
import { Flags } from './flags.tsx';
import { HeightHandle, useTimelineHeight } from './height.tsx';
import { FIRST_LANES, Lanes, type LaneWindow } from './lanes.tsx';
import { Matches } from './matches.tsx';
import { Minimap } from './minimap.tsx';
import { type Scale, sequenceScale, timeScale } from './scale.ts';
import { Tracks } from './tracks.tsx';
import './timeline.css';
import './tracks.css';

/** The width of the lanes' names, in pixels. */
const LABELS = 116;
const RIGHT = 14;
/** The share of the range by which a key pans. */
const PAN_STEP = 0.25;
/** More of them are scrolled. */
const MAX_TRACKS_IN_VIEW = 4;
const NO_LANES = { from: 0, count: 0 };
/** Of the timeline that was on screen last, with which the next one begins; likewise {@link usualWidth}. */
let usualLanes = FIRST_LANES;

/**
 * Above, a slider over the whole run; below, the range around the cursor, with a lane for each node and flags for snapshots.
 * The engine bins the data to pixels, so drawing takes the same time for ten events as for a million.
 */
export function Timeline() {
  const { source, execution, zoom } = useRun();
  const lastSequence = useRunState((state) => Math.max(state.view.lastSequence, state.frame?.lastSequence ?? 0));
  const { span, from, axis } = useStore(zoom.store);
  const box = useRef<HTMLElement>(null);
  const [lanes, setLanes] = useState(usualLanes);
  const foldLoops = useRunState((state) => state.foldLoops);
  const tracks = useRunState((state) => state.tracks.length);
  const height = useTimelineHeight(Math.min(tracks, MAX_TRACKS_IN_VIEW) * TRACK);
  const { zone } = useTimes().choice;
  const width = Math.max(200, useWidth(box) - LABELS - RIGHT);
  const shown = shownRange({ span, from }, lastSequence);

  const about = { source, execution };
  const columns = Math.max(1, Math.floor(width / 3));
  const overview = useAnswer(
    'timeline.view',
    { ...about, from: 0, to: lastSequence, columns, axis: 'sequence', foldLoops: false, lanes: NO_LANES },
    { keep: true },
  );
  const part = { ...about, ...shown, columns: Math.floor(width), axis };
  const detail = useAnswer('timeline.view', { ...part, foldLoops, lanes }, { keep: true });
  // The places of times are known by the answer only, those of sequences at once.
  const time = axis === 'time' ? detail : undefined;
  const scale = useMemo(
    () => (time?.time == null ? sequenceScale({ from: shown.from, to: shown.to }, width) : timeScale(time, time.time, width, zone)),
    [shown.from, shown.to, time, width, zone],
  );

  const showLanes = (shownLanes: LaneWindow): void => {
    usualLanes = { ...shownLanes, from: 0 };
    setLanes((known) => (known.from === shownLanes.from && known.count === shownLanes.count ? known : shownLanes));
  };
  const wheel = (event: WheelEvent): void => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const sideways = event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY);
    if (sideways) zoom.panBy((event.deltaX || event.deltaY) / width);
    else if (event.ctrlKey || event.metaKey || !scrollsLanes(event.target as Element))
      zoom.zoom(event.deltaY > 0 ? 1.25 : 0.8, scale.sequenceAt(event.clientX - left - LABELS));
  };
  const keys = (event: KeyboardEvent): void => {
    const by = event.key === 'a' ? -PAN_STEP : event.key === 'd' ? PAN_STEP : 0;
    if (by === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    zoom.panBy(by);
  };
  return (
    // The keys belong to whatever in the timeline has the focus; elsewhere they have other meanings.
    <section className={`timeline${height.collapsed ? ' collapsed' : ''}`} aria-label="Timeline" ref={box} onWheel={wheel} onKeyDown={keys}>
      <button
        type="button"
        className="timeline-label timeline-toggle"
        aria-expanded={!height.collapsed}
        aria-label="Lanes of the timeline"
        onClick={height.toggle}
      >
        {height.collapsed ? <ChevronRight size={12} aria-hidden="true" /> : <ChevronDown size={12} aria-hidden="true" />}0 – {lastSequence}
      </button>
      <Minimap last={lastSequence} overview={overview} width={width} shown={shown} />
      {!height.collapsed && (
        <>
          <span className="timeline-label" style={{ top: 45 }}>
            snapshots
          </span>
          <Matches part={part} scale={scale} />
          <Bookmarks scale={scale} />
          <Flags flags={detail?.flags ?? []} scale={scale} />
          <Lanes key={String(foldLoops)} part={{ ...part, foldLoops }} detail={detail} scale={scale} maxHeight={height.lanesHeight} onWindow={showLanes}>
            <ConditionRow scale={scale} />
            <Tracks part={part} scale={scale} />
          </Lanes>
          <Categories detail={detail} />
          <Playhead scale={scale} />
        </>
      )}
      <HeightHandle height={height} />
    </section>
  );
}

/** Whether a wheel on this element scrolls the lanes, because not all of them are in view. */
function scrollsLanes(target: Element): boolean {
  const lanes = target.closest('.lanes');
  return lanes !== null && lanes.scrollHeight > lanes.clientHeight;
}

/** The cursor, and the stretch that a recovery would replay. Apart from the lanes, so that a move does not draw them again. */
function Playhead({ scale }: { readonly scale: Scale }) {
  const sequence = useRunState((state) => state.sequence);
  const base = useRunState((state) => state.frame?.slices.recovery?.base);
  const incompleteFrom = useRunState((state) => state.frame?.incompleteFrom);
  const { from, to } = scale.shown;
  const x = scale.middleOf(sequence);
  const replayedFrom = base == null ? x : Math.max(0, scale.middleOf(base));
  return (
    <div className="timeline-overlay" aria-hidden="true">
      {incompleteFrom != null && scale.startOf(incompleteFrom) < scale.width && (
        <div
          className="incomplete"
          style={{ left: Math.max(0, scale.startOf(incompleteFrom)), width: scale.width - Math.max(0, scale.startOf(incompleteFrom)) }}
        />
      )}
      {replayedFrom < x && <div className="replayed" style={{ left: replayedFrom, width: Math.min(scale.width, x) - replayedFrom }} />}
      {sequence >= from && sequence <= to && (
        <div className="playhead" style={{ transform: `translateX(${x}px)` }}>
          <span style={{ translate: `${labelShift(x, scale.width, sequence)}px` }}>#{sequence}</span>
        </div>
      )}
    </div>
  );
}

/** The shift that keeps the playhead's label inside, estimated at 7 pixels for each digit. */
function labelShift(x: number, right: number, sequence: number): number {
  const half = String(sequence).length * 3.5 + 12;
  return Math.min(0, right + RIGHT - 4 - x - half);
}

/** Of the timeline that was on screen last, with which the next one begins: a request for another width would be made in vain. */
let usualWidth = 1200;

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(usualWidth);
  useLayoutEffect(() => {
    const observed = element.current;
    if (observed === null) return;
    const measure = (): void => {
      usualWidth = observed.clientWidth;
      setWidth(usualWidth);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(observed);
    measure();
    return () => observer.disconnect();
  }, [element]);
  return width;
}
