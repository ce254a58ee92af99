import type { Json } from '../../json/value.ts';
import type { KnownMoment } from './slice.ts';

/** The states before and after the event at the cursor, both in the chosen reading; before it is undefined when it is not known. */
export async function stepOf(moment: KnownMoment): Promise<{ readonly before: Json | undefined; readonly state: Json }> {
  const { execution, reading, sequence, position, positionBefore, state, before } = moment;
  if (reading === 'replay') return { before, state };
  if (position === positionBefore) {
    const shown = await execution.stateIn(sequence, reading);
    return { before: shown, state: shown };
  }
  const { history } = execution;
  if (reading === 'given') return { before: history.givenAt(positionBefore), state: history.givenAt(position) };
  const previous = positionBefore < 0 ? 0 : history.sequenceOf(positionBefore);
  return { before: await execution.stateIn(previous, reading), state: await execution.stateIn(sequence, reading) };
}
