import type { SourceRemark } from '../port.ts';
import type { Query } from './connection.ts';
import { type Layout, quote } from './layout.ts';

/** A warning when the user of the connection could write, with the statements that make one who cannot. */
export async function readOnlyRole(query: Query, { schema, oids }: Layout, database: string): Promise<SourceRemark | undefined> {
  const [row] = await query(
    `SELECT current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) OR
       EXISTS (SELECT 1 FROM unnest($1::oid[]) AS o WHERE has_table_privilege(o, 'INSERT, UPDATE, DELETE, TRUNCATE'))`,
    [oids],
  );
  if (row?.[1] !== 't') return undefined;
  return {
    text: `The user ${row[0]} may write to this database. Hindsight only reads, in transactions that cannot write; a role that can only read makes sure of it.`,
    sql: [
      `CREATE ROLE hindsight_reader LOGIN PASSWORD 'choose one';`,
      `GRANT CONNECT ON DATABASE ${quote(database)} TO hindsight_reader;`,
      `GRANT USAGE ON SCHEMA ${quote(schema)} TO hindsight_reader;`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA ${quote(schema)} TO hindsight_reader;`,
      'ALTER ROLE hindsight_reader SET default_transaction_read_only = on;',
    ].join('\n'),
  };
}
