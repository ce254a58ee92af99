import { readEvent } from '../jamjet/event.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { EventRow } from '../jamjet/rows.ts';
import { readJson } from '../json/read.ts';
import { eventMatcher } from '../replay/filter.ts';
import type { Source } from '../source/port.ts';

export interface EventRange {
  /** The first and the last sequence, both included. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

const PAGE = 500;

/** An execution's events, each with its whole text, a page in memory at a time. */
export async function* eachEvent(
  source: Source,
  id: ExecutionId,
  { from = 1, to = Number.MAX_SAFE_INTEGER }: EventRange,
  signal?: AbortSignal,
): AsyncGenerator<EventRow> {
  let after = from - 1;
  for (;;) {
    const page = await source.page(id, after, PAGE, signal);
    for (const event of page) {
      if (event.sequence > to) return;
      yield await inFull(source, id, event);
    }
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return;
    after = last.sequence;
  }
}

/** The same as JSON lines, each with the stored text unchanged inside. @param filter see {@link eventMatcher}. */
export async function* eventLines(source: Source, id: ExecutionId, range: EventRange, signal?: AbortSignal, filter = ''): AsyncGenerator<string> {
  const wanted = eventMatcher(filter);
  for await (const event of eachEvent(source, id, range, signal)) {
    if (filter !== '' && !matches(event, wanted)) continue;
    yield `${eventLine(event)}\n`;
  }
}

function matches({ text, unreadable }: EventRow, wanted: ReturnType<typeof eventMatcher>): boolean {
  const reading = text === undefined || unreadable !== undefined ? undefined : readEvent(text);
  return reading?.ok ? wanted(reading.event.kind.type, reading.event.nodeId) : wanted('unreadable', undefined);
}

/** Long events are left out of pages. */
async function inFull(source: Source, id: ExecutionId, event: EventRow): Promise<EventRow> {
  if (event.text !== undefined || event.unreadable !== undefined) return event;
  return (await source.payload(id, event.sequence)) ?? event;
}

function eventLine({ sequence, createdAt, text, unreadable }: EventRow): string {
  const head = `{"sequence":${sequence},"created_at":${JSON.stringify(createdAt)}`;
  const reading = text === undefined || unreadable !== undefined ? undefined : readJson(text);
  // A text with line breaks between its tokens is still JSON, but would not be one line.
  if (reading?.ok && text !== undefined && !text.includes('\n')) return `${head},"kind":${text}}`;
  if (reading?.ok && text !== undefined) return `${head},"kind":${text.replaceAll(/\s*\n\s*/g, ' ')}}`;
  const reason = unreadable ?? (reading?.ok === false ? reading.problem.reason : 'it is missing');
  return `${head},"unreadable":{"reason":${JSON.stringify(reason)},"text":${JSON.stringify(text ?? null)}}}`;
}
