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
export function revealPlace(scroller: HTMLElement | null, top: number, rowHeight: number, head = 0): void {
  if (scroller === null) return;
  const { scrollTop } = scroller;
  const clientHeight = scroller.clientHeight - head;
  const bottom = top + rowHeight;
  if (top >= scrollTop && bottom <= scrollTop + clientHeight) return;
  const distance = top < scrollTop ? scrollTop - top : bottom - scrollTop - clientHeight;
  if (distance > 4 * rowHeight) scroller.scrollTop = top - clientHeight / 2;
  else scroller.scrollTop = top < scrollTop ? top - rowHeight : bottom + rowHeight - clientHeight;
}
