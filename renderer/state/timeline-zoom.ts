import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunState } from './run-state.ts';

/** The range of sequences that the lanes show. It follows the cursor. */
interface ZoomState {
  /** How many sequences are shown; undefined for all. */
  readonly span: number | undefined;
  /** The first sequence that is shown. */
  readonly from: number;
}

const INITIAL_SPAN = 160;
const SMALLEST_SPAN = 10;

export type TimelineZoom = ReturnType<typeof createTimelineZoom>;

export function createTimelineZoom(run: StoreApi<RunState>) {
  const store = createStore<ZoomState>(() => ({ span: INITIAL_SPAN, from: 0 }));
  const last = (): number => {
    const { view, frame } = run.getState();
    return Math.max(view.lastSequence, frame?.lastSequence ?? 0);
  };
  return {
    store,
    /** @param factor below 1 zooms in. @param around the sequence that keeps its place on screen; the cursor by default. */
    zoom(factor: number, around = run.getState().sequence): void {
      const shown = shownRange(store.getState(), last(), run.getState().sequence);
      const width = shown.to - shown.from + 1;
      const span = Math.max(Math.min(SMALLEST_SPAN, last() + 1), Math.min(last() + 1, Math.round(width * factor)));
      const share = (around - shown.from) / width;
      store.setState({ span, from: Math.max(0, Math.round(around - share * span)) });
    },
    pan(from: number): void {
      store.setState({ from: Math.max(0, Math.round(from)) });
    },
  };
}

/** The range on screen. It follows the cursor `at` in large moves instead of every step, because bars at rest are easier to read. */
export function shownRange({ span, from }: ZoomState, last: number, at: number): { from: number; to: number } {
  const width = Math.min(span ?? last + 1, last + 1);
  const margin = Math.floor(width * 0.06);
  let start = Math.max(0, Math.min(from, last + 1 - width));
  if (at < start + margin) start = at - Math.floor(width * 0.6);
  else if (at > start + width - 1 - margin) start = at - Math.floor(width * 0.4);
  start = Math.max(0, Math.min(start, last + 1 - width));
  return { from: start, to: Math.max(start + width - 1, start) };
}
