/** The errors of a StateBackend, as upstream names them. FenceLost exists from generation 11 on. */
type StoreErrorKind = 'NotFound' | 'SequenceConflict' | 'Database' | 'Serialization' | 'FenceLost';

export class StoreError extends Error {
  readonly kind: StoreErrorKind;
  constructor(kind: StoreErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = `${kind}Error`;
    this.kind = kind;
  }
}

/** There is no such record. */
export class NotFoundError extends StoreError {
  constructor(what: string, id: string) {
    super('NotFound', `There is no ${what} ${id}.`);
  }
}

/** Another program, which does not lock as this store does, took the next sequence on every attempt. */
export class SequenceConflictError extends StoreError {
  constructor(executionId: string) {
    super('SequenceConflict', `The next sequence of execution ${executionId} was taken by another writer on every attempt. Try again.`);
  }
}

/** The claim of a work item has expired or passed to another worker. */
export class FenceLostError extends StoreError {
  constructor(itemId: string) {
    super('FenceLost', `The claim of work item ${itemId} was lost; nothing was written.`);
  }
}

/** The database reported an error, or the operation is invalid. */
export class DatabaseError extends StoreError {
  constructor(message: string, cause?: unknown) {
    super('Database', message, cause === undefined ? undefined : { cause });
  }
}

/** A constraint that a record violates, as the database reports it. Whoever wrote the record says which one it is. */
export class ConstraintError extends DatabaseError {
  readonly violated: 'duplicate' | 'reference';
  /** Its name, where the database tells it. */
  readonly constraint: string | undefined;
  constructor(violated: 'duplicate' | 'reference', constraint: string | undefined, cause: unknown) {
    super(violated === 'duplicate' ? 'A record with this id or key exists already.' : 'The record refers to one that does not exist.', cause);
    this.violated = violated;
    this.constraint = constraint;
  }
}

/** The error for an operation on a transaction's store after the transaction has ended. */
export function transactionEnded(): DatabaseError {
  return new DatabaseError('The transaction has ended; its store can no longer be used.');
}

/** A value that cannot be stored, or JSON in a row that cannot be read. */
export class SerializationError extends StoreError {
  constructor(message: string) {
    super('Serialization', message);
  }
}
