/** The failures of a StateBackend (jamjet-format.md §4), each with what, which and why. The last one is of generation 11. */
type StoreErrorKind = 'NotFound' | 'SequenceConflict' | 'Database' | 'Serialization' | 'FenceLost';

export class StoreError extends Error {
  readonly kind: StoreErrorKind;
  constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = `${kind}Error`;
    this.kind = kind;
  }
}

/** An update met nothing. */
export class NotFoundError extends StoreError {
  constructor(what: string, id: string) {
    super('NotFound', `There is no ${what} ${id} here.`);
  }
}

/** Another program gave the sequence that ours was about to get, again and again: it does not lock as the writers here do. */
export class SequenceConflictError extends StoreError {
  constructor(executionId: string) {
    super('SequenceConflict', `The next sequence of execution ${executionId} was taken by other writers each time. Try again.`);
  }
}

/** The claim of a work item was lost to another worker, or lapsed. */
export class FenceLostError extends StoreError {
  constructor(itemId: string) {
    super('FenceLost', `The claim of work item ${itemId} was lost; what it did was not kept.`);
  }
}

/** The database refused, or holds something that cannot be. */
export class DatabaseError extends StoreError {
  constructor(message: string, cause?: unknown) {
    super('Database', message, cause === undefined ? undefined : { cause });
  }
}

/** What is said to a transaction's store after its work has ended. */
export function transactionOver(): DatabaseError {
  return new DatabaseError('The transaction has ended; this store was good only inside it.');
}

/** A value that cannot be stored, or JSON in a row that cannot be read. */
export class SerializationError extends StoreError {
  constructor(message: string) {
    super('Serialization', message);
  }
}
