import type { Middle, UsualRun } from '../contract/executions.ts';
import type { Definitions } from '../explain/causes.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import type { Source } from '../source/port.ts';
import type { Pause } from './pacing.ts';
import { runDigest } from './run-digest.ts';

/** So many runs are read to say what is usual. */
const RUNS = 100;
/** Fewer say nothing. */
const MIN_RUNS = 5;
/** By which a median and a mean of distances equal the standard deviation of a normal distribution. */
const SCALE = { median: 1.4826, mean: 1.2533 } as const;

/** What is usual for a workflow, from its newest runs that completed. Logs that are too long for a list are left out of tokens and retries. */
export async function usualRun(source: Source, workflow: string, definitions: Definitions, pause: Pause, signal?: AbortSignal): Promise<UsualRun> {
  const { rows } = await source.executions({ workflow, status: 'completed', sort: 'started', descending: true, offset: 0, limit: RUNS }, signal);
  const [tokens, retries]: [number[], number[]] = [[], []];
  for (const row of rows) {
    const digest = await runDigest(source, row, definitions, signal);
    if (digest !== null) {
      tokens.push(digest.tokens);
      retries.push(digest.retries);
    }
    await pause();
    signal?.throwIfAborted();
  }
  const durations = rows.map(({ startedAt, updatedAt }) => millisecondsOf(updatedAt) - millisecondsOf(startedAt)).filter(Number.isFinite);
  const events = rows.map((row) => row.events);
  return { runs: rows.length, duration: middleOf(durations), events: middleOf(events), tokens: middleOf(tokens), retries: middleOf(retries) };
}

/** @returns null when there are too few numbers. */
export function middleOf(numbers: readonly number[]): Middle | null {
  if (numbers.length < MIN_RUNS) return null;
  const median = medianOf(numbers);
  const distances = numbers.map((number) => Math.abs(number - median));
  const spread = SCALE.median * medianOf(distances);
  // When more than half of the numbers are equal, the mean still tells of the others.
  return { median, spread: spread > 0 ? spread : (SCALE.mean * distances.reduce((sum, distance) => sum + distance, 0)) / distances.length };
}

function medianOf(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[half - 1] as number, sorted[half] as number];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
