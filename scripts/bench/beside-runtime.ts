import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { isObject, type Json } from '../../core/json/value.ts';
import { equalAsRuntimeReads } from '../../core/replay/recovery.ts';
import { ENGINE_FLAGS } from '../../electron/engine-flags.ts';
import { runtimeProgram } from '../runtime.ts';
import { fail, say } from '../say.ts';
import { agentRun } from './databases.ts';
import { type Group, row, rowOf } from './measure.ts';
import { indexed } from './subject.ts';

const ROUNDS = 3;

interface Ready {
  readonly seconds: number;
  readonly peak: number;
}

/** Compares with the published runtime, which reads and folds the same file in the same run. Needs cargo. */
export const besideRuntime: Group = {
  goals: ['G14'],
  onlyFull: true,
  async measure({ events, shown }) {
    const program = runtimeProgram('0.5.0');
    if (program === undefined) {
      say('G14 needs cargo, which is not installed.');
      return [];
    }
    const { file, execution } = await agentRun(events);
    const folder = mkdtempSync(join(tmpdir(), 'hindsight-bench-'));
    // The runtime opens the file for writing, so it gets a copy.
    const copy = join(folder, 'runtime.db');
    copyFileSync(file.path, copy);
    // Otherwise the system would still be writing the copy during the measurement.
    const descriptor = openSync(copy, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
    const expected = (await last({ file, execution })) as Json;
    const measureRuntime = (): Ready => {
      const answer = parseJson(output(program, ['materialize', copy, execution]));
      if (!isObject(answer) || !equalAsRuntimeReads(expected, answer.get('state') as Json)) fail('The runtime has another state; nothing was measured.');
      const peak = Number(/\d+/.exec(String(answer.get('peak')))?.[0]) / 1024;
      return { seconds: Number(printJson(answer.get('seconds') as Json)), peak };
    };
    const measureIndex = (): Ready => {
      const { milliseconds, peak } = JSON.parse(
        output(process.execPath, [...ENGINE_FLAGS, join(import.meta.dirname, 'ready.ts'), 'index', file.path, execution]),
      ) as { milliseconds: number; peak: number };
      return { seconds: milliseconds / 1000, peak };
    };
    try {
      const rounds = Array.from({ length: ROUNDS }, () => ({ runtime: measureRuntime(), index: measureIndex() }));
      return [
        rowOf(
          'G14',
          `history ready and state at the end, ${shown} events / the runtime's own`,
          rounds.map((round) => round.index.seconds / round.runtime.seconds),
          'x',
          1 / 4,
        ),
        rowOf(
          'G14',
          'peak memory / the runtime’s own',
          rounds.map((round) => round.index.peak / round.runtime.peak),
          'x',
          1 / 6,
        ),
        row('G14', 'the runtime: read and fold', rounds[0]?.runtime.seconds ?? 0, 's'),
        row('G14', 'the runtime: peak memory', rounds[0]?.runtime.peak ?? 0, 'MB'),
      ];
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};

async function last(subject: Parameters<typeof indexed>[0]): Promise<Json> {
  const execution = await indexed(subject);
  return execution.history.stateAt(execution.history.count - 1);
}

function output(program: string, args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (status !== 0) fail(`${program} failed:\n${stderr}`);
  return stdout;
}
