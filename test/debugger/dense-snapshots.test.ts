import { expect, it } from 'vitest';
import { MemorySource } from '../../core/source/memory.ts';
import { WORKED_EXAMPLE } from '../../core/source/memory-example.ts';
import { startEngine, until, value } from '../support/engine.ts';
import { madeExecution } from '../support/made-sources.ts';

const COUNT = 10_000;
const RUN = { source: 1, execution: 'dense' };

it('M7: a jump in a run with a snapshot for each of ten thousand events reads at most one of them, and no page of the log', async () => {
  const snapshots = Array.from({ length: COUNT }, (_, i) => i + 1);
  const source = new MemorySource({ ...WORKED_EXAMPLE, executions: [madeExecution('dense', COUNT, snapshots)] });
  const reads: string[] = [];
  for (const method of ['snapshot', 'snapshots', 'page', 'scan'] as const) {
    const read = source[method].bind(source) as (...args: unknown[]) => unknown;
    Object.assign(source, {
      [method]: (...args: unknown[]) => {
        reads.push(method);
        return read(...args);
      },
    });
  }
  const { client, updates } = startEngine({ open: async () => source });
  await value(client.ask('sources.open', { source: 1, prepared: { kind: 'example' } }));
  await value(client.ask('executions.open', RUN));
  const jump = (sequence: number) =>
    value(
      client.ask('frame.at', {
        ...RUN,
        sequence,
        reading: 'replay',
        want: { tree: { from: 0, count: 50, opened: [], closed: [], reveal: true }, event: {}, nodes: {} },
      }),
    );
  // Before the index is ready, and when it is.
  await jump(7000);
  // The snapshots are also compared with replay, once, in the background.
  await until(() => updates.some(({ kind, state }) => kind === 'index' && state !== 'running'));
  for (const sequence of [1, COUNT, 5000, 4999, 9123]) {
    reads.length = 0;
    const frame = await jump(sequence);
    expect(frame.slices.tree?.rows[0]?.text).toBe(String(sequence));
    expect(reads.filter((method) => method === 'snapshot').length).toBeLessThanOrEqual(1);
    expect(reads.filter((method) => method !== 'snapshot')).toEqual([]);
  }
});
