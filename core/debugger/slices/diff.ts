import type { Json } from '../../json/value.ts';
import { diffJson } from '../../replay/diff.ts';
import { keyText, oneLine } from '../value-text.ts';
import type { KnownMoment, SliceMaker } from './slice.ts';

const MAX_DIFFERENCES = 10_000;
const KINDS = { add: 'added', remove: 'removed', replace: 'changed' } as const;

/** The state before and after the event at the cursor, both in the chosen reading. */
async function stepOf({
  execution,
  reading,
  sequence,
  position,
  positionBefore,
  state,
  before,
}: KnownMoment): Promise<{ before: Json | undefined; state: Json }> {
  if (reading === 'replay' || position === positionBefore) return { before, state };
  const { history } = execution;
  if (reading === 'given') return { before: history.givenAt(positionBefore), state: history.givenAt(position) };
  const previous = positionBefore < 0 ? 0 : history.sequenceOf(positionBefore);
  return { before: await execution.stateIn(previous, reading), state: await execution.stateIn(sequence, reading) };
}

/** The changes that the event at the cursor made to the state, path by path. */
export const diffSlice: SliceMaker<'diff'> = async (moment, { from, count }) => {
  if (moment.basis !== 'index') return undefined;
  const { before, state } = await stepOf(moment);
  if (before === undefined) return undefined;
  const { changes, more, coarse } = diffJson(before, state, MAX_DIFFERENCES);
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
  }));
  return { from, total: changes.length, more, coarse, rows };
};
