import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { PostgresSource } from '../../core/source/postgres/source.ts';
import { connect, copyTables } from './copy-tables.ts';
import { emptySchema, serverUrl } from './postgres.ts';

/** Copies an SQLite database to a new schema; see {@link copyTables}. @returns the URL. */
export async function copyToPostgres(file: string, layout: 'store' | 'text' | 'jsonb', atEnd?: (remove: () => Promise<void>) => void): Promise<string> {
  const url = await emptySchema(atEnd);
  await copyTables(file, url, layout);
  return url;
}

/** A connection of the test itself, whose search path is the schema of the URL. */
export async function connected(url: string): Promise<pg.Client> {
  const client = await connect(url);
  onTestFinished(() => client.end());
  return client;
}

/** Opens a database as the application does, and closes it after the test. */
export async function openPostgres(url: string): Promise<PostgresSource> {
  const source = await PostgresSource.open(url);
  onTestFinished(() => source.close());
  return source;
}

/** The URL of a new role that can only read one schema, which is its search path. */
export async function readerOf(url: string): Promise<URL> {
  const client = await connected(serverUrl());
  const [schema, role] = [new URL(url).searchParams.get('schema'), `reader_${randomUUID().slice(0, 8)}`];
  await client.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'; GRANT USAGE ON SCHEMA "${schema}" TO ${role};
    GRANT SELECT ON ALL TABLES IN SCHEMA "${schema}" TO ${role}; ALTER ROLE ${role} SET search_path = "${schema}"`);
  onTestFinished(async () => {
    await client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
  const address = new URL(serverUrl());
  [address.username, address.password] = [role, 'secret'];
  return address;
}
