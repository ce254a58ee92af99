import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';
import './postgres-setup.ts';

/** The server of this run. @throws Error that says why there is none. */
export function serverUrl(): string {
  const server = inject('postgres');
  if ('why' in server) throw new Error(server.why);
  return server.url;
}

/** An empty schema of its own, as a URL for a store; it goes when the test is over. */
export async function emptySchema(): Promise<string> {
  const url = serverUrl();
  const name = `t ${randomUUID()}`;
  await onServer(`CREATE SCHEMA "${name}"`);
  onTestFinished(() => onServer(`DROP SCHEMA "${name}" CASCADE`));
  return `${url}?schema=${encodeURIComponent(name)}`;
}

async function onServer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl() });
  await client.connect();
  await client.query(sql);
  await client.end();
}
