import { diffWordsWithSpace } from 'diff';
import { beginningOf, endOf } from '../json/slice.ts';
import { visible } from '../visible.ts';

interface WordDiffPart {
  readonly op: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** The most characters that are compared word by word for one frame; longer texts are compared by what is common at their ends. */
const MAX_LENGTH = 20_000;
/** How many words may differ, which bounds the work. */
const MAX_EDITS = 100;
/** How much of what did not change is shown beside a change. */
const CONTEXT = 60;
/** How much of one removed or added part is shown. */
const MAX_PART = 2000;

/** Compares the texts of one frame word by word, until they are too many. */
export function wordDiffer(): (old: string, now: string) => readonly WordDiffPart[] {
  let left = MAX_LENGTH;
  return (old, now) => {
    left -= old.length + now.length;
    const changes = left < 0 ? undefined : diffWordsWithSpace(old, now, { maxEditLength: MAX_EDITS });
    const parts =
      changes?.map(({ added, removed, value }) => ({ op: added ? 'added' : removed ? 'removed' : 'same', text: value }) as const) ?? byEnds(old, now);
    return parts.map(({ op, text }, i) => ({
      op,
      text: visible(op === 'same' ? shortened(text, i === 0, i === parts.length - 1) : middleCut(text, MAX_PART)),
    }));
  };
}

/** The common beginning, what differs, and the common end. */
function byEnds(old: string, now: string): readonly WordDiffPart[] {
  const shorter = Math.min(old.length, now.length);
  let start = 0;
  while (start < shorter && old[start] === now[start]) start++;
  // Whole words differ.
  while (start > 0 && !/\s/.test(old[start - 1] as string)) start--;
  let end = 0;
  while (end < shorter - start && old[old.length - 1 - end] === now[now.length - 1 - end]) end++;
  while (end > 0 && !/\s/.test(old[old.length - end] as string)) end--;
  const parts: WordDiffPart[] = [
    { op: 'same', text: old.slice(0, start) },
    { op: 'removed', text: old.slice(start, old.length - end) },
    { op: 'added', text: now.slice(start, now.length - end) },
    { op: 'same', text: old.slice(old.length - end) },
  ];
  return parts.filter(({ text }) => text !== '');
}

/** Only what is near a change is shown of a text that did not change. */
function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  if (isFirst && isLast) return middleCut(text, 2 * CONTEXT);
  if (isFirst) return text.length <= CONTEXT ? text : `… ${endOf(text, CONTEXT)}`;
  if (isLast) return text.length <= CONTEXT ? text : `${beginningOf(text, CONTEXT)} …`;
  return middleCut(text, 2 * CONTEXT);
}

function middleCut(text: string, length: number): string {
  return text.length <= length ? text : `${beginningOf(text, length / 2)} … ${endOf(text, length / 2)}`;
}
