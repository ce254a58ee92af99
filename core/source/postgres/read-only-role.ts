import type { SourceRemark } from '../port.ts';
import { quote, type Table } from './layout.ts';

interface Connected {
  readonly user: string;
  readonly database: string;
  readonly schema: string;
}

/** A warning when the user of the connection could write, with the statements that make one who cannot. */
export function readOnlyRole(tables: ReadonlyMap<string, Table>, { user, database, schema }: Connected): SourceRemark | undefined {
  if (![...tables.values()].some(({ isWritable }) => isWritable)) return undefined;
  return {
    text: `The user ${user} may write to this database. Hindsight only reads, in transactions that cannot write; a role that can only read makes sure of it.`,
    sql: [
      `CREATE ROLE hindsight_reader LOGIN PASSWORD 'choose one';`,
      `GRANT CONNECT ON DATABASE ${quote(database)} TO hindsight_reader;`,
      `GRANT USAGE ON SCHEMA ${quote(schema)} TO hindsight_reader;`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA ${quote(schema)} TO hindsight_reader;`,
      'ALTER ROLE hindsight_reader SET default_transaction_read_only = on;',
    ].join('\n'),
  };
}
