import { type Command, InvalidArgumentError } from 'commander';
import { transitionsAnswer } from '../debugger/answers/transitions.ts';
import { compilePredicate, type Predicate } from '../replay/predicate.ts';
import { say } from './output.ts';
import { type CheckOption, withExecution } from './source.ts';
import { type Column, writeRows } from './table.ts';

const COLUMNS: readonly Column[] = [
  { key: 'sequence', heading: 'SEQUENCE', right: true },
  { key: 'value', heading: 'BECOMES' },
  { key: 'type', heading: 'KIND' },
  { key: 'node_id', heading: 'NODE' },
];

export function addFind(program: Command): void {
  program
    .command('find')
    .description('print the events at which a condition becomes true or false')
    .argument('<source>')
    .argument('<execution>')
    .argument('<expression>', `CEL over state, status and event, such as 'has(state.score) && state.score > 10'`, predicate)
    .option('--json', 'print on one line')
    .action(async (source: string, execution: string, expression: Predicate, { json, check }: CheckOption & { json?: true }) => {
      const { transitions, errors, firstError } = await withExecution(source, execution, (open) => transitionsAnswer(open, expression), { check });
      if (errors > 0) say(`The condition could not be evaluated ${errors} times, which counts as false: ${firstError}. has(…) tests whether a key exists.`);
      await writeRows(transitions, COLUMNS, { json });
    });
}

function predicate(expression: string): Predicate {
  const compiled = compilePredicate(expression);
  if (!compiled.ok) throw new InvalidArgumentError(`It must be a CEL expression that is true or false: ${compiled.reason}.`);
  return compiled.predicate;
}
