import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { cursor } from './cursor.ts';

/** How many sequences the lanes show at once; they follow the cursor. */
interface TimelineState {
  /** undefined: everything. */
  readonly span: number | undefined;
  /** The first sequence shown, while somebody has panned; otherwise it follows the cursor. */
  readonly from: number;
}

const INITIAL_SPAN = 160;
const SMALLEST_SPAN = 10;

export const timeline = createStore<TimelineState>(() => ({ span: INITIAL_SPAN, from: 0 }));

export function useTimeline<T>(select: (state: TimelineState) => T): T {
  return useStore(timeline, select);
}

/** The stretch on screen. It moves on by pages, not with every step: bars that stand still are easier to read. */
export function shownRange({ span, from }: TimelineState, last: number, at: number): { from: number; to: number } {
  const width = Math.min(span ?? last + 1, last + 1);
  const margin = Math.floor(width * 0.06);
  let start = Math.max(0, Math.min(from, last + 1 - width));
  if (at < start + margin) start = at - Math.floor(width * 0.6);
  else if (at > start + width - 1 - margin) start = at - Math.floor(width * 0.4);
  start = Math.max(0, Math.min(start, last + 1 - width));
  return { from: start, to: Math.max(start + width - 1, start) };
}

/** @param factor below 1 shows less. @param around the sequence that stays where it is. */
export function zoomTimeline(factor: number, around = cursor.getState().sequence): void {
  const last = cursor.getState().view?.lastSequence ?? 0;
  const state = timeline.getState();
  const shown = shownRange(state, last, cursor.getState().sequence);
  const width = shown.to - shown.from + 1;
  const span = Math.max(Math.min(SMALLEST_SPAN, last + 1), Math.min(last + 1, Math.round(width * factor)));
  const share = (around - shown.from) / width;
  timeline.setState({ span, from: Math.max(0, Math.round(around - share * span)) });
}

export function panTimeline(from: number): void {
  timeline.setState({ from: Math.max(0, Math.round(from)) });
}
