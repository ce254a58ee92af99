import { statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import type { Session } from '../debugger/session.ts';
import { eventLines } from '../export/events.ts';
import { wholeNumber } from './arguments.ts';
import { write } from './output.ts';
import { pathOf, withSource } from './source.ts';

/** How often is looked, in milliseconds. */
const EVERY = 250;
const SHOWN_FIRST = 10;

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
        const before = stampOf(pathOf(source));
        // A database that nobody has open is read from a copy: only another look at the file shows what came.
        after = await withSource(source, (session) => follow(session, execution, after));
        while (stampOf(pathOf(source)) === before) await setTimeout(EVERY);
      }
    });
}

/** Prints what comes for as long as a writer has the database open. @returns the last sequence that was printed. */
async function follow(session: Session, execution: string, start: number | undefined): Promise<number> {
  const id = await session.resolve(execution);
  const { access } = await session.source.describe();
  let after = start ?? Math.max(0, (await session.source.head(id)) - SHOWN_FIRST);
  for (;;) {
    for await (const { text, last } of eventLines(session.source, id, { from: after + 1 })) {
      await write(text);
      after = last;
    }
    if (access !== 'live') return after;
    await setTimeout(EVERY);
  }
}

/** Changes when somebody writes the file, or its log. */
function stampOf(path: string): string {
  return ['', '-wal']
    .map((suffix) => statSync(path + suffix, { throwIfNoEntry: false }))
    .map((file) => `${file?.size} ${file?.mtimeMs}`)
    .join();
}
