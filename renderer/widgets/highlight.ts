import { type RefObject, useEffect } from 'react';

/** The name of the highlight, whose colours are in base.css. */
const FOUND = 'found';

/**
 * Marks a text, in any case, in the elements that are on screen, without changing them.
 * See the CSS Custom Highlight API.
 */
export function useHighlight(element: RefObject<HTMLElement | null>, sought: string): void {
  // After each paint, because scrolling replaces the elements.
  useEffect(() => {
    if (typeof Highlight === 'undefined' || element.current === null) return;
    if (sought === '') return void CSS.highlights.delete(FOUND);
    CSS.highlights.set(FOUND, new Highlight(...rangesOf(element.current, sought)));
  });
  useEffect(() => () => void (typeof Highlight !== 'undefined' && CSS.highlights.delete(FOUND)), []);
}

function rangesOf(element: HTMLElement, sought: string): Range[] {
  const ranges: Range[] = [];
  for (const line of element.querySelectorAll('[data-line]')) {
    const texts: Text[] = [];
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    while (walker.nextNode() !== null) texts.push(walker.currentNode as Text);
    const whole = texts.map(({ data }) => data).join('');
    // Where case changes the length of a text, the places would be wrong.
    const [folded, wanted] = whole.toLowerCase().length === whole.length ? [whole.toLowerCase(), sought.toLowerCase()] : [whole, sought];
    for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + wanted.length)) {
      const range = new Range();
      range.setStart(...placeOf(texts, at));
      range.setEnd(...placeOf(texts, at + wanted.length));
      ranges.push(range);
    }
  }
  return ranges;
}

function placeOf(texts: readonly Text[], offset: number): [Text, number] {
  let left = offset;
  for (const text of texts) {
    if (left <= text.length) return [text, left];
    left -= text.length;
  }
  const last = texts.at(-1) as Text;
  return [last, last.length];
}
