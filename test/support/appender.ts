/**
 * A program that appends to one execution as fast as it can, writes a snapshot after every tenth event, and logs what was
 * acknowledged. It exits with 3 when the database becomes unavailable.
 *
 *   node appender.ts DATABASE EXECUTION LOG COUNT
 */
import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import type { EventKind } from '../../core/jamjet/event-kind.ts';
import { StoreError } from '../../core/store/errors.ts';
import { materialize } from '../../core/store/materialize.ts';
import { storeAt } from './store-at.ts';

const NOW = '2026-06-01T12:00:00+00:00';
const [address = '', executionId = '', log = '', count = '0'] = process.argv.slice(2);

try {
  const store = await storeAt(address);
  appendFileSync(log, 'ready\n');
  for (let i = 0; i < Number(count); i++) {
    const id = randomUUID();
    const kind: EventKind = { type: 'node_completed', node_id: `n${i % 7}`, output: i, state_patch: { [`k${i % 11}`]: id }, duration_ms: 1 };
    const sequence = await store.appendEvent({ id, executionId, kind, createdAt: NOW });
    appendFileSync(log, `${sequence} ${id}\n`);
    if (i % 10 === 9) {
      const { currentState, status, completedNodes, activeNodes, lastSequence } = await materialize(store, executionId);
      const moment = { atSequence: lastSequence, state: currentState, status, completedNodes, activeNodes, lastSequence };
      await store.writeSnapshot({ id: randomUUID(), executionId, createdAt: NOW, ...moment });
    }
  }
  await store.close();
} catch (error) {
  if (!(error instanceof StoreError)) throw error;
  process.exit(3);
}
