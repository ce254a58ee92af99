import { statSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { resolveExecution } from '../debugger/resolve-execution.ts';
import { eventLines } from '../export/events.ts';
import type { Source } from '../source/port.ts';
import { sourceSpec } from '../source/spec.ts';
import { wholeNumber } from './arguments.ts';
import { type Gap, Gaps } from './gaps.ts';
import { writeForReading } from './output.ts';
import { withSource } from './source.ts';

/** How often the database is checked for new events, in milliseconds. */
const INTERVAL = 250;
const INITIAL_EVENTS = 10;
/** So many gaps are looked at each time: every one is a question to the server. */
const GAPS_AT_A_TIME = 4;

export function addTail(program: Command): void {
  program
    .command('tail')
    .description(
      'print the last events of an execution as JSON lines, and then each new one, until interrupted; on Postgres, one that is committed late comes after events with higher sequences',
    )
    .argument('<source>')
    .argument('<execution>')
    .option('--from <sequence>', 'the first event to print; the last ten by default', wholeNumber)
    .option('--json', 'accepted for symmetry: the output is always JSON lines')
    .action(async (source: string, execution: string, { from }: { from?: number }) => {
      const followed: Followed = { after: from === undefined ? undefined : from - 1, gaps: new Gaps() };
      for (;;) {
        const before = stampOf(source);
        // A database that no writer has open is read from a copy, so new events appear only after opening the file again.
        await withSource(source, (open) => follow(open, execution, followed));
        while (stampOf(source) === before) await setTimeout(INTERVAL);
      }
    });
}

/** What has been printed of an execution. */
interface Followed {
  /** The last sequence; undefined before the first. */
  after: number | undefined;
  readonly gaps: Gaps;
}

/** Prints new events while a writer has the database open. */
async function follow(source: Source, execution: string, followed: Followed): Promise<void> {
  const { gaps } = followed;
  const id = await resolveExecution(source, execution);
  const { access } = await source.describe();
  let after = followed.after ?? Math.max(0, (await source.head(id)) - INITIAL_EVENTS);
  for (;;) {
    for (const gap of gaps.next(GAPS_AT_A_TIME)) await printLate(source, id, gap, gaps);
    for await (const { text, sequences, last } of eventLines(source, id, { from: after + 1 })) {
      await writeForReading(text.toString());
      gaps.add(after, sequences);
      after = last;
    }
    followed.after = after;
    if (access !== 'live') return;
    await setTimeout(INTERVAL);
  }
}

/** Prints the events of a gap that have come meanwhile. */
async function printLate(source: Source, id: string, gap: Gap, gaps: Gaps): Promise<void> {
  // A scan would read on behind the gap, each time.
  const [first] = await source.page(id, gap.from - 1, 1);
  if (first === undefined || first.sequence > gap.to) return;
  for await (const { text, sequences } of eventLines(source, id, gap)) {
    await writeForReading(text.toString());
    gaps.fill(sequences);
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
