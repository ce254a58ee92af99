import { useLayoutEffect, useRef } from 'react';
import { useSettings } from '../state/context.ts';

/** The height of a row in pixels, by the density that the user chose; in styles it is `--row`. */
export function useRowHeight(): number {
  return ROW_HEIGHTS[useSettings(({ preferences }) => preferences.density)];
}
const ROW_HEIGHTS = { compact: 20, comfortable: 24, spacious: 30 } as const;

/** Gives the rows of a virtual list their new places when their height changes. Their first places they have already; for a million rows it takes long to make them. */
export function useRowPlaces({ measure }: { readonly measure: () => void }, rowHeight: number): void {
  const known = useRef(rowHeight);
  useLayoutEffect(() => {
    if (known.current !== rowHeight) measure();
    known.current = rowHeight;
  }, [measure, rowHeight]);
}
