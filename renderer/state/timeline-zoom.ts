import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TimelineAxis } from '../../core/vocabulary.ts';
import type { RunState } from './run-state.ts';

/** The range of sequences that the lanes show. */
interface ZoomState {
  /** How many sequences are shown. */
  readonly span: number;
  /** The first sequence that is shown. */
  readonly from: number;
  /** Whether a pointer holds the lanes: then the range does not follow the cursor, so that a pixel stays the same event. */
  readonly held: boolean;
  readonly axis: TimelineAxis;
}

export interface ShownRange {
  readonly from: number;
  readonly to: number;
}

const INITIAL_SPAN = 160;
const SMALLEST_SPAN = 10;
/** A longer move leaves the range where it is as long as the cursor stays in it. A step keeps a margin, to show what comes next. */
const LONGEST_STEP = 10;
const MARGIN = 0.06;

export type TimelineZoom = ReturnType<typeof createTimelineZoom>;

export function createTimelineZoom(run: StoreApi<RunState>) {
  const last = (): number => {
    const { view, frame } = run.getState();
    return Math.max(view.lastSequence, frame?.lastSequence ?? 0);
  };
  const at = (): number => run.getState().sequence;
  const initial: ZoomState = { span: INITIAL_SPAN, from: 0, held: false, axis: 'sequence' };
  const store = createStore<ZoomState>(() => ({ ...initial, from: followed(initial, last(), at(), 0) }));
  run.subscribe(({ sequence }, { sequence: before }) => {
    const state = store.getState();
    if (sequence === before || state.held) return;
    const from = followed(state, last(), sequence, before);
    if (from !== state.from) store.setState({ from });
  });
  const pan = (from: number): void => {
    const state = store.getState();
    const { from: start } = shownRange({ ...state, from: Math.max(0, Math.round(from)) }, last());
    if (start !== state.from) store.setState({ from: start });
  };
  return {
    store,
    shown: (): ShownRange => shownRange(store.getState(), last()),
    /** @param factor below 1 zooms in. @param around the sequence that keeps its place on screen; the cursor by default. */
    zoom(factor: number, around = at()): void {
      const shown = shownRange(store.getState(), last());
      const width = shown.to - shown.from + 1;
      const span = Math.max(Math.min(SMALLEST_SPAN, last() + 1), Math.min(last() + 1, Math.round(width * factor)));
      const share = (Math.max(shown.from, Math.min(around, shown.to)) - shown.from) / width;
      store.setState({ span });
      pan(around - share * span);
    },
    pan,
    /** @param share of the range that is shown; a negative one pans to the left. */
    panBy(share: number): void {
      const { from, to } = shownRange(store.getState(), last());
      pan(from + Math.round(share * (to - from + 1)));
    },
    show(from: number, to: number): void {
      store.setState({ span: Math.max(SMALLEST_SPAN, to - from + 1) });
      pan(from);
    },
    toggleAxis: (): void => store.setState({ axis: store.getState().axis === 'time' ? 'sequence' : 'time' }),
    hold: (held: boolean): void => store.setState({ held }),
  };
}

/** The range on screen. */
export function shownRange({ span, from }: Pick<ZoomState, 'span' | 'from'>, last: number): ShownRange {
  const width = Math.min(span, last + 1);
  const start = Math.max(0, Math.min(from, last + 1 - width));
  return { from: start, to: start + width - 1 };
}

/** The first sequence on screen after the cursor moved: in rare large moves, because bars at rest are easier to read. */
function followed(state: Pick<ZoomState, 'span' | 'from'>, last: number, at: number, before: number): number {
  const { from, to } = shownRange(state, last);
  const width = to - from + 1;
  const margin = Math.abs(at - before) <= LONGEST_STEP ? Math.floor(width * MARGIN) : 0;
  if (at < from + margin) return shownRange({ ...state, from: at - Math.floor(width * 0.6) }, last).from;
  if (at > to - margin) return shownRange({ ...state, from: at - Math.floor(width * 0.4) }, last).from;
  return from;
}
