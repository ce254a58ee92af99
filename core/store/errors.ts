/** The four failures of a StateBackend (jamjet-format.md §4), each with what, which and why. */
type StoreErrorKind = 'NotFound' | 'SequenceConflict' | 'Database' | 'Serialization';

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

/**
 * Two writers gave one sequence. The backends of this package never let it come to that; programs expect it all the same.
 *
 * @public
 */
export class SequenceConflictError extends StoreError {
  constructor(executionId: string, sequence: number) {
    super('SequenceConflict', `Execution ${executionId} already has an event ${sequence}.`);
  }
}

/** The database refused, or holds something that cannot be. */
export class DatabaseError extends StoreError {
  constructor(message: string, cause?: unknown) {
    super('Database', message, cause === undefined ? undefined : { cause });
  }
}

/** JSON in a row cannot be read. */
export class SerializationError extends StoreError {
  constructor(where: string, reason: string) {
    super('Serialization', `The JSON in ${where} cannot be read: ${reason}.`);
  }
}
