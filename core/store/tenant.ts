import { DatabaseError } from './errors.ts';
import type { Optional } from './port.ts';
import { requireText, shown } from './validate.ts';

/**
 * The tenant of a new row: that of the view, or without a view that of the record, or `default`.
 *
 * @param where the record, for the error message.
 * @throws DatabaseError when a view is given a record of another tenant.
 */
export function tenantOfRecord(view: string | undefined, record?: Optional<string>, where = 'the record'): string {
  if (record === undefined || record === null) return view ?? 'default';
  const tenant = requireText(record, `tenantId of ${where}`);
  if (view !== undefined && tenant !== view) throw new DatabaseError(`The tenant of ${where} is ${shown(tenant)}; this view writes only ${shown(view)}.`);
  return tenant;
}

/** The error for a write to an execution that does not exist or belongs to another tenant. */
export function unknownExecution(executionId: string): DatabaseError {
  return new DatabaseError(`There is no execution ${executionId} to write to.`);
}

/** The error for a record whose tenant does not exist. */
export function unknownTenant(tenantId: string): DatabaseError {
  return new DatabaseError(`There is no tenant "${tenantId}".`);
}
