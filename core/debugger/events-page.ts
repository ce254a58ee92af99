import type { EventListRow, EventsPage, EventWork } from '../contract/events.ts';
import { type Event, readEvent, summaryOf } from '../jamjet/event.ts';
import type { EventRow } from '../jamjet/rows.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import { printJson } from '../json/print.ts';
import { JsonNumber } from '../json/value.ts';
import type { OpenExecution } from './open-execution.ts';
import { Pacer } from './pacing.ts';
import type { RunningFilter } from './running-filter.ts';

/**
 * A window of the list of events. Beyond the indexed part, rows are counted as if no event were missing; with a filter, only
 * events that have been tested are included, and the answer is not complete until all are.
 *
 * @param from the first row and
 * @param count the number of rows.
 * @param matches the events to which the list is limited.
 */
export async function eventsPage(
  execution: OpenExecution,
  { from, count }: { readonly from: number; readonly count: number },
  matches?: RunningFilter,
  signal?: AbortSignal,
): Promise<EventsPage> {
  const { history } = execution;
  const complete = execution.isIndexedTo(execution.lastSequence);
  const all = complete ? history.count : Math.max(history.count, execution.lastSequence);
  const pacer = new Pacer(execution.pause);
  const rows: EventListRow[] = [];
  if (matches !== undefined) {
    const { isComplete, positions } = matches;
    for (const position of positions.slice(from, from + count)) {
      // As in the whole list, the text of a long event is left out.
      const [before, [event]] = await rowsFrom(execution, position, 1);
      if (event !== undefined) rows.push(listRow(execution, before, event));
      if (pacer.isDue) await pacer.pause(signal);
    }
    return { from, total: positions.length, all, rows, complete: complete && isComplete };
  }
  const [first, page] = await rowsFrom(execution, from, count);
  for (const [i, event] of page.entries()) {
    rows.push(listRow(execution, first + i, event));
    if (pacer.isDue) await pacer.pause(signal);
  }
  return { from, total: all, all, rows, complete };
}

/** The stored rows from a position on. A page starts after a sequence, so rows that share one with the row before are skipped here. */
async function rowsFrom(execution: OpenExecution, from: number, count: number): Promise<readonly [first: number, rows: readonly EventRow[]]> {
  const { history, source, id } = execution;
  if (from >= history.count && execution.isIndexedTo(execution.lastSequence)) return [from, []];
  if (!isIndexed(execution, from)) {
    const after = from > 0 && isIndexed(execution, from - 1) ? history.sequenceOf(from - 1) : from;
    return [from, (await source.page(id, after, count)).slice(0, count)];
  }
  let group = from;
  while (group > 0 && history.sequenceOf(group - 1) === history.sequenceOf(from)) group--;
  const skipped = from - group;
  const page = await source.page(id, group === 0 ? 0 : history.sequenceOf(group - 1), skipped + count);
  return [from, page.slice(skipped, skipped + count)];
}

function isIndexed({ history }: OpenExecution, position: number): boolean {
  return position < history.count;
}

function listRow(execution: OpenExecution, position: number, event: EventRow): EventListRow {
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
    work: reading?.ok ? workOf(reading.event) : reading === undefined && event.unreadable === undefined ? null : NO_WORK,
    bytes: event.bytes,
    snapshot: snapshotAfter(execution, event.sequence, position),
    gapBefore: indexed ? event.sequence - 1 - (position > 0 ? history.sequenceOf(position - 1) : 0) : 0,
  };
}

const NO_WORK: EventWork = { attempt: null, duration: null, inputTokens: null, outputTokens: null, cost: null };

/** Numbers keep their spelling. */
function workOf({ fields }: Event): EventWork {
  const number = (...names: readonly string[]): string | null => {
    for (const name of names) {
      const value = fields.get(name);
      if (typeof value === 'number' || value instanceof JsonNumber) return printJson(value);
    }
    return null;
  };
  return {
    attempt: number('attempt'),
    duration: number('duration_ms', 'latency_ms'),
    inputTokens: number('input_tokens'),
    outputTokens: number('output_tokens'),
    cost: number('cost_usd', 'total_cost', 'cost', 'cost_delta_usd', 'total_cost_usd'),
  };
}

function snapshotAfter(execution: OpenExecution, sequence: number, position: number): EventListRow['snapshot'] {
  const { history } = execution;
  const base = execution.baseAt(position + 1 < history.count ? history.sequenceOf(position + 1) - 1 : sequence);
  return base !== undefined && base.atSequence >= sequence
    ? { atSequence: base.atSequence, bytes: base.bytes, verdict: execution.verdictOf(base.atSequence) }
    : null;
}
