import { plainPattern } from '../../../core/plain-pattern.ts';

/** A part of a text that is one row of the reader: `[start, end)`, in UTF-16 code units. */
export interface Passage {
  readonly start: number;
  readonly end: number;
}

/** Longer lines are divided, so that a row is drawn in a millisecond. */
const MAX_LENGTH = 1000;

/** The lines of a text; long ones are divided behind a space, or where there is none, but never inside a surrogate pair. */
export function passagesOf(text: string): readonly Passage[] {
  const passages: Passage[] = [];
  for (let start = 0; start <= text.length; ) {
    const newline = text.indexOf('\n', start);
    const line = newline < 0 ? text.length : newline;
    while (line - start > MAX_LENGTH) {
      const space = text.lastIndexOf(' ', start + MAX_LENGTH - 1);
      let end = space >= start ? space + 1 : start + MAX_LENGTH;
      const last = text.charCodeAt(end - 1);
      if (last >= 0xd800 && last <= 0xdbff) end--;
      passages.push({ start, end });
      start = end;
    }
    passages.push({ start, end: line });
    start = line + 1;
  }
  return passages;
}

/** More matches are not counted. */
export const MAX_FOUND = 10_000;

/** Where a text contains another one, ignoring case; at most {@link MAX_FOUND} places. */
export function placesOf(text: string, sought: string): readonly number[] {
  if (sought === '') return [];
  const places: number[] = [];
  for (const { index } of text.matchAll(new RegExp(plainPattern(sought), 'giu'))) {
    places.push(index);
    if (places.length === MAX_FOUND) break;
  }
  return places;
}

/** The index of the passage that contains a place in the text. */
export function passageAt(passages: readonly Passage[], place: number): number {
  let [low, high] = [0, passages.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((passages[middle] as Passage).start <= place) low = middle;
    else high = middle - 1;
  }
  return low;
}
