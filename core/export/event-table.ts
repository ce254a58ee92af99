import { textAt } from '../jamjet/chunk.ts';
import { type EventReading, readEvent, summaryOf } from '../jamjet/event.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import { printJson } from '../json/print.ts';
import type { EventFilter } from '../replay/filter.ts';
import { FilteredEvent } from '../replay/filtered-event.ts';
import type { Source } from '../source/port.ts';
import { csvLine, markdownHead, markdownRow } from './cells.ts';
import type { EventRange } from './events.ts';

const HEADINGS = ['sequence', 'created_at', 'type', 'node_id', 'what'] as const;

/** The rows of one chunk of the log, and the sequence of the last event that was read for them. */
interface TableRows {
  readonly text: string;
  readonly last: number;
}

/** The events as a table: as comma-separated values with the stored text in the last column, or in Markdown for people to read. */
export async function* eventTable(
  source: Source,
  id: ExecutionId,
  { from = 1, to = Number.MAX_SAFE_INTEGER }: EventRange,
  form: 'csv' | 'markdown',
  { filter, signal }: { readonly filter?: EventFilter | undefined; readonly signal?: AbortSignal | undefined } = {},
): AsyncGenerator<TableRows> {
  yield { text: form === 'csv' ? csvLine([...HEADINGS, 'kind']) : markdownHead(HEADINGS), last: from - 1 };
  for await (const chunk of source.scan(id, from - 1, signal)) {
    const times = Buffer.from(chunk.timeBytes.buffer, chunk.timeBytes.byteOffset, chunk.timeBytes.byteLength);
    let text = '';
    for (let i = 0; i < chunk.count; i++) {
      const sequence = chunk.sequences[i] as number;
      if (sequence > to) return yield { text, last: to };
      const stored = textAt(chunk, i);
      const unreadable = chunk.unreadable.get(i);
      const reading: EventReading = unreadable === undefined ? readEvent(stored) : { ok: false, reason: unreadable };
      const event = reading.ok ? reading.event : undefined;
      if (filter?.(event?.kind.type ?? 'unreadable', event?.nodeId)(sequence, () => new FilteredEvent(stored, unreadable)) === false) continue;
      const time = times.toString('utf8', chunk.timeOffsets[i], (chunk.timeOffsets[i + 1] as number) - 1);
      const what = reading.ok ? summaryOf(reading.event) : reading.reason;
      const cells = [String(sequence), time, event?.kind.type ?? 'unreadable', event?.nodeId ?? '', what];
      text += form === 'csv' ? csvLine([...cells, stored]) : markdownRow(cells);
    }
    yield { text, last: chunk.sequences.at(-1) ?? from };
  }
}

/** The changes between two states as a table in Markdown. */
export function changesTable(changes: readonly { readonly op: string; readonly path: string; readonly old?: unknown; readonly new?: unknown }[]): string {
  const cell = (value: unknown): string => (value === undefined ? '' : printJson(value as Parameters<typeof printJson>[0]));
  return (
    markdownHead(['op', 'path', 'before', 'after']) + changes.map(({ op, path, old, new: value }) => markdownRow([op, path, cell(old), cell(value)])).join('')
  );
}
