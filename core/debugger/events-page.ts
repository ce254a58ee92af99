import { readEvent, summaryOf } from '../jamjet/event.ts';
import type { EventRow } from '../jamjet/rows.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import { eventMatcher } from '../replay/filter.ts';
import type { History } from '../replay/history.ts';
import type { EventListRow, EventsPage, SnapshotVerdict } from '../replies.ts';
import type { OpenExecution } from './execution.ts';

/** A window of the event list. Before the index has come that far, rows are counted as if no event were missing. */
export async function eventsPage(execution: OpenExecution, from: number, count: number, filter: string): Promise<EventsPage> {
  const { history } = execution;
  const wanted = filter.trim();
  if (wanted !== '' && execution.reaches(execution.lastSequence)) {
    const matching = matchingRows(execution, wanted);
    const rows = await Promise.all(
      [...matching.slice(from, from + count)].map(async (row) =>
        listRow(execution, row, await execution.source.payload(execution.id, history.sequenceOf(row))),
      ),
    );
    return { from, total: matching.length, all: history.count, rows: rows.filter((row) => row !== undefined), complete: true };
  }
  const after = rowIsIndexed(execution, from - 1) ? (from === 0 ? 0 : history.sequenceOf(from - 1)) : from;
  const page = await execution.source.page(execution.id, after, count);
  const whole = execution.reaches(execution.lastSequence);
  const total = whole ? history.count : Math.max(history.count, execution.lastSequence);
  return {
    from,
    total,
    all: total,
    rows: page.map((event, i) => listRow(execution, from + i, event)).filter((row) => row !== undefined),
    complete: whole,
  };
}

function rowIsIndexed({ history }: OpenExecution, row: number): boolean {
  return row < history.count;
}

function listRow(execution: OpenExecution, row: number, event: EventRow | undefined): EventListRow | undefined {
  if (event === undefined) return undefined;
  const { history } = execution;
  const indexed = rowIsIndexed(execution, row);
  const reading = event.text === undefined || event.unreadable !== undefined ? undefined : readEvent(event.text);
  const kind = reading?.ok ? reading.event.kind : indexed ? history.kindOf(row) : undefined;
  const previous = row > 0 && indexed ? history.timeOf(row - 1) : Number.NaN;
  const time = millisecondsOf(event.createdAt);
  return {
    row,
    sequence: event.sequence,
    sincePrevious: Number.isFinite(time - previous) ? time - previous : null,
    createdAt: event.createdAt,
    type: kind?.type ?? 'unreadable',
    category: kind?.category ?? 'unknown',
    severity: kind?.severity ?? 'error',
    node: (reading?.ok ? reading.event.nodeId : indexed ? history.nodeOf(row) : undefined) ?? null,
    summary: reading?.ok
      ? summaryOf(reading.event)
      : (event.unreadable ?? (reading?.ok === false ? reading.reason : `${event.bytes.toLocaleString('en')} bytes`)),
    snapshot: snapshotAfter(execution, event.sequence, row),
    gapBefore: indexed ? event.sequence - 1 - (row > 0 ? history.sequenceOf(row - 1) : 0) : 0,
  };
}

function snapshotAfter(execution: OpenExecution, sequence: number, row: number): EventListRow['snapshot'] {
  const { history } = execution;
  const base = execution.baseAt(row + 1 < history.count ? history.sequenceOf(row + 1) - 1 : sequence);
  return base !== undefined && base.atSequence >= sequence
    ? { atSequence: base.atSequence, bytes: base.bytes, verdict: verdictOf(execution, base.atSequence) }
    : null;
}

export function verdictOf(execution: OpenExecution, atSequence: number): SnapshotVerdict {
  return execution.verdicts.get(atSequence)?.kind ?? 'unchecked';
}

interface KnownFilter {
  readonly filter: string;
  readonly count: number;
  readonly rows: Uint32Array;
}
const lastFilter = new WeakMap<History, KnownFilter>();

/** Rows that a filter wants; the last ones asked for are kept. */
function matchingRows({ history }: OpenExecution, filter: string): Uint32Array {
  const known = lastFilter.get(history);
  if (known?.filter === filter && known.count === history.count) return known.rows;
  const result = history.rowsWhere(eventMatcher(filter));
  lastFilter.set(history, { filter, count: history.count, rows: result });
  return result;
}
