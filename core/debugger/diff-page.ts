import type { Json } from '../json/value.ts';
import { diffJson } from '../replay/diff.ts';
import type { DiffPage } from '../replies.ts';
import type { OpenExecution } from './execution.ts';
import { oneLine } from './state-tree.ts';

const MOST_DIFFERENCES = 10_000;
const KINDS = { add: 'added', remove: 'removed', replace: 'changed' } as const;

/** What the event at `sequence` changed, path by path; nothing where there is no event. */
export function diffPage({ history }: OpenExecution, sequence: number, from: number, count: number): DiffPage {
  const { row, before } = history.placeOf(sequence);
  const { changes, more, coarse } = diffJson(history.stateAt(before), history.stateAt(row), MOST_DIFFERENCES);
  const line = (value: Json | undefined): string | null => (value === undefined ? null : oneLine(value));
  const rows = changes.slice(from, from + count).map(({ op, path, old, new: now }) => ({ kind: KINDS[op], pointer: path, old: line(old), new: line(now) }));
  return { from, total: changes.length, more, coarse, rows };
}
