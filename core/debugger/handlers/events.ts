import type { HandlersFor } from '../../contract/contract.ts';
import type { ValuesAtEvents } from '../../contract/events.ts';
import { FaultError } from '../../fault.ts';
import { readEvent } from '../../jamjet/event.ts';
import { valueAt } from '../../json/pointer.ts';
import { jsonPieces } from '../../json/print.ts';
import { countUpTo } from '../../replay/column.ts';
import { visible } from '../../visible.ts';
import { copiedText } from '../copied-text.ts';
import type { Engine } from '../engine.ts';
import { eventsPage } from '../events-page.ts';
import { completionOf } from '../filter-completion.ts';
import { endFilters, matchesOf } from '../matches.ts';
import { nearestEvent } from '../nearest-event.ts';
import { Pacer, runPaced } from '../pacing.ts';
import { hasBegun, type RunningFilter } from '../running-filter.ts';
import { eventAt } from '../slices/event.ts';
import { watched } from '../slices/watches.ts';
import { cutText } from '../value-text.ts';

export function eventHandlers(engine: Engine) {
  return {
    'events.page': async ({ from, count, filter, ...execution }, signal) => {
      const open = await engine.execution(execution);
      const words = filter.trim();
      if (words === '') endFilters(open);
      return eventsPage(open, { from, count }, words === '' ? undefined : await matchesOf(engine, execution, words, signal, hasBegun), signal);
    },
    'events.nearest': async ({ what, node, direction, ...cursor }, cancelled) => {
      const signal = engine.untilClosed(cursor.source, cancelled);
      if (what === 'snapshot') return (await (await engine.execution(cursor)).snapshotsAround(cursor.sequence))[direction] ?? null;
      const step = direction === 'next' ? 1 : -1;
      const execution = await engine.ready(cursor, signal);
      const found = await runPaced(nearestEvent(execution, cursor.sequence, { what, node }, step), engine.pause, signal);
      if (found !== null || direction === 'previous' || execution.indexed) return found;
      // There is none among the indexed events, so the rest of the log is needed.
      await engine.whole(cursor, signal);
      return runPaced(nearestEvent(execution, cursor.sequence, { what, node }, step), engine.pause, signal);
    },
    'events.text': async ({ field, ...cursor }, signal) => {
      const { source, id } = await engine.execution(cursor);
      const text = (await source.payload(id, cursor.sequence, signal))?.text;
      if (text === undefined) throw new FaultError('bad-request', { detail: `there is no event ${cursor.sequence} that is text` });
      if (field === undefined) return { text: await copiedText([text], 'The event', engine.pause, signal) };
      const event = readEvent(text);
      const value = event.ok ? event.event.fields.get(field) : undefined;
      if (value === undefined) throw new FaultError('bad-request', { detail: `event ${cursor.sequence} has no field ${cutText(visible(field), 100).text}` });
      return { text: await copiedText(typeof value === 'string' ? [value] : jsonPieces(value, { pretty: true }), 'The field', engine.pause, signal) };
    },
    'events.detail': async (cursor) => {
      const execution = await engine.execution(cursor);
      const { history } = execution;
      if (!execution.isIndexedTo(cursor.sequence)) return eventAt(execution, { sequence: cursor.sequence, position: -1, sincePrevious: null });
      const { position, before } = history.locate(cursor.sequence);
      if (position === before) return null;
      const since = position > 0 ? history.timeOf(position) - history.timeOf(position - 1) : Number.NaN;
      return eventAt(execution, { sequence: cursor.sequence, position, sincePrevious: Number.isFinite(since) ? since : null });
    },
    'events.values': async ({ positions, pointers, ...execution }, cancelled) => {
      const signal = engine.untilClosed(execution.source, cancelled);
      const { history } = await engine.execution(execution);
      const indexed = positions.filter((position) => position < history.count);
      // Each state is computed from the one before it, so the order counts.
      const rows = new Map<number, NonNullable<ValuesAtEvents['rows'][number]>>();
      const pacer = new Pacer(engine.pause);
      for (const position of indexed.toSorted((a, b) => a - b)) {
        await engine.ready({ ...execution, sequence: history.sequenceOf(position) }, signal);
        const [before, state] = [history.stateAt(position - 1), history.stateAt(position)];
        rows.set(
          position,
          pointers.map((pointer) => {
            const { type, text, change } = watched(pointer, valueAt(state, pointer), valueAt(before, pointer), true);
            return { type, text, change };
          }),
        );
        if (pacer.isDue) await pacer.pause(signal);
      }
      const { incompleteFrom } = await engine.execution(execution);
      return { rows: positions.map((position) => rows.get(position) ?? null), incompleteFrom: incompleteFrom ?? null };
    },
    'events.complete': async ({ filter, caret, ...execution }) => completionOf((await engine.execution(execution)).history, filter, caret),
    'events.matches': async ({ filter, ...cursor }, signal) => {
      const execution = await engine.execution(cursor);
      const { history } = execution;
      const { position, before } = history.locate(cursor.sequence);
      const isKnown = ({ tested, positions }: RunningFilter): boolean => tested > position && (positions.at(-1) ?? -1) > position;
      const { positions } = await matchesOf(engine, cursor, filter.trim(), signal, isKnown);
      const [upTo, previous] = [countUpTo(positions, position), countUpTo(positions, before)];
      const sequenceOf = (index: number): number | null => (index in positions ? history.sequenceOf(positions[index] as number) : null);
      return { index: upTo - 1, isMatch: upTo > previous, first: sequenceOf(0), previous: sequenceOf(previous - 1), next: sequenceOf(upTo) };
    },
  } satisfies HandlersFor<'events'>;
}
