/**
 * Consecutive events of one execution, as bytes. A Source scans them and a History indexes them, so that a million events
 * never become a million objects.
 */
export interface EventChunk {
  readonly count: number;
  readonly sequences: Float64Array;
  /** Milliseconds since 1970; NaN where the stored time cannot be read. */
  readonly times: Float64Array;
  /** The times as they are stored. Time i is in bytes [timeOffsets[i], timeOffsets[i + 1] - 1); one byte separates two. */
  readonly timeBytes: Uint8Array;
  readonly timeOffsets: Uint32Array;
  /** The `kind_json` of the events, concatenated, in UTF-8. */
  readonly bytes: Uint8Array;
  /** Event i is in bytes [offsets[i], offsets[i + 1]). There are count + 1 entries. */
  readonly offsets: Uint32Array;
  /** Why the `kind_json` of an event cannot be read as UTF-8 text, by the event's index in the chunk. */
  readonly unreadable: ReadonlyMap<number, string>;
  /** The number of rows that were left out because their sequence is not an integer. */
  readonly badSequences: number;
}

/** A byte-order mark is kept, because the runtime refuses a text that has one. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of event `index`. Bytes that are not UTF-8 are replaced. */
export function textAt({ bytes, offsets }: EventChunk, index: number): string {
  return DECODER.decode(bytes.subarray(offsets[index], offsets[index + 1]));
}
