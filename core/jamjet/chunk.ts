/**
 * Some consecutive events of one execution, as bytes: what a Source scans and a History indexes,
 * so that a million events never become a million objects.
 */
export interface EventChunk {
  readonly count: number;
  readonly sequences: Float64Array;
  /** Milliseconds since 1970; NaN where the stored time cannot be read. */
  readonly times: Float64Array;
  /** The times as they are stored. Text i fills bytes [timeOffsets[i], timeOffsets[i + 1] - 1): one byte lies between two. */
  readonly timeBytes: Uint8Array;
  readonly timeOffsets: Uint32Array;
  /** The events' `kind_json`, one after the other, in UTF-8. */
  readonly bytes: Uint8Array;
  /** Event i fills bytes [offsets[i], offsets[i + 1]). Has count + 1 entries. */
  readonly offsets: Uint32Array;
  /** Rows whose `kind_json` is no text or no UTF-8, by their place in the chunk, and why. */
  readonly unreadable: ReadonlyMap<number, string>;
  /** Rows that were met and left out, because their sequence is no whole number. */
  readonly strays: number;
}
