import type { ComparedTurn } from '../../contract/slices/diff.ts';
import { turnAt } from '../../explain/turns.ts';
import type { Json } from '../../json/value.ts';
import { diffJson } from '../../replay/diff.ts';
import { Explanations } from '../explanations.ts';
import { keyText, oneLine } from '../value-text.ts';
import { wordDiffer } from '../word-diff.ts';
import type { KnownMoment, SliceMaker } from './slice.ts';
import { stepOf } from './step.ts';

/** Shorter texts, in characters, are read faster as a whole than word by word. */
const SHORT = 40;
const MAX_DIFFERENCES = 10_000;
const KINDS = { add: 'added', remove: 'removed', replace: 'changed' } as const;

interface ComparedStates {
  /** undefined when it is not known. */
  readonly before: Json | undefined;
  readonly state: Json;
  /** Only of the states of a turn; null when there is none. */
  readonly turn?: ComparedTurn | null;
}

/**
 * The state at another sequence and that at the cursor, in the chosen reading.
 *
 * @param against null for the state before the event at the cursor, `turn` for the states before and after its turn.
 */
export async function statesOf(moment: KnownMoment, against: number | 'turn' | null): Promise<ComparedStates> {
  if (against === null) return stepOf(moment);
  if (against === 'turn') return turnStates(moment);
  const { execution, reading, sequence } = moment;
  const before = execution.hasStateAt(against) ? await execution.stateIn(against, reading) : undefined;
  return { before, state: await execution.stateIn(sequence, reading) };
}

/** The turns are known when the whole log is. */
async function turnStates({ execution, reading, sequence, state }: KnownMoment): Promise<ComparedStates> {
  const { history, closed } = execution;
  if (!execution.hasStateAt(execution.lastSequence)) return { before: undefined, state };
  const loop = await (await Explanations.of(execution, closed)).turns();
  const turn = loop === undefined ? undefined : turnAt(loop.turns, sequence);
  if (turn === undefined) return { before: state, state, turn: null };
  const { before } = history.locate(turn.from);
  const start = before < 0 ? 0 : history.sequenceOf(before);
  return {
    before: await execution.stateIn(start, reading),
    state: await execution.stateIn(turn.to, reading),
    turn: { turn: turn.turn, from: turn.from, to: turn.to },
  };
}

/** The changes that the event at the cursor made to the state, or those since another one, path by path. */
export const diffSlice: SliceMaker<'diff'> = async (moment, { from, count, against }) => {
  if (moment.basis !== 'index') return undefined;
  const { before, state, turn } = await statesOf(moment, against);
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
  return { from, total: changes.length, more, coarse, rows, ...(turn === undefined ? {} : { turn }) };
};
