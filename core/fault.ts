/** The reasons for which an action fails. A Fault is an expected answer, not a bug; {@link explain} makes it a sentence. */
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
  | 'bad-filter'
  | 'bad-condition'
  | 'bad-search'
  | 'cancelled'
  | 'timed-out'
  | 'disk-full'
  | 'not-written'
  | 'bad-target'
  | 'runtime-refuses'
  | 'unreadable-schema'
  | 'bad-side-file'
  | 'no-temporary-folder'
  | 'file-replaced'
  | 'bad-address'
  | 'cannot-connect'
  | 'login-refused'
  | 'connection-lost'
  | 'server-error'
  | 'no-jamjet-tables'
  | 'several-schemas'
  | 'nothing-to-audit'
  | 'engine-gone'
  | 'internal';

export interface Fault {
  readonly kind: FaultKind;
  /** What it is about, such as a file's name or an id. */
  readonly subject?: string;
  /** What exactly was found, as a part of a sentence. */
  readonly detail?: string;
  /** The part of a text of the user that is wrong: [start, end). */
  readonly at?: readonly [start: number, end: number];
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** Carries a Fault to the code that answers the request. */
export class FaultError extends Error {
  readonly fault: Fault;
  constructor(kind: FaultKind, about: Omit<Fault, 'kind'> = {}) {
    super(explain({ kind, ...about }));
    this.name = 'FaultError';
    this.fault = { kind, ...about };
  }
}

/** The value of a result. @throws FaultError when the result is a Fault. */
export function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  const { kind, ...about } = result.fault;
  throw new FaultError(kind, about);
}

/** The detail of `needs-recovery` where no copy can be recovered alone. */
export const SEVERAL_DATABASES = 'to several databases at once';

type Sentence = (subject: string, detail: string) => string;

const SENTENCES: Readonly<Record<FaultKind, Sentence>> = {
  'file-missing': (s) => `${s} does not exist. Check the path, or whether the file was moved.`,
  'not-a-file': (s, d) => `${s} is ${d || 'a special file'}, not a database file. Choose the file itself, such as runtime.db.`,
  'permission-denied': (s) => `${s} cannot be read: permission denied. Ask its owner for permission to read it, or for a copy.`,
  'empty-database': (s) => `${s} is empty: a runtime has created it but not written anything yet. Open it again once a workflow has started.`,
  'not-a-database': (s, d) => `${s} is not an SQLite database: ${d || 'its header is not that of one'}. Choose a JamJet state database, usually runtime.db.`,
  'not-an-event-store': (s, d) =>
    `${s} is an SQLite database, but not a JamJet state database: ${d}. Choose the file that the runtime writes, usually runtime.db.`,
  'needs-recovery': (s, d) =>
    `${s} was left in the middle of a write${d === SEVERAL_DATABASES ? ` ${d}` : ''} (there is a rollback journal next to it). Open it once with the program that wrote it, then open it here.`,
  'folder-read-only': (s) =>
    `${s} is in a folder that is not writable, and SQLite needs to write there to read its log. Copy the file and its -wal elsewhere and open the copy.`,
  busy: (s) => `${s} is locked by another program. Try again when that program has finished writing.`,
  damaged: (s, d) => `${s} is damaged: ${d || 'SQLite cannot read a part of it'}. Restore it from a backup; what can be read is not complete.`,
  'too-large': (s, d) => `${s} is too large to show here${d ? `: ${d}` : ''}. Export it to a file instead.`,
  'no-such-execution': (s) => `There is no execution ${s} in this database. List the executions to see their ids.`,
  'ambiguous-execution': (s, d) => `${s} is the beginning of several ids: ${d}. Give more digits.`,
  'no-source': (s) => `${s === UNNAMED ? 'The database' : s} is no longer open. Open it again.`,
  'bad-request': (_, d) => `The request was refused: ${d}.`,
  'bad-filter': (_, d) => `The filter cannot be used: ${d}.`,
  'bad-condition': (_, d) => `The condition cannot be used: ${d}.`,
  'bad-search': (_, d) => `This cannot be searched for: ${d}.`,
  cancelled: (s) => `${s === UNNAMED ? 'The task' : s} was cancelled. Nothing was changed.`,
  'timed-out': (s) => `${s === UNNAMED ? 'The query' : s} took too long and was stopped. Try again, or try a smaller range.`,
  'disk-full': (s) => `${s} could not be written: the disk is full. Free some space or choose another folder; an existing file is unchanged.`,
  'not-written': (s, d) => `${s} could not be written: ${d || 'the system refused it'}. Choose another folder or name; an existing file is unchanged.`,
  'bad-target': (s, d) =>
    `${s} is ${d === '' || d === s ? 'a file of the database that is open' : `the same file as ${d}, which belongs to the open database`}. Nothing was written; choose another name.`,
  'unreadable-schema': (s, d) => `${s} has tables that SQLite cannot read: ${d || 'their definition is not valid'}. Open the file that the runtime writes.`,
  'runtime-refuses': (s, d) => `The runtime would refuse execution ${s} here because ${d}. There is no recovered state; look at the reading replay.`,
  'bad-side-file': (s, d) => `${s}, which SQLite would read with the database, is ${d || 'not a file'}. Remove it, or open a copy of the database.`,
  'no-temporary-folder': (s, d) => `The folder for temporary files, ${s}, cannot be used: ${d}. Create it, or set TMPDIR to another one.`,
  'file-replaced': (s) => `${s} is no longer the file that was opened: another one has taken its place. Open it again to see the new one.`,
  'bad-address': (_, d) => `The address cannot be used: ${d}.`,
  'cannot-connect': (s, d) => `${s} cannot be opened: ${d}.`,
  'login-refused': (s, d) => `${s} cannot be opened, because the server refused the login: ${d || 'check the user and the password'}.`,
  'connection-lost': (s) => `The connection to ${s} was lost. Try again once the server can be reached.`,
  'server-error': (s, d) => `The server of ${s} reported an error: ${d}.`,
  'no-jamjet-tables': (s, d) =>
    `${s} is not a JamJet state database: ${d}. Choose another database, or the schema of the tables with ?schema=NAME in the address.`,
  'several-schemas': (s, d) => `${s} has JamJet tables in several schemas: ${d}. Choose one of them with ?schema=NAME in the address.`,
  'nothing-to-audit': (s) => `${s} has no audit log: its runtime was started without one, or never had to write an entry. There is nothing to check.`,
  'engine-gone': () => 'The process that reads the database stopped and was restarted. The view has been restored.',
  internal: (_, d) => `This is a bug in Hindsight: ${d || 'something unexpected happened'}. Nothing was changed; please report it.`,
};

/** The subject of the sentence when the Fault has none. */
const UNNAMED = 'The file';

/** The sentence that users see: what happened, why, and what to do. */
export function explain(fault: Fault): string {
  return SENTENCES[fault.kind](fault.subject ?? UNNAMED, fault.detail ?? '');
}
