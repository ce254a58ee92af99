import { formatTime } from '../../jamjet/time.ts';
import { DatabaseError } from '../errors.ts';
import { noExecution, ownerOf } from '../tenant.ts';
import type { Row, SqlConnection, Value } from './connection.ts';

/** What every statement of a backend needs to know: where, for which tenant, in which generation of the format, when. */
export class Scope {
  readonly connection: SqlConnection;
  readonly generation: number;
  readonly clock: () => number;
  readonly tenant: string | undefined;

  constructor(connection: SqlConnection, generation: number, clock: () => number, tenant?: string) {
    this.connection = connection;
    this.generation = generation;
    this.clock = clock;
    this.tenant = tenant;
  }

  /** So many milliseconds from now, as the runtime writes it. */
  time(milliseconds = 0): string {
    return formatTime(this.clock() + milliseconds);
  }

  /** Whose a new row is. @throws DatabaseError when a scoped view is given another tenant's record. */
  owner({ tenantId }: { readonly tenantId?: string | undefined } = {}): string {
    return ownerOf(this.tenant, tenantId);
  }

  /** A scoped view adds nothing to another tenant's execution. @throws DatabaseError */
  async mustSee(executionId: string): Promise<void> {
    if (this.tenant === undefined) return;
    if ((await this.get('SELECT 1 AS seen FROM workflow_executions WHERE execution_id = ?', executionId)) === undefined) throw noExecution(executionId);
  }

  /** The rows of a SELECT that this view may see. It ends in its WHERE clause; what comes after that is the tail. */
  all(select: string, params: readonly Value[], tail = '', tailParams: readonly Value[] = []): Promise<Row[]> {
    return this.connection.all(`${select}${this.own} ${tail}`, [...params, ...this.ownParams, ...tailParams]);
  }

  async get(select: string, ...params: readonly Value[]): Promise<Row | undefined> {
    return (await this.all(select, params))[0];
  }

  /** An UPDATE or DELETE of rows this view may touch; it ends in its WHERE clause. @returns how many there were. */
  change(sql: string, ...params: readonly Value[]): Promise<number> {
    return this.connection.run(sql + this.own, [...params, ...this.ownParams]);
  }

  /** @returns how many rows were written: 0 when the conflict clause left one as it was. */
  insert(table: string, row: Readonly<Record<string, Value>>, conflict = ''): Promise<number> {
    const names = Object.keys(row);
    return this.connection.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')}) ${conflict}`, Object.values(row));
  }

  transaction<T>(work: (inside: Scope) => Promise<T>): Promise<T> {
    return this.connection.transaction((inside) => work(new Scope(inside, this.generation, this.clock, this.tenant)));
  }

  /** @throws DatabaseError when the database has no place for it. */
  needs(generation: number): void {
    if (this.generation < generation)
      throw new DatabaseError(`This database is of generation ${this.generation}; the operation needs generation ${generation}.`);
  }

  /** Ends every WHERE clause. */
  get own(): string {
    return this.tenant === undefined ? '' : ' AND tenant_id = ?';
  }

  get ownParams(): readonly Value[] {
    return this.tenant === undefined ? [] : [this.tenant];
  }
}
