import type { HandlersOf } from '../../contract.ts';
import type { Engine } from '../engine.ts';
import { eventsPage } from '../events-page.ts';
import { nearEvent } from '../near.ts';
import { timelineView } from '../timeline.ts';

export function eventHandlers(engine: Engine) {
  return {
    'event.near': async ({ execution, sequence, what, direction }) =>
      nearEvent(await engine.indexed(execution, sequence), sequence, what, direction === 'next' ? 1 : -1),
    'events.page': async ({ execution, from, count, filter }) => eventsPage(await engine.execution(execution), from, count, filter),
    'timeline.view': async ({ execution, from, to, columns }) => timelineView(await engine.execution(execution), from, Math.max(from, to), columns),
  } satisfies HandlersOf<'event' | 'events' | 'timeline'>;
}
