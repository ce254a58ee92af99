import type { Json } from '../../json/value.ts';
import { diffJson } from '../../replay/diff.ts';
import { keyText, oneLine } from '../value-text.ts';
import { wordDiffer } from '../word-diff.ts';
import type { KnownMoment, SliceMaker } from './slice.ts';
import { stepOf } from './step.ts';

/** Shorter texts, in characters, are read faster as a whole than word by word. */
const SHORT = 40;
const MAX_DIFFERENCES = 10_000;
const KINDS = { add: 'added', remove: 'removed', replace: 'changed' } as const;

/**
 * The state at another sequence and that at the cursor, in the chosen reading.
 *
 * @param against null for the state before the event at the cursor.
 */
export async function statesOf(moment: KnownMoment, against: number | null): Promise<{ readonly before: Json | undefined; readonly state: Json }> {
  if (against === null) return stepOf(moment);
  const { execution, reading, sequence } = moment;
  const before = execution.hasStateAt(against) ? await execution.stateIn(against, reading) : undefined;
  return { before, state: await execution.stateIn(sequence, reading) };
}

/** The changes that the event at the cursor made to the state, or those since another one, path by path. */
export const diffSlice: SliceMaker<'diff'> = async (moment, { from, count, against }) => {
  if (moment.basis !== 'index') return undefined;
  const { before, state } = await statesOf(moment, against);
  if (before === undefined) return undefined;
  const { changes, more, coarse } = diffJson(before, state, MAX_DIFFERENCES);
  const wordDiff = wordDiffer();
  const line = (value: Json | undefined): string | null => (value === undefined ? null : oneLine(value));
  const rows = changes.slice(from, from + count).map(({ op, path, old, new: now }) => ({
    kind: KINDS[op],
    pointer: path,
    label: path
      .split('/')
      .map((part, i) => (i === 0 ? part : keyText(part)))
      .join('/'),
    old: line(old),
    new: line(now),
    parts: typeof old === 'string' && typeof now === 'string' && Math.max(old.length, now.length) > SHORT ? wordDiff(old, now) : null,
  }));
  return { from, total: changes.length, more, coarse, rows };
};
