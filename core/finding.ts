/** How grave a finding is: the state may be wrong, something is unusual, or something that is usual but worth knowing. */
export type FindingSeverity = 'error' | 'warning' | 'note';

export interface FindingMeaning {
  readonly severity: FindingSeverity;
  /** What it means for the states that are shown and for a recovery. */
  readonly means: string;
  /** What it does not show, where one might think that it does. */
  readonly doesNotProve?: string;
}

const INCOMPLETE = 'From here on, every state may lack changes.';
const UNPLACED = 'It may belong anywhere, so every state may lack its changes.';

/** Every kind of finding. */
export const FINDINGS = {
  'unreadable-input': { severity: 'error', means: 'Replay starts from {}, and the runtime refuses the execution unless a snapshot replaces the input.' },
  'bad-sequence': { severity: 'error', means: UNPLACED },
  damaged: { severity: 'error', means: 'States from here on rest on rows that the index has lost. Restore the file from a backup.' },
  gap: { severity: 'error', means: INCOMPLETE },
  'unreadable-event': { severity: 'error', means: `${INCOMPLETE} The runtime refuses the execution unless a later snapshot replaces the event.` },
  'snapshot-differs': { severity: 'error', means: 'A recovery that starts here rebuilds another state than the events give.' },
  'snapshot-unreadable': { severity: 'error', means: 'The runtime refuses the execution while this is its newest snapshot.' },
  'runtime-would-refuse': { severity: 'warning', means: 'The runtime refuses the execution unless a later snapshot replaces the event.' },
  'duplicate-sequence': { severity: 'warning', means: 'The events are replayed in the order in which they were stored.' },
  'snapshot-beyond-end': { severity: 'warning', means: 'Events that it was made from are missing at the end of the log.' },
  'unknown-kind': { severity: 'warning', means: 'The event changes nothing in replay; a runtime that knows the kind may do more.' },
  'audit-hash': {
    severity: 'error',
    means: 'A field of the entry was changed after it was written.',
    doesNotProve: 'It does not show which field, nor by whom.',
  },
  'audit-link': {
    severity: 'error',
    means: 'An entry before it was removed, added or rewritten.',
    doesNotProve: 'It does not show which one, nor of which run it was.',
  },
  'audit-signature': {
    severity: 'error',
    means: 'The entry was rewritten by somebody without the key, or this is another key.',
    doesNotProve: 'It does not show which of the two.',
  },
  'audit-event': {
    severity: 'error',
    means: 'The event was changed or removed after it was written, or the entry was rewritten.',
    doesNotProve: 'It does not show which of the two is as it was written.',
  },
  'audit-head': {
    severity: 'error',
    means: 'Entries that were there when the hash was noted are gone.',
    doesNotProve: 'It does not show how many, nor of which runs.',
  },
  'sent-differs': { severity: 'warning', means: 'The definition was replaced under the same version, or the item or an event was changed afterwards.' },
  'out-of-order-time': { severity: 'note', means: 'The order is that of the sequences; durations across this event are not right.' },
  'row-status-differs': { severity: 'note', means: 'The runtime updates the status of the row separately, and some ends are in the row alone.' },
} as const satisfies Readonly<Record<string, FindingMeaning>>;

type FindingKind = keyof typeof FINDINGS;

/** Something unusual in the data. It is shown, and reading continues. */
export interface Finding {
  readonly kind: FindingKind;
  /** Where it is; for a gap, the first missing sequence; 0 when it concerns the whole execution. */
  readonly sequence: number;
  /** For a gap, the last missing sequence. */
  readonly until?: number;
  /** A sentence that describes it. */
  readonly detail: string;
  /** Set when it is about the database, not about one of its executions. */
  readonly isOfDatabase?: true;
}

/** What an audit log proves when no break is found, and what it does not. */
export const AUDIT_PROVES =
  'No event that has an entry was changed since, unless the entry and all later ones were rewritten, which a signature or a head hash that was noted before would show.';
export const AUDIT_DOES_NOT_PROVE = 'It does not prove that the newest entries were not removed, and says nothing of events without an entry.';
