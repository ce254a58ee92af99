import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import pg from 'pg';
import { openSource } from '../../core/source/open.ts';
import { prepareSource, sourceSpec } from '../../core/source/spec.ts';
import { PostgresServer } from '../../test/support/postgres-server.ts';
import { storeAt } from '../../test/support/store-at.ts';
import { fail } from '../say.ts';
import { EngineProcess } from './engine-process.ts';
import { type Group, quantile, type Row, row } from './measure.ts';

/** How many events per second the writer appends, and for how many milliseconds. */
const RATE = 500;
const DURATION = 10_000;
/** As the engine does, in milliseconds. */
const POLL = 250;
/** For how many milliseconds nobody writes. */
const IDLE = 20_000;

/** An execution that grows: how long after the commit the engine has read and told of an event, beside a program that only polls. */
export const live: Group = {
  goals: ['G20'],
  onlyFull: true,
  async measure() {
    const folder = mkdtempSync(join(tmpdir(), 'hindsight-bench-'));
    const server = await PostgresServer.start();
    try {
      return [...(await follow('SQLite', join(folder, 'live.db'))), ...(await follow('Postgres', server.url()))];
    } finally {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function follow(kind: string, address: string): Promise<Row[]> {
  const id = randomUUID();
  // The tables are there before anybody reads.
  await (await storeAt(address)).close();
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'append-at-rate.ts'), address, id, String(RATE), String(DURATION)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(writer, 'exit');
  const [told, polled] = [new Arrivals(), new Arrivals()];
  const engine = new EngineProcess(({ execution }) => execution !== null && told.reached(execution.lastSequence));
  const head = await rawHead(address, id);
  try {
    const { committed, written } = await commits(writer);
    const prepared = await prepareSource(sourceSpec(address));
    await engine.openPrepared(prepared, id);
    const poll = (async () => {
      while (polled.last < written() || writer.exitCode === null) {
        polled.reached(await head.read());
        await setTimeout(POLL);
      }
    })();
    await ended;
    await poll;
    // It tells of the last one within two polls.
    for (let i = 0; i < 40 && told.last < written(); i++) await setTimeout(POLL);
    const source = await openSource(prepared);
    if (told.last !== (await source.head(id)) || written() !== told.last) fail('The engine has not told of every event; nothing was measured.');
    source.close();
    const [waits, base] = [told.waits(committed), polled.waits(committed)];
    const before = engine.cpu;
    await setTimeout(IDLE);
    const idle = ((engine.cpu - before) / IDLE) * 100;
    return [
      row('G20', `${kind}: events per second that a writer appended`, Math.round((written() * 1000) / DURATION), '/s'),
      row('G20', `${kind}: from the commit until the engine has read it and told of it, p50`, quantile(waits, 0.5), 'ms'),
      row('G20', `${kind}: the same, p99`, quantile(waits, 0.99), 'ms', 1000),
      row('G20', `${kind}: the same / the driver polled as often, p50`, quantile(waits, 0.5) / quantile(base, 0.5), 'x'),
      row('G20', `${kind}: processor time of the engine while nobody writes`, idle, '%', 1),
    ];
  } finally {
    writer.kill();
    engine.stop();
    await head.close();
  }
}

/** When which sequence was known. */
class Arrivals {
  readonly #at: (readonly [sequence: number, at: number])[] = [];
  last = 0;

  reached(sequence: number): void {
    if (sequence <= this.last) return;
    this.last = sequence;
    this.#at.push([sequence, Date.now()]);
  }

  /** How long each event waited that was committed after the first arrival. */
  waits(committed: ReadonlyMap<number, number>): number[] {
    const waits: number[] = [];
    let [before] = this.#at[0] ?? [0];
    for (const [sequence, at] of this.#at.slice(1)) {
      for (let each = before + 1; each <= sequence; each++) waits.push(Math.max(0, at - (committed.get(each) ?? at)));
      before = sequence;
    }
    return waits;
  }
}

/** The last sequence, as the raw driver reads it. */
async function rawHead(address: string, id: string): Promise<{ read(): Promise<number>; close(): Promise<void> }> {
  if (!address.startsWith('postgres')) {
    const database = new Database(address, { readonly: true });
    const head = database.prepare('SELECT max(sequence) FROM events WHERE execution_id = ?').pluck();
    return { read: async () => Number(head.get(id) ?? 0), close: async () => void database.close() };
  }
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  return {
    read: async () => Number((await client.query('SELECT max(sequence) FROM events WHERE execution_id = $1', [id])).rows[0]?.max ?? 0),
    close: () => client.end(),
  };
}

/** When each event was committed, as its writer prints it; resolves with the first. */
async function commits(writer: ChildProcess): Promise<{ readonly committed: ReadonlyMap<number, number>; readonly written: () => number }> {
  const committed = new Map<number, number>();
  let last = 0;
  const lines = createInterface({ input: writer.stdout as NodeJS.ReadableStream });
  lines.on('line', (line) => {
    const [sequence, at] = line.split(' ').map(Number);
    last = Math.max(last, sequence as number);
    committed.set(sequence as number, at as number);
  });
  await once(lines, 'line');
  return { committed, written: () => last };
}
