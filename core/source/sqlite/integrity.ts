import type { Pause, RunCheck } from '../port.ts';
import type { Query, SqlValue } from './connection.ts';
import { IndexRows } from './index-rows.ts';
import type { EventsShape } from './recognise.ts';

/** Rows that are read between two pauses: about a millisecond, and few enough to be garbage before V8 takes them for long-lived. */
const ROWS_AT_ONCE = 1000;

interface Checked {
  readonly table: 'events' | 'snapshots';
  readonly order: 'sequence' | 'at_sequence';
  readonly rowid: string;
}

/**
 * Compares what the indexes say of an execution with the rows of the tables. A damaged index can lose rows, or name other
 * ones, without any error: SQLite's `quick_check` does not compare the two ("PRAGMA quick_check", SQLite documentation).
 *
 * @param pause awaited between short steps, because the whole table is read.
 */
export async function checkExecution(query: Query, events: EventsShape, snapshotRowid: string | undefined, id: SqlValue, pause: Pause): Promise<RunCheck> {
  const damages: Damage[] = [];
  const [row] = query('SELECT * FROM workflow_executions WHERE execution_id = ?', id);
  const stored = query('SELECT * FROM workflow_executions NOT INDEXED WHERE execution_id = ?', id);
  await pause();
  if (stored.length !== 1 || String(row) !== String(stored[0])) {
    damages.push({ from: 0, detail: `the table of executions has ${stored.length === 1 ? 'another row' : `${stored.length} rows`} for it than its index` });
  }
  const tables: Checked[] = [];
  if (events.ordered && events.rowid !== undefined) tables.push({ table: 'events', order: 'sequence', rowid: events.rowid });
  if (snapshotRowid !== undefined) tables.push({ table: 'snapshots', order: 'at_sequence', rowid: snapshotRowid });
  for (const table of tables) {
    const damage = await compare(query, table, id, pause);
    if (damage !== undefined) damages.push(damage);
  }
  const [first] = damages.sort((a, b) => a.from - b.from);
  return first === undefined ? { verdict: 'sound' } : { verdict: 'damaged', incompleteFrom: first.from, detail: first.detail };
}

interface Damage {
  /** The first sequence that may be wrong. */
  readonly from: number;
  readonly detail: string;
}

async function compare(query: Query, checked: Checked, id: SqlValue, pause: Pause): Promise<Damage | undefined> {
  const index = await readIndex(query, checked, id, pause);
  try {
    return await compareWith(index, query, checked, id, pause);
  } finally {
    index.free();
  }
}

async function compareWith(index: IndexRows, query: Query, { table, order, rowid }: Checked, id: SqlValue, pause: Pause): Promise<Damage | undefined> {
  let [from, lost, foreign] = [Number.POSITIVE_INFINITY, 0, 0];
  let at = 0;
  let last: bigint | undefined;
  let before: bigint | undefined;
  const compareRow = (place: number, isOurs: boolean, sequence: number): void => {
    for (; at < index.count && (index.rowids[at] as number) < place; at++) {
      // The index names a row that is not there.
      foreign++;
      from = Math.min(from, index.sequences[at] as number);
    }
    const indexed = at < index.count && index.rowids[at] === place ? (index.sequences[at++] as number) : undefined;
    if (!isOurs && indexed === undefined) return;
    if (isOurs && indexed === sequence) return;
    if (isOurs) {
      lost++;
      from = Math.min(from, sequence);
    }
    if (indexed !== undefined) {
      foreign++;
      from = Math.min(from, indexed);
    }
  };
  /** From here on, nothing is known of the rows of the table. */
  const unreadable = (how: string): Damage => {
    for (; at < index.count; at++) from = Math.min(from, index.sequences[at] as number);
    return { from: Number.isFinite(from) ? from : 0, detail: `a part of the table ${table} ${how}` };
  };
  const step = `SELECT ${rowid}, execution_id = ?, ${order}, typeof(${order}) FROM ${table} NOT INDEXED`;
  for (;;) {
    let rows: ReturnType<Query>;
    try {
      rows =
        last === undefined
          ? query(`${step} ORDER BY ${rowid} LIMIT ${ROWS_AT_ONCE}`, id)
          : query(`${step} WHERE ${rowid} > ? ORDER BY ${rowid} LIMIT ${ROWS_AT_ONCE}`, id, last);
    } catch {
      return unreadable('cannot be read');
    }
    for (const [place, isOurs, sequence, type] of rows) {
      // The pages of a damaged table may lead back, and then for ever.
      if (before !== undefined && (place as bigint) <= before) return unreadable('is out of order');
      before = place as bigint;
      const number = Number(sequence);
      // Rows without a usable sequence are reported elsewhere.
      if (isOurs === 1n && (type !== 'integer' || number < 1) && table === 'events') continue;
      compareRow(Number(place), isOurs === 1n, number);
    }
    last = rows.at(-1)?.[0] as bigint | undefined;
    if (rows.length < ROWS_AT_ONCE || last === undefined) break;
    await pause();
  }
  compareRow(Number.POSITIVE_INFINITY, false, 0);
  if (lost + foreign === 0) return undefined;
  const parts = [...(lost > 0 ? [`has lost ${lost} of its rows`] : []), ...(foreign > 0 ? [`names ${foreign} other rows`] : [])];
  return { from, detail: `the index of the table ${table} ${parts.join(' and ')}` };
}

/** The entries of the index for an execution, read as the scan of the log reads them, by rowid. */
async function readIndex(query: Query, { table, order, rowid }: Checked, id: SqlValue, pause: Pause): Promise<IndexRows> {
  const index = new IndexRows();
  let after = table === 'events' ? 0 : -1;
  for (;;) {
    const rows = query(
      // A search by the index compares only the ends of its range with the id, so a damaged entry inside may be of another one.
      `SELECT ${order}, ${rowid}, +execution_id = ? FROM ${table} WHERE execution_id = ? AND ${order} > ? AND ${order} <= 9007199254740991 AND typeof(${order}) = 'integer' ORDER BY ${order} LIMIT ${ROWS_AT_ONCE}`,
      id,
      id,
      after,
    );
    for (const [sequence, place, isOurs] of rows) if (isOurs === 1n) index.add(Number(place), Number(sequence));
    const last = Number(rows.at(-1)?.[0]);
    // A damaged index may go back; then what comes after is missing, and is found to be lost.
    if (rows.length < ROWS_AT_ONCE || !(last > after)) break;
    after = last;
    await pause();
  }
  await index.sort(pause);
  return index;
}
