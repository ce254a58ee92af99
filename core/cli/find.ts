import { type Command, InvalidArgumentError } from 'commander';
import { transitionsAnswer } from '../debugger/answers/transitions.ts';
import { fromPlain } from '../json/plain.ts';
import { compilePredicate, type Predicate } from '../replay/predicate.ts';
import { say, writeValue } from './output.ts';
import { withExecution } from './source.ts';

export function addFind(program: Command): void {
  program
    .command('find')
    .description('print where a condition begins to hold and where it ceases to')
    .argument('<source>')
    .argument('<execution>')
    .argument('<expression>', `CEL over state, status and event, such as 'has(state.score) && state.score > 10'`, predicate)
    .option('--json', 'on one line')
    .action(async (source: string, execution: string, expression: Predicate, { json }: { json?: true }) => {
      const { transitions, errors, firstError } = await withExecution(source, execution, (open) => transitionsAnswer(open, expression));
      if (errors > 0) say(`At ${errors} moments it could not be evaluated and counts as false: ${firstError}. has(…) asks whether a key is there.`);
      await writeValue(fromPlain(transitions), { compact: json });
    });
}

function predicate(expression: string): Predicate {
  const compiled = compilePredicate(expression);
  if (!compiled.ok) throw new InvalidArgumentError(`It is not a CEL expression that is true or false: ${compiled.reason}.`);
  return compiled.predicate;
}
