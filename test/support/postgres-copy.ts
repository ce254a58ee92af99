import type pg from 'pg';
import { onTestFinished } from 'vitest';
import { PostgresSource } from '../../core/source/postgres/source.ts';
import { connect, copyTables } from './copy-tables.ts';
import { emptySchema } from './postgres.ts';

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
