import type { EventListRow, EventsPage } from '../contract/events.ts';
import { readEvent, summaryOf } from '../jamjet/event.ts';
import type { EventRow } from '../jamjet/rows.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import { matchingPositions } from './filtered-events.ts';
import type { OpenExecution } from './open-execution.ts';
import type { Pause } from './pacing.ts';

/**
 * A window of the list of events. Beyond the indexed part, rows are counted as if no event were missing; with a filter, only
 * indexed events are included, and the answer is not complete.
 *
 * @param from the first row and
 * @param count the number of rows.
 */
export async function eventsPage(
  execution: OpenExecution,
  { from, count, filter }: { readonly from: number; readonly count: number; readonly filter: string },
  pause: Pause,
  signal?: AbortSignal,
): Promise<EventsPage> {
  const { history } = execution;
  const complete = execution.isIndexedTo(execution.lastSequence);
  const all = complete ? history.count : Math.max(history.count, execution.lastSequence);
  const words = filter.trim();
  if (words !== '') {
    const matching = await matchingPositions(execution, words, pause, signal);
    const rows = await Promise.all(
      [...matching.slice(from, from + count)].map(async (position) =>
        listRow(execution, position, await execution.source.payload(execution.id, history.sequenceOf(position))),
      ),
    );
    return { from, total: matching.length, all, rows: rows.filter((row) => row !== undefined), complete };
  }
  const after = isIndexed(execution, from - 1) ? (from === 0 ? 0 : history.sequenceOf(from - 1)) : from;
  const page = await execution.source.page(execution.id, after, count);
  const rows = page.map((event, i) => listRow(execution, from + i, event)).filter((row) => row !== undefined);
  return { from, total: all, all, rows, complete };
}

function isIndexed({ history }: OpenExecution, position: number): boolean {
  return position < history.count;
}

function listRow(execution: OpenExecution, position: number, event: EventRow | undefined): EventListRow | undefined {
  if (event === undefined) return undefined;
  const { history } = execution;
  const indexed = isIndexed(execution, position);
  const reading = event.text === undefined || event.unreadable !== undefined ? undefined : readEvent(event.text);
  const kind = reading?.ok ? reading.event.kind : indexed ? history.kindOf(position) : undefined;
  const previous = position > 0 && indexed ? history.timeOf(position - 1) : Number.NaN;
  const time = millisecondsOf(event.createdAt);
  return {
    position,
    sequence: event.sequence,
    sincePrevious: Number.isFinite(time - previous) ? time - previous : null,
    createdAt: event.createdAt,
    type: kind?.type ?? 'unreadable',
    category: kind?.category ?? 'unknown',
    severity: kind?.severity ?? 'error',
    node: (reading?.ok ? reading.event.nodeId : indexed ? history.nodeOf(position) : undefined) ?? null,
    summary: reading?.ok
      ? summaryOf(reading.event)
      : (event.unreadable ?? (reading?.ok === false ? reading.reason : `${event.bytes.toLocaleString('en')} bytes`)),
    snapshot: snapshotAfter(execution, event.sequence, position),
    gapBefore: indexed ? event.sequence - 1 - (position > 0 ? history.sequenceOf(position - 1) : 0) : 0,
  };
}

function snapshotAfter(execution: OpenExecution, sequence: number, position: number): EventListRow['snapshot'] {
  const { history } = execution;
  const base = execution.baseAt(position + 1 < history.count ? history.sequenceOf(position + 1) - 1 : sequence);
  return base !== undefined && base.atSequence >= sequence
    ? { atSequence: base.atSequence, bytes: base.bytes, verdict: execution.verdictOf(base.atSequence) }
    : null;
}
