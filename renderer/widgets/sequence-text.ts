import { count } from './format.ts';

/** A sequence that the user typed, or one sentence about why it is none. */
export type TypedSequence = { readonly sequence: number; readonly problem?: undefined } | { readonly sequence?: undefined; readonly problem: string };

/** Reads a typed sequence between 0 and the last one, with or without `#`. */
export function typedSequence(text: string, last: number): TypedSequence {
  const typed = text.trim();
  if (typed === '') return { problem: `Type a sequence from 0 to ${count(last)}.` };
  const digits = /^#?(\d+)$/.exec(typed)?.[1];
  if (digits === undefined) return { problem: 'A sequence is a whole number, 0 or more.' };
  return Number(digits) > last ? { problem: `The last event is #${count(last)}.` } : { sequence: Number(digits) };
}
