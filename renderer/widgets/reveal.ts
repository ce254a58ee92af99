/**
 * Brings a row of a virtual list into sight: one that is near moves the list by as little as needed, one that is far
 * away comes to the middle. A row in sight moves nothing.
 */
export function revealRow(scroller: HTMLElement | null, index: number, rowHeight: number): void {
  if (scroller === null) return;
  const { scrollTop, clientHeight } = scroller;
  const top = index * rowHeight;
  const bottom = top + rowHeight;
  if (top >= scrollTop && bottom <= scrollTop + clientHeight) return;
  const distance = top < scrollTop ? scrollTop - top : bottom - scrollTop - clientHeight;
  if (distance > 4 * rowHeight) scroller.scrollTop = top - clientHeight / 2;
  else scroller.scrollTop = top < scrollTop ? top - rowHeight : bottom + rowHeight - clientHeight;
}
