import { type MemoryExecution, MemorySource } from '../../core/source/memory.ts';
import { WORKED_EXAMPLE } from '../../core/source/memory-example.ts';
import type { Source } from '../../core/source/port.ts';

export const MADE_AT = '2026-06-01T12:00:00+00:00';

/** An execution of `count` events that each change the state, with snapshots of an empty state at these sequences. */
export function madeExecution(id: string, count: number, snapshots: readonly number[]): MemoryExecution {
  const [example] = WORKED_EXAMPLE.executions;
  if (example === undefined) throw new Error('the example is empty');
  const text = (n: number): string => `{"type":"node_completed","node_id":"a","output":${n},"state_patch":{"a":${n}},"duration_ms":1}`;
  return {
    ...example,
    id,
    eventRows: Array.from({ length: count }, (_, i) => ({ sequence: i + 1, createdAt: MADE_AT, text: text(i + 1) })),
    snapshotRows: snapshots.map((atSequence) => ({ atSequence, createdAt: MADE_AT, stateJson: '{}', materialized: undefined })),
  };
}

/** A source with one execution, `long`, of these events. */
function sourceOf(texts: readonly string[]): Source {
  const eventRows = texts.map((text, i) => ({ sequence: i + 1, createdAt: MADE_AT, text }));
  return new MemorySource({ ...WORKED_EXAMPLE, executions: [{ ...madeExecution('long', 0, []), eventRows }] });
}

/** A source with this many events of a kilobyte each. */
export function longRun(count: number): Source {
  const text = `{"type":"node_completed","node_id":"a","output":"${'x'.repeat(900)}","state_patch":{"a":1},"duration_ms":1}`;
  return sourceOf(Array.from({ length: count }, () => text));
}
