import { type Command, Option } from 'commander';
import type { Reading } from '../debugger/execution.ts';
import { momentAt } from '../debugger/moment.ts';
import { type EventLines, eventLines } from '../export/events.ts';
import { momentJson } from '../export/state.ts';
import { writeFileWhole } from '../export/write-file.ts';
import { printJson } from '../json/print.ts';
import { readingName, wholeNumber } from './arguments.ts';
import { say, write } from './output.ts';
import { withUnread } from './source.ts';

interface ExportOptions {
  readonly format: 'state' | 'events';
  readonly at?: number;
  readonly reading: Reading;
  readonly output: string;
  readonly canonical?: true;
}

export function addExport(program: Command): void {
  program
    .command('export')
    .description('write the state at a sequence, or the events, to a file')
    .argument('<source>')
    .argument('<execution>')
    .addOption(new Option('--format <format>', 'what to write').choices(['state', 'events']).makeOptionMandatory())
    .option('--at <sequence>', 'state: where to stand; events: the last one', wholeNumber)
    .option('--reading <reading>', 'replay, recovery or given', readingName, 'replay' as Reading)
    .option('--canonical', 'state: sorted and on one line')
    .requiredOption('-o, --output <file>', 'the file; - is stdout')
    .action(async (source: string, execution: string, options: ExportOptions) => {
      await withUnread(source, execution, async (open) => {
        const at = Math.min(options.at ?? open.lastSequence, open.lastSequence);
        if (options.format === 'state') await open.indexTo(at);
        const pieces =
          options.format === 'events'
            ? textsOf(eventLines(open.source, open.id, { to: at }))
            : stateText(momentJson(await momentAt(open, at, options.reading)), options);
        if (options.output === '-') {
          for await (const piece of pieces) await write(piece);
        } else {
          say(`${options.output}: ${await writeFileWhole(options.output, pieces)} bytes`);
        }
      });
    });
}

async function* textsOf(lines: AsyncIterable<EventLines>): AsyncGenerator<Buffer> {
  for await (const { text } of lines) yield text;
}

function stateText(state: ReturnType<typeof momentJson>, { canonical }: ExportOptions): string[] {
  return [printJson(state, { sorted: true, pretty: !canonical }), '\n'];
}
