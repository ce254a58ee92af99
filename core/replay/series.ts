import type { Steps } from './steps.ts';

/** A number that changes at some positions of a log and stays the same in between. */
export interface Series {
  /** How many changes there are up to `position`. */
  countUpTo(position: number): number;
  /** The position of a change. Several changes at one position are one; the last of them counts. */
  positionOf(index: number): number;
  /** The value from a change on, or before the first one, which has the index -1; NaN where there is no number. */
  valueOf(index: number): number;
}

/** A series in the columns of a timeline; NaN in a column where it is not a number. */
export interface SeriesColumns {
  /** The least and the greatest value in each column. */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** The value at the end of each column. */
  readonly last: Float64Array;
}

/** The number of changes between two yields. */
const CHANGES_PER_STEP = 16 * 1024;

/**
 * The values of a series after the events of each column. A column without an event has the value of the event before it.
 *
 * @param edges column c covers positions edges[c] to edges[c + 1] - 1.
 */
export function* seriesColumns(series: Series, edges: Uint32Array): Steps<SeriesColumns> {
  const columns = edges.length - 1;
  const [low, high, last] = [new Float64Array(columns), new Float64Array(columns), new Float64Array(columns)];
  let left = CHANGES_PER_STEP;
  let from = series.countUpTo((edges[0] as number) - 1);
  for (let column = 0; column < columns; column++) {
    const to = series.countUpTo((edges[column + 1] as number) - 1);
    let [least, most] = [Number.NaN, Number.NaN];
    const include = (value: number): void => {
      if (!Number.isFinite(value)) return;
      if (!(value >= least)) least = value;
      if (!(value <= most)) most = value;
    };
    // The first event of the column may leave the value as it was.
    if (from === to || series.positionOf(from) > (edges[column] as number)) include(series.valueOf(from - 1));
    for (let index = from; index < to; index++) {
      if (index + 1 < to && series.positionOf(index + 1) === series.positionOf(index)) continue;
      include(series.valueOf(index));
      if (--left > 0) continue;
      yield;
      left = CHANGES_PER_STEP;
    }
    const end = series.valueOf(to - 1);
    [low[column], high[column], last[column]] = [least, most, Number.isFinite(end) ? end : Number.NaN];
    from = to;
  }
  return { low, high, last };
}
