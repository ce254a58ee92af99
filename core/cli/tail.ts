import { statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { resolveExecution } from '../debugger/resolve-execution.ts';
import { eventLines } from '../export/events.ts';
import type { Source } from '../source/port.ts';
import { sourceSpec } from '../source/spec.ts';
import { wholeNumber } from './arguments.ts';
import { writeForReading } from './output.ts';
import { withSource } from './source.ts';

/** How often the database is checked for new events, in milliseconds. */
const INTERVAL = 250;
const INITIAL_EVENTS = 10;

export function addTail(program: Command): void {
  program
    .command('tail')
    .description('print the last events of an execution as JSON lines, and then each new one, until interrupted')
    .argument('<source>')
    .argument('<execution>')
    .option('--from <sequence>', 'the first event to print; the last ten by default', wholeNumber)
    .option('--json', 'accepted for symmetry: the output is always JSON lines')
    .action(async (source: string, execution: string, { from }: { from?: number }) => {
      let after = from === undefined ? undefined : from - 1;
      for (;;) {
        const before = stampOf(source);
        // A database that no writer has open is read from a copy, so new events appear only after opening the file again.
        after = await withSource(source, (open) => follow(open, execution, after));
        while (stampOf(source) === before) await setTimeout(INTERVAL);
      }
    });
}

/** Prints new events while a writer has the database open. @returns the last sequence that was printed. */
async function follow(source: Source, execution: string, start: number | undefined): Promise<number> {
  const id = await resolveExecution(source, execution);
  const { access } = await source.describe();
  let after = start ?? Math.max(0, (await source.head(id)) - INITIAL_EVENTS);
  for (;;) {
    for await (const { text, last } of eventLines(source, id, { from: after + 1 })) {
      await writeForReading(text.toString());
      after = last;
    }
    if (access !== 'live') return after;
    await setTimeout(INTERVAL);
  }
}

/** Size and time of the file and its log. */
function stampOf(source: string): string {
  const spec = sourceSpec(source);
  if (spec.kind !== 'sqlite') return '';
  return ['', '-wal']
    .map((suffix) => statSync(spec.path + suffix, { throwIfNoEntry: false }))
    .map((file) => `${file?.size} ${file?.mtimeMs}`)
    .join();
}
