import { type Command, Option } from 'commander';
import { exportPieces } from '../debugger/answers/exports.ts';
import { writeFileWhole } from '../export/write-file.ts';
import type { ExportForm, ExportKind, Reading } from '../vocabulary.ts';
import { readingName, wholeNumber } from './arguments.ts';
import { removingFiles } from './interrupts.ts';
import { say, write } from './output.ts';
import { type CheckOption, withUnread } from './source.ts';

/** The exports that this verb writes. */
const FORMATS = {
  state: { kind: 'state', form: 'pretty' },
  events: { kind: 'events', form: 'jsonl' },
  csv: { kind: 'events', form: 'csv' },
} as const satisfies Readonly<Record<string, { readonly kind: ExportKind; readonly form: ExportForm }>>;

interface ExportOptions extends CheckOption {
  readonly format: keyof typeof FORMATS;
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
    .addOption(new Option('--format <format>', 'what to write').choices(Object.keys(FORMATS)).makeOptionMandatory())
    .option('--at <sequence>', 'state: the sequence to export; events: the last event', wholeNumber)
    .option('--reading <reading>', 'replay, recovery or given', readingName, 'replay' as Reading)
    .option('--canonical', 'state: sorted and on one line')
    .requiredOption('-o, --output <file>', 'the file; - is stdout')
    .action(async (source: string, execution: string, options: ExportOptions) => {
      await withUnread(
        source,
        execution,
        async (open) => {
          const sequence = Math.min(options.at ?? open.lastSequence, open.lastSequence);
          if (options.format === 'state') await open.indexTo(sequence);
          const { kind, form } = FORMATS[options.format];
          const { reading, canonical } = options;
          const pieces = textsOf(exportPieces(open, { kind, sequence, reading, form: kind === 'state' && canonical ? 'canonical' : form }));
          if (options.output === '-') {
            for await (const piece of pieces) await write(piece);
          } else {
            const bytes = await removingFiles(() => writeFileWhole(options.output, pieces, { protectedFiles: open.source.files }));
            say(`${options.output}: ${bytes} bytes`);
          }
        },
        options,
      );
    });
}

async function* textsOf<T>(pieces: AsyncIterable<{ readonly text: T }>): AsyncGenerator<T> {
  for await (const { text } of pieces) yield text;
}
