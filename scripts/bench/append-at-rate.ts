/** `node append-at-rate.ts DATABASE EXECUTION EVENTS_PER_SECOND MILLISECONDS` appends events and prints the sequence and the time of each commit. */
import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { storeAt } from '../../test/support/store-at.ts';

const [address = '', executionId = '', rate = '1', duration = '0'] = process.argv.slice(2);
const store = await storeAt(address);
const now = new Date().toISOString();
await store.createExecution({
  ...{ executionId, workflowId: 'live', workflowVersion: '1', status: 'running' },
  ...{ initialInput: {}, currentState: {}, startedAt: now, updatedAt: now },
});
const started = performance.now();
for (let i = 0; performance.now() - started < Number(duration); i++) {
  const kind = {
    type: 'node_completed',
    node_id: `n${i % 9}`,
    output: { text: 'x'.repeat(200) },
    state_patch: { [`k${i % 50}`]: { i } },
    duration_ms: 2,
  } as const;
  const sequence = await store.appendEvent({ id: randomUUID(), executionId, kind, createdAt: new Date().toISOString() });
  console.log(`${sequence} ${Date.now()}`);
  await setTimeout(Math.max(0, started + ((i + 1) * 1000) / Number(rate) - performance.now()));
}
await store.close();
