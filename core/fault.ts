/**
 * What can go wrong so that an action fails. A Fault is an answer, not a bug: it is shown in one sentence that says what
 * was found and what to do.
 */
export type FaultKind =
  | 'file-missing'
  | 'not-a-file'
  | 'permission-denied'
  | 'empty-database'
  | 'not-a-database'
  | 'not-an-event-store'
  | 'needs-recovery'
  | 'folder-read-only'
  | 'busy'
  | 'damaged'
  | 'too-large'
  | 'no-such-execution'
  | 'ambiguous-execution'
  | 'no-source'
  | 'bad-request'
  | 'cancelled'
  | 'timed-out'
  | 'disk-full'
  | 'not-written'
  | 'engine-gone'
  | 'internal';

export interface Fault {
  readonly kind: FaultKind;
  /** What it is about: a file's name, an id. */
  readonly subject?: string;
  /** What exactly was found, as the end of a sentence. */
  readonly detail?: string;
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** Carries a Fault up to the door that answers with it. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(kind: FaultKind, about: Omit<Fault, 'kind'> = {}) {
    super(explain({ kind, ...about }));
    this.name = 'FaultError';
    this.fault = { kind, ...about };
  }
}

/** The value of a result. @throws FaultError when it is none. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { kind, ...about } = result.fault;
  throw new FaultError(kind, about);
}

type Sentence = (subject: string, detail: string) => string;

const SENTENCES: Readonly<Record<FaultKind, Sentence>> = {
  'file-missing': (s) => `${s} is not there. Check the path, or whether the file was moved.`,
  'not-a-file': (s, d) => `${s} is ${d || 'no regular file'}, not a database file. Choose the file itself, such as runtime.db.`,
  'permission-denied': (s) => `${s} cannot be read: permission is denied. Ask its owner for the right to read it, or copy it.`,
  'empty-database': (s) => `${s} is empty: a runtime has created it but written nothing yet. Open it again once a workflow has started.`,
  'not-a-database': (s, d) => `${s} is not an SQLite database: ${d || 'it does not begin as one'}. Choose a JamJet state database, usually runtime.db.`,
  'not-an-event-store': (s, d) =>
    `${s} is an SQLite database, but not one of JamJet's state: ${d}. Choose the file that the runtime writes, usually runtime.db.`,
  'needs-recovery': (s) =>
    `${s} was left in the middle of a write (there is a rollback journal beside it). Let its own program open it once, then open it here.`,
  'folder-read-only': (s) =>
    `${s} lies in a folder that cannot be written, and SQLite needs that to read its log. Copy the file and its -wal elsewhere and open the copy.`,
  busy: (s) => `${s} is locked by another program. Try again when that program has finished its write.`,
  damaged: (s, d) => `${s} is damaged: ${d || 'SQLite cannot read a part of it'}. Restore it from a copy; what can be read is not the whole.`,
  'too-large': (s, d) => `${s} is too large to show here${d ? `: ${d}` : ''}. Export it to a file instead.`,
  'no-such-execution': (s) => `There is no execution ${s} in this database. List the executions to see their ids.`,
  'ambiguous-execution': (s, d) => `${s} is the beginning of more than one id: ${d}. Give more digits.`,
  'no-source': (s) => `${s === UNNAMED ? 'The database' : s} is not open any more. Open it again.`,
  'bad-request': (_, d) => `The request was refused: ${d}.`,
  cancelled: (s) => `${s || 'The task'} was cancelled. Nothing was changed.`,
  'timed-out': (s) => `${s || 'The database'} did not answer in time, and the reading was stopped. Try again, or try a smaller range.`,
  'disk-full': (s) => `${s} could not be written: the disk is full. Free some space or choose another folder; what stood there before is unchanged.`,
  'not-written': (s, d) => `${s} could not be written: ${d || 'the system refused'}. Choose another place; what stood there before is unchanged.`,
  'engine-gone': () => 'The reading process stopped and was started again. Where you stood has been restored.',
  internal: (_, d) => `This is our mistake, not yours: ${d || 'something unexpected happened'}. Nothing was written; please report it.`,
};

/** What a sentence is about when the Fault does not say. */
const UNNAMED = 'The file';

/** The one sentence a person is shown: what, why, what to do. */
export function explain(fault: Fault): string {
  return SENTENCES[fault.kind](fault.subject ?? UNNAMED, fault.detail ?? '');
}
