import type { HandlersFor } from '../../contract/contract.ts';
import type { Engine } from '../engine.ts';
import { eventsPage } from '../events-page.ts';
import { nearestEvent } from '../nearest-event.ts';
import { inTurns } from '../pacing.ts';

export function eventHandlers(engine: Engine) {
  return {
    'events.page': async ({ from, count, filter, ...execution }) => eventsPage(await engine.execution(execution), from, count, filter),
    'events.nearest': async ({ what, direction, ...cursor }, signal) => {
      const step = direction === 'next' ? 1 : -1;
      const execution = await engine.ready(cursor, signal);
      const found = await inTurns(nearestEvent(execution, cursor.sequence, what, step), engine.pause, signal);
      if (found !== null || direction === 'previous' || execution.indexed) return found;
      // Only once every event is indexed is it known that there is none.
      await engine.ready({ ...cursor, sequence: Number.MAX_SAFE_INTEGER }, signal);
      return inTurns(nearestEvent(execution, cursor.sequence, what, step), engine.pause, signal);
    },
  } satisfies HandlersFor<'events'>;
}
