import Database from 'better-sqlite3';
import fc from 'fast-check';
import type { EventKind } from '../../core/jamjet/event-kind.ts';
import type { Plain } from '../../core/json/plain.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { materialize } from '../../core/store/materialize.ts';
import type { StateBackend } from '../../core/store/port.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';
import { Random } from '../sample/random.ts';

/** Histories that are hard in one way each, generated from a seed into a new file. */

/** The id of the execution that is measured in each of them. */
export const RUN = '5eed0000-0000-4000-8000-000000000001';
const NOW = '2026-06-01T12:00:00+00:00';
const BATCH = 5000;
const SEED = 14;

interface Step {
  readonly kind: EventKind;
  /** Whether a snapshot is written after the event. */
  readonly snapshot?: boolean;
}

let ids = 0;
const newId = (): string => `5eed0000-0000-4000-9000-${(++ids).toString(16).padStart(12, '0')}`;

async function openStore(path: string): Promise<SqliteBackend> {
  return SqliteBackend.open(path, { generation: 11 });
}

async function begin(store: StateBackend, executionId: string, initialInput: Plain = {}): Promise<void> {
  const row = { workflowId: 'bench', workflowVersion: '1', status: 'running', currentState: {}, startedAt: NOW, updatedAt: NOW } as const;
  await store.createExecution({ executionId, initialInput, ...row });
}

async function write(path: string, steps: Iterable<Step>): Promise<void> {
  const store = await openStore(path);
  await begin(store, RUN);
  const iterator = steps[Symbol.iterator]();
  for (let done = false; !done; ) {
    await store.transaction(async (inside) => {
      for (let i = 0; i < BATCH; i++) {
        const next = iterator.next();
        if (next.done) {
          done = true;
          return;
        }
        await inside.appendEvent({ id: newId(), executionId: RUN, kind: next.value.kind, createdAt: NOW });
        if (!next.value.snapshot) continue;
        const { currentState, status, completedNodes, activeNodes, lastSequence } = await materialize(inside, RUN);
        const moment = { state: currentState, status, completedNodes, activeNodes, lastSequence };
        await inside.writeSnapshot({ id: newId(), executionId: RUN, atSequence: lastSequence, createdAt: NOW, ...moment });
      }
    });
  }
  await store.close();
}

function text(random: Random, length: number): string {
  let result = '';
  while (result.length < length) result += `${random.pick(WORDS)} `;
  return result.slice(0, length);
}

const WORDS: readonly string[] = ['durable', 'replay', 'lease', 'naïve', '永続', 'snapshot', 'queue', 'budget', 'turn', 'approval', 'retry', 'index'];

/** A state that grows to about 5 MB: every fourth event adds a document. */
function* growing(count: number): Generator<Step> {
  const random = new Random(SEED);
  for (let i = 0; i < count; i++) {
    const node = `n${i % 40}`;
    if (i % 4 !== 3) yield { kind: { type: 'node_scheduled', node_id: node, queue_type: 'tool' } };
    else {
      const document = { title: text(random, 40), body: text(random, 850), at: i };
      yield {
        kind: { type: 'node_completed', node_id: node, output: i, state_patch: { [`b${(i >> 2) % 50}`]: { [`d${i}`]: document } }, duration_ms: 5 },
        snapshot: i % 1000 === 999,
      };
    }
  }
}

/** Outputs of 100 KB in the events themselves, not in artifacts. */
function* fat(count: number): Generator<Step> {
  const random = new Random(SEED);
  const output = text(random, 100_000);
  for (let i = 0; i < count; i++) {
    if (i % 4 !== 3) yield { kind: { type: 'node_started', node_id: `n${i % 40}`, worker_id: 'w', attempt: 0 } };
    else
      yield { kind: { type: 'node_completed', node_id: `n${i % 40}`, output: `${i} ${output}`, state_patch: { [`k${i % 97}`]: { at: i } }, duration_ms: 5 } };
  }
}

