import { type Command, Option } from 'commander';
import { explainedRun } from '../debugger/explained-run.ts';
import { type StoryLine, storyLine, storyOf, storyText } from '../explain/story.ts';
import { writeForReading } from './output.ts';
import { type CheckOption, withExecution } from './source.ts';

interface StoryOptions extends CheckOption {
  readonly markdown?: true;
  readonly json?: true;
}

export function addStory(program: Command): void {
  program
    .command('story')
    .description('print an execution as a story: one line for each turn or step')
    .argument('<source>')
    .argument('<execution>')
    .option('--json', 'print one JSON object a line')
    .addOption(new Option('--markdown', 'print a list in Markdown').conflicts('json'))
    .action(async (source: string, execution: string, { markdown, json, check }: StoryOptions) => {
      const print = async (line: StoryLine): Promise<void> => {
        const form = json ? 'jsonl' : markdown && 'markdown';
        await writeForReading(form === undefined ? `${rangeOf(line)}  ${storyText(line)}\n` : storyLine(line, form));
      };
      await withExecution(
        source,
        execution,
        async (open) => {
          for await (const line of storyOf(await explainedRun(open))) await print(line);
        },
        { check },
      );
    });
}

function rangeOf({ from, to }: StoryLine): string {
  return (from === to ? `#${from}` : `#${from}–${to}`).padEnd(11);
}
