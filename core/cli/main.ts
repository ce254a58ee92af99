#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import { explain, type Fault, FaultError } from '../fault.ts';
import { addAudit } from './audit.ts';
import { addBlame } from './blame.ts';
import { addCompletion } from './completion.ts';
import { addCosts } from './costs.ts';
import { addDiff } from './diff.ts';
import { addEvents } from './events.ts';
import { EXAMPLES } from './examples.ts';
import { addExecutions } from './executions.ts';
import { addExport } from './export.ts';
import { addFind } from './find.ts';
import { say } from './output.ts';
import { addSearch } from './search.ts';
import { addSent } from './sent.ts';
import { addSnapshots } from './snapshots.ts';
import { addState } from './state.ts';
import { addStory } from './story.ts';
import { addTail } from './tail.ts';
import { addWhy } from './why.ts';

/** Exit codes: 0 success · 1 a broken audit log · 2 wrong usage · 3 a Fault · 130 interrupted. */
const WRONG_USAGE = 2;
const FAULT = 3;

/** On older versions the database driver crashes the process without a message. */
const OLDEST_NODE = [22, 14] as const;

const CHECK = 'compare the index of the database with its tables first, as is always done up to 64 MB';

async function main(): Promise<void> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    say(`hindsight needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}. Install a newer one and run it again.`);
    process.exitCode = FAULT;
    return;
  }
  // A reader that closes the pipe early, such as `head`, is not a failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') say(`The output could not be written: ${error.code === 'ENOSPC' ? 'the disk is full' : error.message}.`);
    process.exit(error.code === 'EPIPE' ? 0 : FAULT);
  });

  const program = new Command('hindsight').description(packageJson.description).version(packageJson.version).exitOverride();
  for (const add of [
    addExecutions,
    addEvents,
    addState,
    addSnapshots,
    addDiff,
    addBlame,
    addFind,
    addSearch,
    addCosts,
    addSent,
    addWhy,
    addStory,
    addAudit,
    addTail,
    addExport,
    addCompletion,
  ])
    add(program);
  for (const command of program.commands) {
    command.exitOverride();
    command.addHelpText('after', `\nExamples:\n${EXAMPLES[command.name()]?.map((example) => `  hindsight ${example}\n`).join('')}`);
    if (command.registeredArguments.some((argument) => argument.name() === 'execution')) command.option('--check', CHECK);
  }
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): number {
  // Commander has already printed the error or the help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
  const fault: Fault = error instanceof FaultError ? error.fault : { kind: 'internal', detail: error instanceof Error ? error.message : String(error) };
  say(explain(fault));
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify({ fault })}\n`);
  return FAULT;
}

void main();
