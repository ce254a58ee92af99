import { formatTime } from '../../jamjet/time.ts';
import { DatabaseError } from '../errors.ts';
import { tenantOfRecord, unknownExecution } from '../tenant.ts';
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
    return formatTime(this.clock() + milliseconds);
  }

  /** The tenant of a new row. @throws DatabaseError when the view of one tenant is given a record of another. */
  tenantOf({ tenantId }: { readonly tenantId?: string | undefined } = {}): string {
    return tenantOfRecord(this.tenant, tenantId);
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

  /** @returns the number of rows written: 0 when the conflict clause left a row unchanged. */
  insert(table: string, row: Readonly<Record<string, Value>>, conflict = ''): Promise<number> {
    const names = Object.keys(row);
    return this.connection.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ${conflict}`, Object.values(row));
  }

  transaction<T>(work: (inside: TenantView) => Promise<T>): Promise<T> {
    return this.connection.transaction((inside) => work(new TenantView(inside, this.generation, this.clock, this.tenant)));
  }

  /** @throws DatabaseError when the database is of an older generation. */
  requireGeneration(generation: number): void {
    if (this.generation < generation)
      throw new DatabaseError(`This database is of generation ${this.generation}; the operation needs generation ${generation}.`);
  }

  /** The last condition of every WHERE clause. */
  get tenantClause(): string {
    return this.tenant === undefined ? '' : ' AND tenant_id = ?';
  }

  get tenantParams(): readonly Value[] {
    return this.tenant === undefined ? [] : [this.tenant];
  }
}
