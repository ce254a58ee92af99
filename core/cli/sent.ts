import { type Command, Option } from 'commander';
import { eachSent, sentAnswer } from '../debugger/answers/sent.ts';
import { explainedRun } from '../debugger/explained-run.ts';
import { type SentCall, sentJson } from '../explain/sent.ts';
import { sentText } from '../explain/sent-text.ts';
import { FaultError } from '../fault.ts';
import { wholeNumber } from './arguments.ts';
import { say, writeForReading, writeValue } from './output.ts';
import { type CheckOption, withExecution } from './source.ts';
import { isForPeople } from './table.ts';

interface SentOptions extends CheckOption {
  readonly at?: number;
  readonly turn?: number;
  readonly each?: true;
  readonly json?: true;
}

export function addSent(program: Command): void {
  program
    .command('sent')
    .description('print what a model was sent, byte for byte, and what it answered')
    .argument('<source>')
    .argument('<execution>')
    .option('--at <sequence>', 'the last call that started at or before this event; the last one by default', wholeNumber)
    .addOption(new Option('--turn <turn>', "the last call of this turn of the agent's loop, counted from 0").argParser(wholeNumber).conflicts('at'))
    .addOption(new Option('--each', 'print one line for every start of a model').conflicts(['at', 'turn']))
    .option('--json', 'print on one line')
    .action(printSent);
}

async function printSent(source: string, execution: string, { at, turn, each, json, check }: SentOptions): Promise<void> {
  await withExecution(
    source,
    execution,
    async (open) => {
      const run = await explainedRun(open);
      const print = async (call: SentCall): Promise<void> => {
        if (call.finding !== undefined) say(call.finding.detail);
        if (isForPeople({ json })) await writeForReading(`${sentText(call)}\n`);
        else await writeValue(sentJson(open.id, call), { compact: json ?? each });
      };
      if (each) {
        for await (const call of eachSent(run)) await print(call);
        return;
      }
      const call = await sentAnswer(run, { at, turn });
      if (call === undefined && turn !== undefined) throw new FaultError('bad-request', { detail: `the run has no turn ${turn}` });
      if (call === undefined) say('No model was started there.');
      else await print(call);
    },
    { check },
  );
}
