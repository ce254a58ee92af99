import type { ExecutionListing, Source } from '../source/port.ts';

const PAGE = 500;
/** Ids of the last pages. More runs than these do not begin while one page is read. */
const REMEMBERED = 4 * PAGE;

/**
 * All executions, those that started last first, in pages. Runs that begin meanwhile push the others down the list; what was
 * read is not read again.
 */
export async function* newestRuns(
  source: Source,
  signal?: AbortSignal,
): AsyncGenerator<{ readonly rows: readonly ExecutionListing[]; readonly total: number }> {
  let known: readonly string[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { rows, total } = await source.executions({ sort: 'started', descending: true, offset, limit: PAGE }, signal);
    const seen = new Set(known);
    const fresh = rows.filter(({ id }) => !seen.has(id));
    known = [...known, ...fresh.map(({ id }) => id)].slice(-REMEMBERED);
    yield { rows: fresh, total };
    if (rows.length < PAGE) return;
  }
}