/** A snapshot with every completed node, as the runtime's worker writes them. */
function* denseSnapshots(count: number): Generator<Step> {
  const random = new Random(SEED);
  for (let i = 0; i < count; i++) {
    const node = `n${(i >> 1) % 30}`;
    if (i % 2 === 0) yield { kind: { type: 'node_started', node_id: node, worker_id: 'w', attempt: 0 } };
    else {
      const patch = { [node]: { text: text(random, 200), at: i } };
      yield { kind: { type: 'node_completed', node_id: node, output: text(random, 300), state_patch: patch, duration_ms: 5 }, snapshot: true };
    }
  }
}

/** Each turn writes the whole list of messages with one more message, so the log grows with the square of the turns. */
function* arrayAppend(count: number): Generator<Step> {
  const random = new Random(SEED);
  const messages: { readonly role: string; readonly content: string }[] = [];
  for (let i = 0; i < count; i++) {
    messages.push({ role: i % 2 === 0 ? 'user' : 'assistant', content: text(random, 120) });
    yield { kind: { type: 'node_completed', node_id: 'chat', output: i, state_patch: { messages: [...messages] }, duration_ms: 5 } };
  }
}

/** The hostile events and gaps of the property tests. */
async function hostile(path: string, count: number): Promise<void> {
  // Imported only here, because it prints the seed of the tests.
  const { hostileHistory } = await import('../../test/support/hostile.ts');
  const store = await openStore(path);
  await begin(store, RUN);
  await store.close();
  const database = new Database(path);
  const insert = database.prepare(`INSERT INTO events (id, execution_id, sequence, kind_json, created_at, tenant_id) VALUES (?, ?, ?, ?, ?, 'default')`);
  database.transaction(() => {
    let [sequence, written] = [0, 0];
    for (const { events } of fc.sample(hostileHistory, { seed: SEED, numRuns: count })) {
      let before = 0;
      for (const event of events) {
        sequence += event.sequence - before;
        before = event.sequence;
        insert.run(newId(), RUN, sequence, event.text, NOW);
        if (++written === count) return;
      }
    }
  })();
  database.close();
}

/** Ten executions that append in turn, so that the rows of each are far apart. */
async function interleaved(path: string, count: number): Promise<void> {
  const random = new Random(SEED);
  const store = await openStore(path);
  const executions = [RUN, ...Array.from({ length: 9 }, newId)];
  for (const executionId of executions) await begin(store, executionId);
  for (let from = 0; from < count; from += 500) {
    await store.transaction(async (inside) => {
      for (let i = from; i < Math.min(count, from + 500); i++) {
        for (const executionId of executions) {
          const kind: EventKind = {
            type: 'node_completed',
            node_id: `n${i % 40}`,
            output: text(random, 300),
            state_patch: { [`k${i % 97}`]: i },
            duration_ms: 5,
          };
          await inside.appendEvent({ id: newId(), executionId, kind, createdAt: NOW });
        }
      }
    });
  }
  await store.close();
}

/** Very many short executions. */
async function many(path: string, count: number): Promise<void> {
  const store = await openStore(path);
  for (let from = 0; from < count; from += 200) {
    await store.transaction(async (inside) => {
      for (let i = from; i < Math.min(count, from + 200); i++) {
        const executionId = i === 0 ? RUN : newId();
        await begin(inside, executionId, { order: i });
        for (let n = 0; n < 21; n++) {
          const kind: EventKind = { type: 'node_completed', node_id: `n${n}`, output: n, state_patch: { [`k${n}`]: canonicalJson(`${i}`) }, duration_ms: 5 };
          await inside.appendEvent({ id: newId(), executionId, kind, createdAt: NOW });
        }
      }
    });
  }
  await store.close();
}

/** By name, a function that writes a history with `count` events (`list`: executions) to a new file. */
export const HISTORIES: Readonly<Record<string, (path: string, count: number) => Promise<void>>> = {
  grow: (path, count) => write(path, growing(count)),
  fat: (path, count) => write(path, fat(count)),
  'dense-snap': (path, count) => write(path, denseSnapshots(count)),
  'array-append': (path, count) => write(path, arrayAppend(count)),
  hostile,
  inter: interleaved,
  list: many,
};
