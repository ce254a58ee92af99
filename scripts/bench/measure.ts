/** One line of a benchmark. */
export interface Row {
  readonly goal: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** undefined for a figure without a goal. */
  readonly target: number | undefined;
  readonly met: boolean | undefined;
  /** The lowest and the highest of the rounds. */
  readonly range?: readonly [number, number];
  /** How often it was measured. */
  readonly samples?: number;
  /** The value as a multiple of the time of a frame of an empty window. */
  readonly frames?: number;
  /** For figures that are drawn over the number of events. */
  readonly series?: string;
  readonly events?: number;
}

/** The size of the measured histories. */
export interface Size {
  readonly name: 'small' | 'full';
  /** Of the long execution. */
  readonly events: number;
  /** The same as text. */
  readonly shown: string;
}

/** Goals that are measured together in a process of their own. */
export interface Group {
  readonly goals: readonly string[];
  /** Skipped with `--size small` unless it is named: it takes long, or needs more than Node. */
  readonly onlyFull?: true;
  /** Runs without the engine's V8 flags, because it does not measure the engine. */
  readonly plainNode?: true;
  readonly measure: (size: Size) => Promise<Row[]>;
}

const ROUNDS = 5;

/** @param target the goal. @param side whether the value must be at most or at least the target. */
export function row(goal: string, what: string, value: number, unit: string, target?: number, side: 'most' | 'least' = 'most'): Row {
  const met = target === undefined ? undefined : side === 'most' ? value <= target : value >= target;
  return { goal, what, value: rounded(value), unit, target, met };
}

/** A row for the median of several rounds. */
export function rowOf(goal: string, what: string, values: readonly number[], unit: string, target?: number): Row {
  return { ...row(goal, what, quantile(values, 0.5), unit, target), range: [rounded(Math.min(...values)), rounded(Math.max(...values))] };
}

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

/** The time of `work` in milliseconds. */
export async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** The time of `candidate` divided by that of `baseline`, for each round. Both are warmed up once and run after a garbage collection. */
export async function ratios(baseline: () => Promise<unknown> | unknown, candidate: () => Promise<unknown> | unknown, rounds = ROUNDS): Promise<number[]> {
  await baseline();
  await candidate();
  const found: number[] = [];
  for (let round = 0; round < rounds; round++) {
    globalThis.gc?.();
    const base = await timed(baseline);
    globalThis.gc?.();
    found.push((await timed(candidate)) / base);
  }
  return found;
}
