import type { Command } from 'commander';
import { eventLines } from '../export/events.ts';
import { eventOf, summaryOf } from '../jamjet/event.ts';
import { parseJson } from '../json/read.ts';
import type { JsonObject } from '../json/value.ts';
import { eventFilter } from '../replay/filter.ts';
import { wholeNumber } from './arguments.ts';
import { write } from './output.ts';
import { type CheckOption, withUnread } from './source.ts';
import { type Column, isForPeople, type Row, tableOf } from './table.ts';

const COLUMNS: readonly Column[] = [
  { key: 'sequence', heading: 'SEQUENCE', right: true },
  { key: 'time', heading: 'TIME' },
  { key: 'type', heading: 'KIND', max: 24 },
  { key: 'node', heading: 'NODE', max: 30 },
  { key: 'summary', heading: 'WHAT' },
];

/** A row of the table, from a line of JSON. */
function rowOf(line: string): Row {
  const event = parseJson(line) as JsonObject;
  const [kind, unreadable] = [event.get('kind'), event.get('unreadable')];
  const reading = kind === undefined ? undefined : eventOf(kind as JsonObject);
  const row = { sequence: event.get('sequence'), time: event.get('created_at') };
  if (reading?.ok) return { ...row, type: reading.event.kind.type, node: reading.event.nodeId, summary: summaryOf(reading.event) };
  return { ...row, type: 'unreadable', summary: (unreadable as JsonObject | undefined)?.get('reason') };
}

interface EventsOptions extends CheckOption {
  readonly json?: true;
  readonly from?: number;
  readonly to?: number;
  readonly filter?: string;
}

export function addEvents(program: Command): void {
  program
    .command('events')
    .description('print the events of an execution: as JSON lines, and as a table on a terminal')
    .argument('<source>')
    .argument('<execution>')
    .option('--from <sequence>', 'the first event', wholeNumber)
    .option('--to <sequence>', 'the last event', wholeNumber)
    .option('--filter <words>', 'only events that match: words, "quoted text", -not, OR, type:, node:, text:, after:#N, before:#N')
    .option('--json', 'JSON lines on a terminal, too')
    .action(async (source: string, execution: string, { from, to, filter, ...options }: EventsOptions) => {
      await withUnread(
        source,
        execution,
        async (open) => {
          const lines = eventLines(open.source, open.id, { from, to }, undefined, filter === undefined ? undefined : eventFilter(filter));
          for await (const { text } of lines) await write(isForPeople(options) ? tableOf(text.toString().trimEnd().split('\n').map(rowOf), COLUMNS) : text);
        },
        options,
      );
    });
}
