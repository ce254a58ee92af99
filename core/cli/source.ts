import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OpenExecution } from '../debugger/execution.ts';
import { Session } from '../debugger/session.ts';
import { FaultError } from '../fault.ts';
import { discard, prepareSqlite } from '../source/sqlite/prepare.ts';
import { SqliteSource } from '../source/sqlite/source.ts';

/** Opens SOURCE for as long as `work` runs. @throws FaultError */
export async function withSource<T>(source: string, work: (session: Session) => Promise<T>): Promise<T> {
  const file = await prepareSqlite(pathOf(source));
  try {
    const session = new Session(SqliteSource.open(file));
    try {
      return await work(session);
    } finally {
      session.close();
    }
  } finally {
    await discard(file);
  }
}

/** The same with one execution of it, of whose history nothing has been read yet. */
export async function withUnread<T>(source: string, execution: string, work: (execution: OpenExecution) => Promise<T>): Promise<T> {
  return withSource(source, async (session) => work(await OpenExecution.open(session.source, await session.resolve(execution))));
}

/** The same with its history indexed. */
export async function withExecution<T>(source: string, execution: string, work: (execution: OpenExecution) => Promise<T>): Promise<T> {
  return withUnread(source, execution, async (open) => {
    await open.index();
    return work(open);
  });
}

/** @throws FaultError for a source that is no file. */
export function pathOf(source: string): string {
  if (source.startsWith('file:')) return fileURLToPath(source);
  if (source.startsWith('sqlite://')) return resolve(decodeURIComponent(source.slice('sqlite://'.length).replace(/\?.*$/, '')));
  const scheme = /^([a-z][a-z0-9+]+):\/\//i.exec(source)?.[1];
  if (scheme !== undefined)
    throw new FaultError('bad-request', { detail: `sources of the kind ${scheme}:// cannot be opened yet; give the path of an SQLite file` });
  return resolve(source);
}
