import { type Command, Option } from 'commander';
import { eachMoment, momentAt } from '../debugger/answers/moments.ts';
import { momentJson } from '../export/state.ts';
import type { Reading } from '../vocabulary.ts';
import { readingName, wholeNumber } from './arguments.ts';
import { sayIfBeyond, writeValue } from './output.ts';
import { type CheckOption, withUnread } from './source.ts';

interface StateOptions extends CheckOption {
  readonly at?: number;
  readonly atEvent?: number;
  readonly reading: Reading;
  readonly each?: true;
  readonly from?: number;
  readonly to?: number;
  readonly json?: true;
}

export function addState(program: Command): void {
  for (const name of ['state', 'inspect']) {
    program
      .command(name)
      .description(name === 'state' ? 'print the materialised state at a sequence' : 'the same as state')
      .argument('<source>')
      .argument('<execution>')
      .option('--at <sequence>', 'the sequence to look at; 0 is before the first event; the end by default', wholeNumber)
      .option('--at-event <sequence>', 'the same as --at', wholeNumber)
      .option(
        '--reading <reading>',
        'replay: from the origin; recovery: what the runtime would rebuild; given: what its scheduler hands to nodes',
        readingName,
        'replay' as Reading,
      )
      .addOption(new Option('--each', 'print one line for every event of the range').conflicts(['at', 'atEvent']))
      .option('--from <sequence>', 'with --each: the first sequence', wholeNumber)
      .option('--to <sequence>', 'with --each: the last sequence', wholeNumber)
      .option('--json', 'print on one line')
      .action(printState);
  }
}

async function printState(source: string, execution: string, options: StateOptions): Promise<void> {
  if (options.each) return printEach(source, execution, options);
  await withUnread(
    source,
    execution,
    async (open) => {
      const sequence = Math.min(options.at ?? options.atEvent ?? open.lastSequence, open.lastSequence);
      await open.indexTo(sequence);
      sayIfBeyond(options.at ?? options.atEvent ?? 0, sequence);
      await writeValue(momentJson(await momentAt(open, sequence, options.reading)), { compact: options.json, sorted: true });
    },
    options,
  );
}

async function printEach(source: string, execution: string, { from = 0, to = Number.MAX_SAFE_INTEGER, reading, check }: StateOptions): Promise<void> {
  await withUnread(
    source,
    execution,
    async (open) => {
      for await (const moment of eachMoment(open, reading, from, to)) await writeValue(momentJson(moment), { compact: true, sorted: true });
    },
    { check },
  );
}
