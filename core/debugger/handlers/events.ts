import type { HandlersFor } from '../../contract/contract.ts';
import { countUpTo } from '../../replay/column.ts';
import type { Engine } from '../engine.ts';
import { eventsPage } from '../events-page.ts';
import { matchingPositions } from '../filtered-events.ts';
import { nearestEvent } from '../nearest-event.ts';
import { runPaced } from '../pacing.ts';

export function eventHandlers(engine: Engine) {
  return {
    'events.page': async ({ from, count, filter, ...execution }, signal) => eventsPage(await engine.execution(execution), { from, count, filter }, signal),
    'events.nearest': async ({ what, direction, ...cursor }, cancelled) => {
      const signal = engine.untilClosed(cursor.source, cancelled);
      const step = direction === 'next' ? 1 : -1;
      const execution = await engine.ready(cursor, signal);
      const found = await runPaced(nearestEvent(execution, cursor.sequence, what, step), engine.pause, signal);
      if (found !== null || direction === 'previous' || execution.indexed) return found;
      // There is none among the indexed events, so the rest of the log is needed.
      await engine.ready({ ...cursor, sequence: Number.MAX_SAFE_INTEGER }, signal);
      return runPaced(nearestEvent(execution, cursor.sequence, what, step), engine.pause, signal);
    },
    'events.matches': async ({ filter, ...cursor }, signal) => {
      const execution = await engine.execution(cursor);
      const { history } = execution;
      const positions = await matchingPositions(execution, filter.trim(), engine.pause, signal);
      const { position, before } = history.locate(cursor.sequence);
      const [upTo, previous] = [countUpTo(positions, position), countUpTo(positions, before)];
      const sequenceOf = (index: number): number | null => (index in positions ? history.sequenceOf(positions[index] as number) : null);
      return { index: upTo - 1, isMatch: upTo > previous, first: sequenceOf(0), previous: sequenceOf(previous - 1), next: sequenceOf(upTo) };
    },
  } satisfies HandlersFor<'events'>;
}
