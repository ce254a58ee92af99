type FindingKind = 'gap' | 'duplicate-sequence' | 'bad-sequence' | 'out-of-order-time' | 'unreadable-event' | 'unknown-kind' | 'runtime-would-refuse';

/** Something unusual in the data. It is shown, and reading continues. */
export interface Finding {
  readonly kind: FindingKind;
  /** For a gap, the first missing sequence. */
  readonly sequence: number;
  /** For a gap, the last missing sequence. */
  readonly until?: number;
  /** A sentence that describes it. */
  readonly detail: string;
}
