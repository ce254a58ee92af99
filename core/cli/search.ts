import type { Command } from 'commander';
import { searchAnswer } from '../debugger/answers/search.ts';
import { searchProblem } from '../debugger/search-thread.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import { wholeNumber } from './arguments.ts';
import { say, writeValue } from './output.ts';
import { type CheckOption, withUnread } from './source.ts';
import { type Column, isForPeople, writeRows } from './table.ts';

const COLUMNS: readonly Column[] = [
  { key: 'sequence', heading: 'SEQUENCE', right: true },
  { key: 'type', heading: 'KIND' },
  { key: 'node_id', heading: 'NODE', max: 24 },
  { key: 'path', heading: 'PATH', max: 30 },
  { key: 'before', heading: 'BEFORE', max: 24 },
  { key: 'found', heading: 'FOUND', max: 40 },
  { key: 'after', heading: 'AFTER' },
];

interface SearchOptions extends CheckOption {
  readonly regex?: true;
  readonly case?: true;
  readonly word?: true;
  readonly limit: number;
  readonly json?: true;
}

export function addSearch(program: Command): void {
  program
    .command('search')
    .description('print where a text occurs in the events of an execution, as JSON lines')
    .argument('<source>')
    .argument('<execution>')
    .argument('<text>', 'the text to search for in keys and values')
    .option('--regex', 'the text is a regular expression')
    .option('--case', 'match upper and lower case')
    .option('--word', 'match whole words only')
    .option('--limit <count>', 'the number of hits to print; all are counted', wholeNumber, 100)
    .option('--json', 'print one object with the counts instead')
    .action(async (source: string, execution: string, text: string, options: SearchOptions, command: Command) => {
      const query = { text, regex: options.regex === true, matchCase: options.case === true, wholeWord: options.word === true };
      const problem = searchProblem(query);
      if (problem !== undefined) command.error(`error: this cannot be searched for: ${problem}`);
      await withUnread(
        source,
        execution,
        async (open) => {
          const results: Plain[] = [];
          let [total, events] = [0, 0];
          for await (const part of searchAnswer(open, query, options.limit)) {
            ({ total, events } = part);
            for (const hit of part.hits) {
              if (options.json || isForPeople(options)) results.push(hit);
              else await writeValue(fromPlain(hit), { compact: true });
            }
          }
          if (isForPeople(options)) await writeRows(results, COLUMNS, options);
          if (options.json) return writeValue(fromPlain({ hits: total, events, results }), { compact: true });
          const more = total > options.limit ? `; ${options.limit.toLocaleString('en')} shown` : '';
          say(`${total.toLocaleString('en')} ${total === 1 ? 'hit' : 'hits'} in ${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'}${more}.`);
        },
        options,
      );
    });
}
