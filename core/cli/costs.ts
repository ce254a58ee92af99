import type { Command } from 'commander';
import { costsAnswer } from '../debugger/answers/costs.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import { wholeNumber } from './arguments.ts';
import { writeValue } from './output.ts';
import { type CheckOption, withUnread } from './source.ts';
import { type Column, isForPeople, type Row, writeRows } from './table.ts';

const COLUMNS: readonly Column[] = [
  { key: 'node_id', heading: 'NODE', max: 40 },
  { key: 'model', heading: 'MODEL', max: 30 },
  { key: 'completions', heading: 'COMPLETED', right: true },
  { key: 'failures', heading: 'FAILED', right: true },
  { key: 'retries', heading: 'RETRIES', right: true },
  { key: 'input_tokens', heading: 'TOKENS IN', right: true },
  { key: 'output_tokens', heading: 'OUT', right: true },
  { key: 'cost_usd', heading: 'USD', right: true },
  { key: 'duration_ms', heading: 'MS', right: true },
];

/** For people the nodes and the total are one table; the track is drawn by the window. */
async function writeCosts(answer: Plain, json: true | undefined): Promise<void> {
  const { nodes, total } = answer as { readonly nodes: readonly Row[]; readonly total: Row };
  if (!isForPeople({ json })) return writeValue(fromPlain(answer), { compact: json });
  await writeRows([...nodes, { node_id: 'total', ...total }], COLUMNS, { json });
}

export function addCosts(program: Command): void {
  program
    .command('costs')
    .description('print tokens, dollars, time and retries of an execution, in total and for each node')
    .argument('<source>')
    .argument('<execution>')
    .option('--to <sequence>', 'the last event that counts', wholeNumber)
    .option('--points <count>', 'add this many points over the whole log: the costs up to each, and the size of the state', wholeNumber)
    .option('--json', 'print on one line')
    .action(async (source: string, execution: string, { to, points, json, check }: CheckOption & { to?: number; points?: number; json?: true }) => {
      await withUnread(source, execution, async (open) => writeCosts(await costsAnswer(open, to, points), json), { check });
    });
}
