import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { EngineRequests } from '../../core/contract/contract.ts';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import { eachMoment } from '../../core/debugger/answers/moments.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { FaultError } from '../../core/fault.ts';
import { printJson } from '../../core/json/print.ts';
import { openSource } from '../../core/source/open.ts';
import { discardSource, prepareSource, type SourceSpec } from '../../core/source/spec.ts';
import type { WireClient } from '../../core/wire/client.ts';
import { Random } from '../../scripts/sample/random.ts';
import { brokenInTheMiddle } from './damaged.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const LONG = 20_000;
const MOVES = 60;
const LINES = 500;

/** The engine of the scenario, wherever it runs. */
export interface EnginePlace {
  readonly ask: WireClient<EngineRequests>['ask'];
  /** @returns the id under which it is open. */
  readonly open: (spec: SourceSpec) => Promise<number>;
  readonly close: (source: number) => Promise<void>;
  readonly updates: readonly TaskUpdate[];
}

/** The numbers of answers. Each answer has been compared with the expected one. */
export interface Outcome {
  /** Frames by execution and basis. */
  readonly frames: Readonly<Record<string, number>>;
  /** Faults, by execution and kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** Answers that are wrong or belong to another request. */
  readonly wrong: readonly string[];
  /** Tasks that were still running when everything was closed. */
  readonly stillRunning: readonly TaskUpdate[];
}

interface Subject {
  readonly source: number;
  readonly execution: string;
  readonly last: number;
  readonly states: ReadonlyMap<number, string>;
}

/**
 * Three sources (two files and one in memory) and six executions in one engine, all scrubbed at once, while one source is
 * closed, one execution is being indexed and one is damaged in the middle.
 *
 * @param folder for temporary files.
 */
export async function scrubManyAtOnce({ ask, open, close, updates }: EnginePlace, folder: string, seed: number): Promise<Outcome> {
  const sample = join(folder, 'sample.db');
  copyFileSync(SAMPLE, sample);
  const damaged = join(folder, 'damaged.db');
  brokenInTheMiddle(damaged, LONG);
  const specs: readonly (readonly [SourceSpec, readonly string[]])[] = [
    [{ kind: 'sqlite', path: sample }, ['9f31', '6a90', '77b0']],
    [{ kind: 'sqlite', path: damaged }, ['long', 'run']],
    [{ kind: 'example' }, ['00000000']],
  ];
  const subjects: Subject[] = [];
  const sources: number[] = [];
  for (const [spec, executions] of specs) {
    const source = await open(spec);
    sources.push(source);
    for (const execution of executions) subjects.push({ source, ...(await referenceOf(spec, execution)) });
  }

  const frames: Record<string, number> = {};
  const faults: Record<string, number> = {};
  const wrong: string[] = [];
  const count = (into: Record<string, number>, key: string): void => {
    into[key] = (into[key] ?? 0) + 1;
  };
  const scrub = async ({ source, execution, last, states }: Subject, random: Random): Promise<void> => {
    const name = execution.slice(0, 4);
    const opened = await ask('executions.open', { source, execution });
    if (!opened.ok) return count(faults, `${name} ${opened.fault.kind}`);
    for (let move = 0; move < MOVES; move++) {
      const sequence = random.between(0, last);
      const at = { source, execution, sequence, reading: 'replay' as const };
      const [frame, value] = await Promise.all([
        ask('frame.at', { ...at, want: { text: { from: 0, count: LINES } } }),
        move % 4 === 0 ? ask('values.text', { ...at, pointer: '' }) : undefined,
      ]);
      const expected = states.get(sequence);
      if (value?.ok && value.value.text !== expected) wrong.push(`${name} ${sequence}: values.text`);
      if (value?.ok === false) count(faults, `${name} ${value.fault.kind}`);
      if (!frame.ok) {
        count(faults, `${name} ${frame.fault.kind}`);
        continue;
      }
      const { source: from, execution: of, sequence: where, basis, slices } = frame.value;
      count(frames, `${name} ${basis}`);
      if (from !== source || of !== execution || where !== sequence) wrong.push(`${name} ${sequence}: the frame of ${from} ${of} ${where}`);
      if (basis === 'index' && slices.text?.lines.join('\n') !== expected) wrong.push(`${name} ${sequence}: text`);
    }
  };
  const scrubbed = Promise.all(subjects.map((subject, i) => scrub(subject, new Random(seed + i))));
  // One source is closed while it is scrubbed.
  for (let i = 0; i < 20; i++) await setImmediate();
  await close(sources[2] as number);
  await scrubbed;
  for (const source of sources.slice(0, 2)) await close(source);
  // Tasks of a closed source must end soon.
  for (let i = 0; i < 50; i++) await ask('tasks.cancel', { task: 0 });
  const newest = new Map(updates.map((update) => [update.task, update]));
  return { frames, faults, wrong, stillRunning: [...newest.values()].filter(({ state }) => state === 'running') };
}

/** The text of the state at every sequence, by the reference fold, up to where the log cannot be read. */
async function referenceOf(spec: SourceSpec, text: string): Promise<Omit<Subject, 'source'>> {
  const prepared = await prepareSource(spec);
  const source = await openSource(prepared);
  const [id = text] = await source.resolve(text, 1);
  const execution = await OpenExecution.open(source, id);
  const states = new Map<number, string>();
  try {
    for await (const { atSequence, currentState } of eachMoment(execution, 'replay', 0, execution.lastSequence)) {
      // The state does not change in a gap.
      for (let missing = states.size; missing < atSequence; missing++) states.set(missing, states.get(missing - 1) ?? '');
      states.set(atSequence, printJson(currentState, { pretty: true, sorted: true }));
    }
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
  }
  source.close();
  await discardSource(prepared);
  return { execution: id, last: execution.lastSequence, states };
}
