import { DatabaseError } from './errors.ts';

/**
 * The tenant of a new row: that of the view, or without a view that of the record, or `default`.
 *
 * @throws DatabaseError when a view is given a record of another tenant.
 */
export function tenantOfRecord(view: string | undefined, record: string | undefined): string {
  if (view === undefined) return record ?? 'default';
  if (record !== undefined && record !== view) throw new DatabaseError(`The record belongs to the tenant "${record}"; this view writes only "${view}".`);
  return view;
}

/** The error for a write to an execution that does not exist or belongs to another tenant. */
export function unknownExecution(executionId: string): DatabaseError {
  return new DatabaseError(`There is no execution ${executionId} to write to.`);
}

/** The error for a record whose tenant does not exist. */
export function unknownTenant(tenantId: string): DatabaseError {
  return new DatabaseError(`There is no tenant "${tenantId}".`);
}
