import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fail } from '../say.ts';
import { agentRun, type Case } from './databases.ts';
import { type Group, quantile, row, rowOf } from './measure.ts';

const ROUNDS = 3;

interface Measured {
  readonly milliseconds: number;
  /** Live megabytes: heap and buffers. */
  readonly live: number;
  /** The state at the end, to be held against the others'. */
  readonly state: string;
}

/** What other tools do: load the whole history as objects, and keep every state that it went through. */
export const peers: Group = {
  goals: ['G11'],
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    const rounds = Array.from({ length: ROUNDS }, () => ({ ours: run('ours', subject), loaded: run('load-all', subject) }));
    const redux = run('every-state', subject);
    const [first] = rounds;
    if (first === undefined || first.ours.state !== redux.state) fail('The states at the end differ; nothing was measured.');
    return [
      rowOf(
        'G11',
        `index of ${shown} events ready / load all and parse`,
        rounds.map(({ ours, loaded }) => ours.milliseconds / loaded.milliseconds),
        'x',
        0.6,
      ),
      row('G11', 'live memory with the index / with every state kept', first.ours.live / redux.live, 'x', 1 / 8),
      row(
        'G11',
        'time until the index is ready',
        quantile(
          rounds.map(({ ours }) => ours.milliseconds),
          0.5,
        ),
        'ms',
      ),
      row('G11', 'live memory with the index', first.ours.live, 'MB'),
      row('G11', 'live memory with every state kept', redux.live, 'MB'),
    ];
  },
};

/** Each in a process of its own, with as much memory as it wants. */
function run(how: string, { file, execution }: Case): Measured {
  const program = join(import.meta.dirname, 'ready.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', '--max-old-space-size=16384', program, how, file.path, execution], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) fail(`${how} failed:\n${stderr}`);
  return JSON.parse(stdout) as Measured;
}
