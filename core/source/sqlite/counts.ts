import type { SourceCounts } from '../port.ts';
import type { Query } from './connection.ts';
import type { DatabaseShape } from './recognise.ts';

/** So many rows are counted in one step: a few milliseconds. Snapshots are few and large, and their sizes are read from the rows. */
const EVENTS_STEP = 10_000;
const SNAPSHOTS_STEP = 500;

/**
 * Counts what a database holds in short steps: one statement over all of it would keep the engine's thread for as long as
 * the file is large. Each step gives the totals so far.
 * If (execution_id, sequence) is a unique index of the events, its entries are counted by ranges.
 */
export function* countRows(query: Query, { events, snapshotRowid }: DatabaseShape): Generator<SourceCounts> {
  const executions = Number(query('SELECT count(*) FROM workflow_executions')[0]?.[0] ?? 0);
  let counts: SourceCounts = { executions, events: 0, snapshots: 0, snapshotBytes: 0 };
  for (const counted of countEvents(query, events.unique)) {
    counts = { ...counts, events: counted };
    yield counts;
  }
  for (const [snapshots, snapshotBytes] of countSnapshots(query, snapshotRowid)) {
    counts = { ...counts, snapshots, snapshotBytes };
    yield counts;
  }
}

function* countEvents(query: Query, indexed: boolean): Generator<number> {
  const everything = (): number => Number(query('SELECT count(*) FROM events')[0]?.[0] ?? 0);
  if (!indexed) return yield everything();
  let [counted, after] = [0, [] as readonly (string | number | bigint)[]];
  for (;;) {
    const where = after.length === 0 ? '' : 'WHERE (execution_id, sequence) > (?, ?)';
    const [next] = query(`SELECT execution_id, sequence FROM events ${where} ORDER BY execution_id, sequence LIMIT 1 OFFSET ${EVENTS_STEP - 1}`, ...after);
    if (next === undefined) return yield counted + Number(query(`SELECT count(*) FROM events ${where}`, ...after)[0]?.[0] ?? 0);
    const [id, sequence] = next;
    // Nothing is greater than NULL: such a boundary would end the count too early.
    if (id === null || sequence === null) return yield everything();
    counted += EVENTS_STEP;
    after = [id as string, sequence as bigint];
    yield counted;
  }
}

function* countSnapshots(query: Query, rowid: string | undefined): Generator<readonly [count: number, bytes: number]> {
  // A view, or a table without rowids, has no order of its own to be read by.
  if (rowid === undefined) {
    const [all] = query('SELECT count(*), total(octet_length(state_json)) FROM snapshots');
    return yield [Number(all?.[0] ?? 0), Number(all?.[1] ?? 0)];
  }
  let [count, bytes, after] = [0, 0, undefined as bigint | undefined];
  for (;;) {
    const [row] = query(
      `SELECT count(*), total(octet_length(state_json)), max(place) FROM
         (SELECT ${rowid} AS place, state_json FROM snapshots ${after === undefined ? '' : `WHERE ${rowid} > ?`} ORDER BY ${rowid} LIMIT ${SNAPSHOTS_STEP})`,
      ...(after === undefined ? [] : [after]),
    );
    const [rows = 0, size = 0] = (row ?? []).map(Number);
    count += rows;
    bytes += size;
    yield [count, bytes];
    if (rows < SNAPSHOTS_STEP || typeof row?.[2] !== 'bigint') return;
    after = row[2];
  }
}
