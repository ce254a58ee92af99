import { MemorySource } from '../../core/source/memory.ts';
import { WORKED_EXAMPLE } from '../../core/source/memory-example.ts';
import type { Source } from '../../core/source/port.ts';

/** A source with one execution, `long`, of these events. */
function sourceOf(texts: readonly string[]): Source {
  const eventRows = texts.map((text, i) => ({ sequence: i + 1, createdAt: '2026-06-01T12:00:00+00:00', text }));
  const [example] = WORKED_EXAMPLE.executions;
  if (example === undefined) throw new Error('the example is empty');
  return new MemorySource({ ...WORKED_EXAMPLE, executions: [{ ...example, id: 'long', eventRows, snapshotRows: [] }] });
}

/** A source with this many events of a kilobyte each. */
export function longRun(count: number): Source {
  const text = `{"type":"node_completed","node_id":"a","output":"${'x'.repeat(900)}","state_patch":{"a":1},"duration_ms":1}`;
  return sourceOf(Array.from({ length: count }, () => text));
}
