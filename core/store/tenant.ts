import { DatabaseError } from './errors.ts';

/**
 * Whose a new row is: a view writes its own tenant, everybody else the one of the record, or `default`.
 *
 * @throws DatabaseError when a view is given another tenant's record.
 */
export function ownerOf(view: string | undefined, record: string | undefined): string {
  if (view === undefined) return record ?? 'default';
  if (record !== undefined && record !== view) throw new DatabaseError(`This record belongs to the tenant "${record}", and this view writes only "${view}".`);
  return view;
}

/** What is said of an execution that is not there, or another tenant's. */
export function noExecution(executionId: string): DatabaseError {
  return new DatabaseError(`There is no execution ${executionId} to write to.`);
}

/** What is said of a record whose tenant is not there. */
export function noTenant(tenantId: string): DatabaseError {
  return new DatabaseError(`There is no tenant "${tenantId}".`);
}
