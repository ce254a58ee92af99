/** One line of a benchmark. */
export interface Row {
  readonly goal: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** undefined: a figure without a goal. */
  readonly target: number | undefined;
  readonly met: boolean | undefined;
  /** The lowest and the highest of the rounds. */
  readonly range?: readonly [number, number];
  /** Of figures that are drawn over the number of events. */
  readonly series?: string;
  readonly events?: number;
}

/** How large the histories are that are measured. */
export interface Size {
  readonly name: 'small' | 'full';
  /** Of the long run. */
  readonly events: number;
  /** The goals hold for a million; of fewer events they are only shown. */
  readonly shown: string;
}

/** Some goals that are measured together, in a process of their own. */
export interface Group {
  readonly goals: readonly string[];
  /** Left out of a small run that nobody asked for by name: it takes long, or needs what a plain machine lacks. */
  readonly onlyFull?: true;
  /** It has nothing of the engine in it: V8 is left as it is. */
  readonly plainNode?: true;
  readonly measure: (size: Size) => Promise<Row[]>;
}

/** Rounds of one and the other in turns; the value is the median of the rounds. */
const ROUNDS = 5;

/** @param target at most, or with `least` at least. */
export function row(goal: string, what: string, value: number, unit: string, target?: number, side: 'most' | 'least' = 'most'): Row {
  const met = target === undefined ? undefined : side === 'most' ? value <= target : value >= target;
  return { goal, what, value: rounded(value), unit, target, met };
}

/** The same of several rounds: their median counts. */
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

/** Milliseconds. */
export async function timed(work: () => Promise<unknown> | unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** How long `candidate` takes, in times of `baseline`: both in each round, after a collection of garbage, and once before to warm up. */
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
