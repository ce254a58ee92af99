import type { Rect, Virtualizer } from '@tanstack/react-virtual';

/** In pixels, before any list has been on screen. */
const USUAL = 400;
/** How high each list was when it was on screen. */
const heights = new Map<string, number>();

/**
 * What a virtual list begins with, so that its first rendering has the rows that will be visible, and not none until it is measured.
 *
 * @param list a name of the list.
 * @param row the row that is to be in the middle.
 */
export function firstView(list: string, row: number, rowHeight: number): { readonly initialRect: Rect; readonly initialOffset: () => number } {
  const height = heights.get(list) ?? USUAL;
  return { initialRect: { width: 0, height }, initialOffset: () => Math.max(0, row * rowHeight - height / 2) };
}

export function rememberView(list: string, { scrollRect }: Pick<Virtualizer<HTMLDivElement, Element>, 'scrollRect'>): void {
  if (scrollRect !== null && scrollRect.height > 0) heights.set(list, scrollRect.height);
}
