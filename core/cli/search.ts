import type { Command } from 'commander';
import { searchEvents, searchProblem } from '../debugger/search.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import type { Hit } from '../replay/search.ts';
import { wholeNumber } from './arguments.ts';
import { say, writeValue } from './output.ts';
import { withUnread } from './source.ts';

interface SearchOptions {
  readonly regex?: true;
  readonly case?: true;
  readonly word?: true;
  readonly limit: number;
  readonly json?: true;
}

export function addSearch(program: Command): void {
  program
    .command('search')
    .description('print where a text stands in the events of an execution, as JSON lines')
    .argument('<source>')
    .argument('<execution>')
    .argument('<text>', 'what to look for in keys and values')
    .option('--regex', 'it is a regular expression')
    .option('--case', 'capital and small letters differ')
    .option('--word', 'only whole words')
    .option('--limit <count>', 'so many are printed; all are counted', wholeNumber, 100)
    .option('--json', 'print one object with the counts instead')
    .action(async (source: string, execution: string, text: string, options: SearchOptions, command: Command) => {
      const query = { text, regex: options.regex === true, matchCase: options.case === true, wholeWord: options.word === true };
      const problem = searchProblem(query);
      if (problem !== undefined) command.error(`error: this cannot be searched for: ${problem}`);
      await withUnread(source, execution, async (open) => {
        const results: Plain[] = [];
        let [hits, events] = [0, 0];
        for await (const part of searchEvents(open, query, { most: options.limit })) {
          hits += part.count;
          events += part.events;
          for (const hit of part.hits) {
            if (options.json) results.push(hitJson(hit));
            else await writeValue(fromPlain(hitJson(hit)), { compact: true });
          }
        }
        if (options.json) return writeValue(fromPlain({ hits, events, results }), { compact: true });
        const more = hits > options.limit ? `; ${options.limit.toLocaleString('en')} shown` : '';
        say(`${hits.toLocaleString('en')} ${hits === 1 ? 'hit' : 'hits'} in ${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'}${more}.`);
      });
    });
}

function hitJson({ sequence, type, nodeId, path, inKey, before, found, after }: Hit): { readonly [name: string]: Plain } {
  return { sequence, type, node_id: nodeId, path, in: inKey ? 'key' : 'value', before, found, after };
}
