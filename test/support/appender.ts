/**
 * A program that writes durable executions: appends to one execution as fast as it can, with a snapshot now and then,
 * and notes in its own log what was acknowledged.
 *
 *   node appender.ts DATABASE EXECUTION LOG COUNT
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { materialize } from '../../core/store/materialize.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';

const [path = '', execution = '', log = '', count = '0'] = process.argv.slice(2);
const store = await SqliteBackend.open(path);
appendFileSync(log, 'ready\n');
for (let i = 0; i < Number(count); i++) {
  const id = randomUUID();
  const sequence = await store.appendEvent({
    id,
    executionId: execution,
    kind: { type: 'node_completed', node_id: `n${i % 7}`, output: i, state_patch: { [`k${i % 11}`]: id }, duration_ms: 1 },
    createdAt: '2026-06-01T12:00:00+00:00',
  });
  appendFileSync(log, `${sequence} ${id}\n`);
  if (i % 10 === 9) {
    const { currentState, status, completedNodes, activeNodes, lastSequence } = await materialize(store, execution);
    await store.writeSnapshot({
      id: randomUUID(),
      executionId: execution,
      atSequence: lastSequence,
      state: currentState,
      createdAt: '2026-06-01T12:00:00+00:00',
      status: status as 'running',
      completedNodes,
      activeNodes,
      lastSequence,
    });
  }
}
await store.close();
