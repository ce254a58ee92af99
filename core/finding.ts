/** Something odd in the data. It is shown, and reading goes on. */
type FindingKind = 'gap' | 'duplicate-sequence' | 'bad-sequence' | 'out-of-order-time' | 'unreadable-event' | 'unknown-kind' | 'runtime-would-refuse';

export interface Finding {
  readonly kind: FindingKind;
  /** The sequence it is about; for a gap the first one that is missing. */
  readonly sequence: number;
  /** For a gap: the last one that is missing. */
  readonly until?: number;
  /** What was seen, as a sentence. */
  readonly detail: string;
}
