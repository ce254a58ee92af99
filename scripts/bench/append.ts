/** `node append.ts DATABASE COUNT` does the same as the runtime's program with `append`, and prints the appends per second. */
import { randomUUID } from 'node:crypto';
import { SqliteBackend } from '../../core/store/sqlite.ts';

const [path = '', count = '0'] = process.argv.slice(2);
const store = await SqliteBackend.open(path, { generation: 11 });
const executionId = randomUUID();
const now = new Date().toISOString();
await store.createExecution({
  ...{ executionId, workflowId: 'w', workflowVersion: '1', status: 'running' },
  ...{ initialInput: {}, currentState: {}, startedAt: now, updatedAt: now },
});
const kind = { type: 'node_completed', node_id: 'n', output: { text: 'x'.repeat(300) }, state_patch: { n: { v: 1.5 } }, duration_ms: 5 } as const;
const started = performance.now();
for (let i = 0; i < Number(count); i++) await store.appendEvent({ id: randomUUID(), executionId, kind, createdAt: now });
console.log((Number(count) / (performance.now() - started)) * 1000);
await store.close();
