import { onTestFinished } from 'vitest';
import { discard, prepareSqlite } from '../../core/source/sqlite/prepare.ts';
import { SqliteSource } from '../../core/source/sqlite/source.ts';

/** Opens a file as the application does, and closes it when the test is over. */
export async function openSqlite(path: string): Promise<SqliteSource> {
  const file = await prepareSqlite(path);
  onTestFinished(() => discard(file));
  const source = SqliteSource.open(file);
  onTestFinished(() => source.close());
  return source;
}
