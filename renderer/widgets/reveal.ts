/**
 * Scrolls a virtual list so that a row is visible: by as little as possible when the row is near, otherwise so that it is in
 * the middle. If it is visible already, nothing moves.
 *
 * @param head the height of what covers the top of the list, in pixels.
 */
export function revealRow(scroller: HTMLElement | null, index: number, rowHeight: number, head = 0): void {
  revealPlace(scroller, index * rowHeight, rowHeight, head);
}

/** The same for a row whose place is not a multiple of its height. @param top its distance to the top of the list, in pixels. */
function revealPlace(scroller: HTMLElement | null, top: number, rowHeight: number, head = 0): void {
  if (scroller === null) return;
  const to = placeInView({ top: scroller.scrollTop, height: scroller.clientHeight - head }, top, rowHeight);
  if (to !== undefined) scroller.scrollTop = to;
}

/** Where the view is scrolled to so that a row is visible; undefined if it is. All in pixels. */
export function placeInView(view: { readonly top: number; readonly height: number }, top: number, rowHeight: number): number | undefined {
  const bottom = top + rowHeight;
  const viewBottom = view.top + view.height;
  if (top >= view.top && bottom <= viewBottom) return undefined;
  const distance = top < view.top ? view.top - top : bottom - viewBottom;
  if (distance > 4 * rowHeight) return top - view.height / 2;
  return top < view.top ? top - rowHeight : bottom + rowHeight - view.height;
}
