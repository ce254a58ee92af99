import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { useRun } from '../../state/context.ts';

const ROW = 18;
/** How many lines a frame contains. Scrolling requests more before the last of them is on screen. */
export const TEXT_LINES = 200;
const STEP = 50;

/** The lines of a long text that are on screen. The page never holds a large text as a whole. @param panel under which the place is kept. */
export function useLineWindow(panel: string, total: number) {
  const run = useRun();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 20 });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    const from = run.store.getState().scrolled[panel] ?? 0;
    if (first < from || last >= from + TEXT_LINES) run.scrollTo(panel, Math.max(0, Math.floor(first / STEP) * STEP - STEP));
  }, [run, panel, first, last]);
  return { scroller, virtual, items };
}
