/** One line of a benchmark. */
export interface Row {
  readonly goal: string;
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** undefined: a figure without a goal. */
  readonly target: number | undefined;
  readonly met: boolean | undefined;
}

/** @param target at most, or with `least` at least. */
export function row(goal: string, what: string, value: number, unit: string, target?: number, side: 'most' | 'least' = 'most'): Row {
  const met = target === undefined ? undefined : side === 'most' ? value <= target : value >= target;
  return { goal, what, value: Number(value.toPrecision(4)), unit, target, met };
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
