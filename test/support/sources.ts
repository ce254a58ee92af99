import { onTestFinished } from 'vitest';
import type { Source, SourceCounts } from '../../core/source/port.ts';
import { discard, prepareSqlite } from '../../core/source/sqlite/prepare.ts';
import { SqliteSource } from '../../core/source/sqlite/source.ts';

/** Opens a file as the application does, and closes it after the test. */
export async function openSqlite(path: string): Promise<SqliteSource> {
  const file = await prepareSqlite(path);
  onTestFinished(() => discard(file));
  const source = await SqliteSource.open(file);
  onTestFinished(() => source.close());
  return source;
}

/** Everything that is in it, counted. */
export async function countsOf(source: Source): Promise<SourceCounts> {
  let counts: SourceCounts | undefined;
  for await (counts of source.count());
  if (counts === undefined) throw new Error('nothing was counted');
  return counts;
}

/**
 * The same source, whose scans stop after some chunks until `release` is called.
 *
 * @param chunks how many chunks a scan yields before it stops.
 * @param stops tells whether the scan that begins now stops.
 */
export function gated<S extends Source>(source: S, chunks = 0, stops = (): boolean => true): { readonly source: S; readonly release: () => void } {
  let release = (): void => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const scan: Source['scan'] = async function* (id, after, signal) {
    if (!stops()) return yield* source.scan(id, after, signal);
    let yielded = 0;
    if (chunks === 0) await gate;
    for await (const chunk of source.scan(id, after, signal)) {
      yield chunk;
      if (++yielded === chunks) await gate;
    }
  };
  const proxy = new Proxy(source, { get: (target, name) => (name === 'scan' ? scan : bound(target, Reflect.get(target, name, target))) });
  return { source: proxy, release: () => release() };
}

function bound(target: object, member: unknown): unknown {
  return typeof member === 'function' ? member.bind(target) : member;
}
