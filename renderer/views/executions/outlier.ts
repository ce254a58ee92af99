import type { Middle } from '../../../core/contract/executions.ts';

/** The usual limit for scores that rest on the median (Iglewicz and Hoaglin, 1993). */
const FAR = 3.5;

/** Whether a number is far above what is usual: more than 3.5 spreads above the median, and at least twice it. */
export function isOutlier(value: number, { median, spread }: Middle): boolean {
  return value > median + FAR * spread && value >= 2 * median && value > 0;
}
