import type { Command } from 'commander';
import { causeJson, whyJson } from '../debugger/answers/why.ts';
import { explainedRun } from '../debugger/explained-run.ts';
import { noPause } from '../debugger/pacing.ts';
import { type Causes, causesOf } from '../explain/causes.ts';
import { explainWhy } from '../explain/why-run.ts';
import { fromPlain } from '../json/plain.ts';
import { say, writeForReading, writeValue } from './output.ts';
import { Progress } from './progress.ts';
import { type CheckOption, withExecution, withSource } from './source.ts';
import { type Column, isForPeople, writeRows } from './table.ts';

const CHAIN: readonly Column[] = [
  { key: 'sequence', heading: 'SEQUENCE', right: true },
  { key: 'node_id', heading: 'NODE', max: 40 },
  { key: 'text', heading: 'BECAUSE' },
];

const CAUSES: readonly Column[] = [
  { key: 'runs', heading: 'RUNS', right: true },
  { key: 'kind', heading: 'KIND' },
  { key: 'first', heading: 'FIRST', max: 19 },
  { key: 'last', heading: 'LAST', max: 19 },
  { key: 'cause', heading: 'CAUSE' },
];

interface WhyOptions extends CheckOption {
  readonly json?: true;
}

export function addWhy(program: Command): void {
  program
    .command('why')
    .description('print in a sentence why an execution ended or what it waits for; without one, those of the database grouped by cause')
    .argument('<source>')
    .argument('[execution]')
    .option('--json', 'print on one line')
    .action(async (source: string, execution: string | undefined, { json, check }: WhyOptions) =>
      execution === undefined ? printCauses(source, json) : printWhy(source, execution, { json, check }),
    );
}

async function printWhy(
  source: string,
  execution: string,
  { json, check }: { readonly json: true | undefined; readonly check: true | undefined },
): Promise<void> {
  await withExecution(
    source,
    execution,
    async (open) => {
      const why = await explainWhy(await explainedRun(open));
      if (!isForPeople({ json })) return writeValue(fromPlain(whyJson(open.id, why)), { compact: json });
      await writeForReading(`${why.sentence}\n\n`);
      await writeRows(
        why.chain.map(({ sequence, node, text }) => ({ sequence, node_id: node, text })),
        CHAIN,
        {},
      );
    },
    { check },
  );
}

async function printCauses(text: string, json: true | undefined): Promise<void> {
  await withSource(text, async (source) => {
    const progress = new Progress('Reading the executions');
    let causes: Causes | undefined;
    for await (causes of causesOf(source, noPause)) progress.report(causes.read, causes.of);
    progress.end();
    if (causes === undefined) return;
    await writeRows(causes.groups.map(causeJson), CAUSES, { json });
    const { read, completed, unreadable, others } = causes;
    say(
      [
        `${read.toLocaleString('en')} executions, of which ${completed.toLocaleString('en')} completed and were not read.`,
        ...(others > 0 ? [`${others.toLocaleString('en')} have other causes.`] : []),
        ...(unreadable > 0 ? [`${unreadable.toLocaleString('en')} lie in a damaged part of the file.`] : []),
      ].join(' '),
    );
  });
}
