import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fail } from '../say.ts';
import { agentRun, type Case } from './databases.ts';
import { type Group, quantile, row, rowOf } from './measure.ts';

const ROUNDS = 3;

interface Measured {
  readonly milliseconds: number;
  /** Megabytes of heap and buffers after a garbage collection. */
  readonly live: number;
  /** A hash of the state at the end. */
  readonly state: string;
}

/** Compares the index with what other tools do: loading all events as objects, and keeping every state. */
export const peers: Group = {
  goals: ['G11'],
  async measure({ events, shown }) {
    const subject = await agentRun(events);
    const rounds = Array.from({ length: ROUNDS }, () => ({ index: run('index', subject), loaded: run('load-all', subject) }));
    const everyState = run('every-state', subject);
    const [first] = rounds;
    if (first === undefined || first.index.state !== everyState.state) fail('The states at the end differ; nothing was measured.');
    return [
      rowOf(
        'G11',
        `index of ${shown} events ready / load all and parse`,
        rounds.map(({ index, loaded }) => index.milliseconds / loaded.milliseconds),
        'x',
        0.6,
      ),
      row('G11', 'live memory with the index / with every state kept', first.index.live / everyState.live, 'x', 1 / 8),
      row(
        'G11',
        'time until the index is ready',
        quantile(
          rounds.map(({ index }) => index.milliseconds),
          0.5,
        ),
        'ms',
      ),
      row('G11', 'live memory with the index', first.index.live, 'MB'),
      row('G11', 'live memory with every state kept', everyState.live, 'MB'),
    ];
  },
};

/** Runs ready.ts in a process of its own, with enough memory. */
function run(how: string, { file, execution }: Case): Measured {
  const program = join(import.meta.dirname, 'ready.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--expose-gc', '--max-old-space-size=16384', program, how, file.path, execution], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (status !== 0) fail(`${how} failed:\n${stderr}`);
  return JSON.parse(stdout) as Measured;
}
