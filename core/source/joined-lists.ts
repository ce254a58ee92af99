import type { EventChunk } from '../jamjet/chunk.ts';
import { millisecondsAt } from '../jamjet/time.ts';

/** Many events as a database has joined them: lists whose entries correspond, and all texts in one. */
export interface JoinedLists {
  readonly count: number;
  /** Integers, with commas between them; likewise the lengths of the texts in bytes. */
  readonly sequences: string;
  readonly lengths: string;
  /** With a line feed between two. */
  readonly times: Uint8Array;
  readonly bytes: Uint8Array;
}

/** @returns undefined when the lists do not fit together. */
export function chunkOfLists({ count, sequences: sequenceList, times: timeBytes, lengths: lengthList, bytes }: JoinedLists): EventChunk | undefined {
  const sequences = parseIntegers(sequenceList, count);
  const lengths = parseIntegers(lengthList, count);
  const times = new Float64Array(count);
  const timeOffsets = new Uint32Array(count + 1);
  if (sequences === undefined || lengths === undefined || !readTimes(timeBytes, times, timeOffsets)) return undefined;
  const offsets = new Uint32Array(count + 1);
  for (let i = 0; i < count; i++) offsets[i + 1] = (offsets[i] as number) + (lengths[i] as number);
  if (offsets[count] !== bytes.length) return undefined;
  return { count, sequences, times, timeBytes, timeOffsets, bytes, offsets, unreadable: new Map(), badSequences: 0 };
}

function parseIntegers(list: string, count: number): Float64Array | undefined {
  const values = new Float64Array(count);
  let at = 0;
  let value = 0;
  for (let i = 0; i < list.length; i++) {
    const code = list.charCodeAt(i);
    if (code === 0x2c) {
      values[at++] = value;
      value = 0;
    } else if (code >= 0x30 && code <= 0x39) {
      // In this order: a greater sum in between would lose the last digit.
      value = value * 10 + (code - 0x30);
    } else {
      // A sign, a fraction or text: not a list of plain integers.
      return undefined;
    }
  }
  values[at++] = value;
  return at === count ? values : undefined;
}

/** Fills in the offsets and values of the times in a list. @returns false when their number is not that of the events. */
function readTimes(list: Uint8Array, times: Float64Array, offsets: Uint32Array): boolean {
  let start = 0;
  for (let i = 0; i < times.length; i++) {
    let end = list.indexOf(0x0a, start);
    if (end < 0) end = list.length;
    if (start > list.length) return false;
    times[i] = millisecondsAt(list, start, end);
    start = end + 1;
    offsets[i + 1] = start;
  }
  return start > list.length;
}
