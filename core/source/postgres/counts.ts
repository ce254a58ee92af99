import type { SourceCounts } from '../port.ts';
import { type Column, integerText, type Key, type Layout, textOf } from './layout.ts';
import type { Query } from './reading.ts';
import type { Row } from './session.ts';

/** So many rows are counted by one statement. Snapshots are large, and their sizes are read from the rows. */
const EVENTS_STEP = 100_000;
const SNAPSHOTS_STEP = 1000;

type Read = <T>(work: (query: Query) => Promise<T>) => Promise<T>;

/**
 * Counts what a database holds in short steps: one statement over all of it could take longer than the server allows. Each step
 * gives the totals so far.
 */
export async function* countRows(read: Read, layout: Layout): AsyncGenerator<SourceCounts> {
  const { tables, event, snapshot, keys } = layout;
  const [row] = await read((query) => query(`SELECT count(*) FROM ${tables.executions}`));
  let counts: SourceCounts = { executions: Number(row?.[0]), events: 0, snapshots: 0, snapshotBytes: 0 };
  const size = `octet_length(${textOf(snapshot.state)})`;
  const events = { from: `${tables.events} AS e`, id: event.id, sequence: event.sequence, key: keys.events, step: EVENTS_STEP, size: '0' };
  for await (const [counted] of countSteps(read, events)) {
    counts = { ...counts, events: counted };
    yield counts;
  }
  const snapshots = { from: `${tables.snapshots} AS s`, id: snapshot.id, sequence: snapshot.sequence, key: keys.snapshots, step: SNAPSHOTS_STEP, size };
  for await (const [counted, snapshotBytes] of countSteps(read, snapshots)) {
    counts = { ...counts, snapshots: counted, snapshotBytes };
    yield counts;
  }
}

interface Counted {
  readonly from: string;
  readonly id: Column;
  readonly sequence: Column;
  readonly key: Key;
  readonly step: number;
  /** What is summed up. */
  readonly size: string;
}

async function* countSteps(read: Read, { from, id, sequence, key, step, size }: Counted): AsyncGenerator<readonly [count: number, bytes: number]> {
  const all = (where = ''): Promise<Row[]> => read((query) => query(`SELECT count(*), coalesce(sum(${size}), 0) FROM ${from} ${where}`));
  const totals = ([row]: Row[]): readonly [number, number] => [Number(row?.[0]), Number(row?.[1])];
  if (!key.isInOrder) return yield totals(await all());
  let [count, bytes, after] = [0, 0, [] as readonly string[]];
  const order = `${id.sql}, ${sequence.sql}`;
  // The next step begins after a sequence, so all of its rows belong to this one.
  const first = key.isUnique ? `LIMIT ${step}` : `FETCH FIRST ${step} ROWS WITH TIES`;
  // Nothing is greater than NULL, so these have no place in the steps.
  const unplaced = `(${id.sql} IS NULL OR ${sequence.sql} IS NULL)`;
  for (;;) {
    const range = after.length === 0 ? '' : `AND (${order}) > ($1::${id.type}, $2::${sequence.type})`;
    const [row] = await read((query) =>
      query(
        `SELECT count(*), coalesce(sum(size), 0), (array_agg(id))[count(*)], (array_agg(place))[count(*)]
         FROM (SELECT ${textOf(id)} AS id, ${integerText(sequence)} AS place, ${size} AS size FROM ${from} WHERE NOT ${unplaced} ${range} ORDER BY ${order} ${first}) AS counted`,
        after,
      ),
    );
    const [found, sizes, lastId, lastPlace] = row ?? [];
    [count, bytes] = [count + Number(found), bytes + Number(sizes)];
    yield [count, bytes];
    if (Number(found) < step) break;
    after = [String(lastId), String(lastPlace)];
  }
  const [unplacedCount, unplacedBytes] = totals(await all(`WHERE ${unplaced}`));
  yield [count + unplacedCount, bytes + unplacedBytes];
}
