import type { Json } from '../../json/value.ts';
import { readByRuntime } from '../../replay/recovery.ts';
import type { Reading } from '../../vocabulary.ts';
import type { OpenExecution } from '../open-execution.ts';
import type { KnownMoment } from '../slices/slice.ts';

/** The moment at a sequence up to which the log is indexed: everything about it is exact. */
export function indexedMoment(execution: OpenExecution, sequence: number, reading: Reading, base: number | undefined): KnownMoment {
  const { history } = execution;
  const { position, before: positionBefore } = history.locate(sequence);
  const before = history.stateAt(positionBefore);
  const state = history.stateAt(position);
  const sincePrevious = position > 0 ? history.timeOf(position) - history.timeOf(position - 1) : Number.NaN;
  return {
    execution,
    sequence,
    reading,
    position,
    positionBefore,
    basis: 'index',
    sincePrevious: Number.isFinite(sincePrevious) ? sincePrevious : null,
    base,
    state,
    before,
    shown: () => stateShown(execution, sequence, reading, { state, before }),
    status: history.status.at(position),
    statusBefore: history.status.at(positionBefore),
    nodes: () => ({ active: history.activeAt(position), completed: history.completedCount(position) }),
    replays: Math.max(0, position - (base === undefined ? -1 : history.positionAt(base))),
  };
}

async function stateShown(execution: OpenExecution, sequence: number, reading: Reading, { state, before }: { state: Json; before: Json }) {
  if (reading === 'replay') return { state, comparedWith: before };
  const shown = await execution.stateIn(sequence, reading);
  return { state: shown, comparedWith: reading === 'recovery' ? readByRuntime(state) : state };
}
