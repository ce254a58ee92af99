import { timeAfter } from '../clock.ts';
import { ConstraintError, DatabaseError } from '../errors.ts';
import { unknownExecution, unknownTenant } from '../tenant.ts';
import type { Row, SqlConnection, Value } from './connection.ts';

/** What the statements need: the connection, the generation of the format, the time, and the tenant they are confined to. */
export class TenantView {
  readonly connection: SqlConnection;
  readonly generation: number;
  readonly clock: () => number;
  /** undefined: all tenants. */
  readonly tenant: string | undefined;

  constructor(connection: SqlConnection, generation: number, clock: () => number, tenant?: string) {
    this.connection = connection;
    this.generation = generation;
    this.clock = clock;
    this.tenant = tenant;
  }

  /** The time some milliseconds from now, as the runtime writes it. */
  time(milliseconds = 0): string {
    return timeAfter(this.clock, milliseconds);
  }

  /** The tenant of records that name none. */
  get ownTenant(): string {
    return this.tenant ?? 'default';
  }

  /** For the tables that do not refer to tenants themselves. @throws DatabaseError when the tenant of this view does not exist. */
  async requireTenant(): Promise<void> {
    if (this.tenant !== undefined && !(await this.#hasTenant(this.tenant))) throw unknownTenant(this.tenant);
  }

  async #hasTenant(tenantId: string): Promise<boolean> {
    return (await this.connection.all('SELECT 1 AS seen FROM tenants WHERE id = ?', [tenantId])).length > 0;
  }

  /** The view of one tenant adds nothing to another's execution. @throws DatabaseError when it does not see this one. */
  async requireExecution(executionId: string): Promise<void> {
    if (this.tenant === undefined) return;
    if ((await this.get('SELECT 1 AS seen FROM workflow_executions WHERE execution_id = ?', executionId)) === undefined) throw unknownExecution(executionId);
  }

  /** The rows of a SELECT that this view may see. `select` ends with its WHERE clause; the clauses after it are the `tail`. */
  all(select: string, params: readonly Value[], tail = '', tailParams: readonly Value[] = []): Promise<Row[]> {
    return this.connection.all(`${select}${this.tenantClause} ${tail}`, [...params, ...this.tenantParams, ...tailParams]);
  }

  async get(select: string, ...params: readonly Value[]): Promise<Row | undefined> {
    return (await this.all(select, params))[0];
  }

  /** An UPDATE or DELETE of rows that this view may change, ending with its WHERE clause. @returns the number of rows. */
  change(sql: string, ...params: readonly Value[]): Promise<number> {
    return this.connection.run(sql + this.tenantClause, [...params, ...this.tenantParams]);
  }

  /**
   * @param duplicate the message of the error when the database has such a record already.
   * @param conflict what happens then instead, as a clause of the statement.
   * @returns the number of rows written: 0 when the conflict clause left a row unchanged.
   */
  async insert(table: string, row: Readonly<Record<string, Value>>, duplicate: string, conflict = ''): Promise<number> {
    const names = Object.keys(row);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ${conflict}`;
    try {
      return await this.connection.run(sql, Object.values(row));
    } catch (error) {
      throw await this.explained(error, duplicate, String(row['tenant_id']), String(row['execution_id']));
    }
  }

  /** An error of the database that names the record which exists already, or the tenant or execution which does not. */
  async explained(error: unknown, duplicate: string, tenantId: string, executionId: string): Promise<unknown> {
    if (!(error instanceof ConstraintError)) return error;
    if (error.violated === 'duplicate') return new DatabaseError(duplicate, error.cause);
    // Postgres names the constraint, and executes nothing more in this transaction; SQLite does not, and does.
    const isTenant = error.constraint?.includes('tenant') ?? !(await this.#hasTenant(tenantId));
    return isTenant ? unknownTenant(tenantId) : unknownExecution(executionId);
  }

  transaction<T>(work: (inside: TenantView) => Promise<T>): Promise<T> {
    return this.connection.transaction((inside) => work(new TenantView(inside, this.generation, this.clock, this.tenant)));
  }

  /** @throws DatabaseError when the database is of an older generation. */
  requireGeneration(generation: number, what: string): void {
    if (this.generation < generation) throw new DatabaseError(`This database is of generation ${this.generation}; ${what} needs generation ${generation}.`);
  }

  /** The last condition of every WHERE clause. */
  get tenantClause(): string {
    return this.tenant === undefined ? '' : ' AND tenant_id = ?';
  }

  get tenantParams(): readonly Value[] {
    return this.tenant === undefined ? [] : [this.tenant];
  }
}
