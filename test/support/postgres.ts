import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import './postgres-setup.ts';

/** The URL of the shared server. @throws Error with the reason when there is none. */
export function serverUrl(): string {
  const server = inject('postgres');
  if ('reason' in server) throw new Error(server.reason);
  return server.url;
}

/** The URL for a store in a new, empty schema, which is removed after the test, or when `atEnd` calls what it is given. */
export async function emptySchema(atEnd: (remove: () => Promise<void>) => void = onTestFinished): Promise<string> {
  const url = serverUrl();
  const name = `t ${randomUUID()}`;
  await onServer(`CREATE SCHEMA "${name}"`);
  atEnd(() => onServer(`DROP SCHEMA "${name}" CASCADE`));
  return `${url}?schema=${encodeURIComponent(name)}`;
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  await client.query(sql);
  await client.end();
}
