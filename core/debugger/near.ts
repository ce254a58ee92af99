import type { OpenExecution } from './execution.ts';

/**
 * The sequence of the nearest failure, or of the nearest event that changed the state, after or before `sequence`;
 * null when there is none in that direction.
 */
export function nearEvent({ history }: OpenExecution, sequence: number, what: 'failure' | 'change', step: 1 | -1): number | null {
  const { row, before } = history.placeOf(sequence);
  const first = step > 0 ? row + 1 : before;
  if (what === 'failure') {
    for (let at = first; at >= 0 && at < history.count; at += step) if (history.categoryOf(at) === 'failure') return history.sequenceOf(at);
    return null;
  }
  const { patches } = history;
  // Patches that left the state as it was are passed over.
  for (let patch = step > 0 ? patches.countAtRow(first - 1) : patches.countAtRow(first) - 1; patch >= 0 && patch < patches.count; patch += step) {
    const at = patches.rowOf(patch);
    if (history.changedAt(at)) return history.sequenceOf(at);
  }
  return null;
}
