import './sparkline.css';

interface SparklineProps {
  readonly points: readonly { readonly sequence: number; readonly value: number | null }[];
  /** The last sequence of the log. */
  readonly last: number;
  /** The cursor. */
  readonly at: number;
  readonly height: number;
}

const WIDTH = 300;

/** The course of a value over the whole log, which keeps each value until the next change. Where it is not a number there is a gap; marks show when it changed. */
export function Sparkline({ points, last, at, height }: SparklineProps) {
  const values = points.flatMap(({ value }) => (value === null || !Number.isFinite(value) ? [] : [value]));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const xOf = (sequence: number): number => (sequence / Math.max(1, last)) * WIDTH;
  const yOf = (value: number): number => (high === low ? height / 2 : 2 + (1 - (value - low) / (high - low)) * (height - 4));
  let path = '';
  let drawing = false;
  for (const [i, { sequence, value }] of points.entries()) {
    if (value === null || !Number.isFinite(value)) {
      drawing = false;
      continue;
    }
    path += drawing ? `V${yOf(value)}` : `M${xOf(sequence)} ${yOf(value)}`;
    path += `H${xOf(points[i + 1]?.sequence ?? last)}`;
    drawing = true;
  }
  return (
    <svg className="sparkline" viewBox={`0 0 ${WIDTH} ${height}`} preserveAspectRatio="none" style={{ height }} aria-hidden="true">
      {values.length === 0 && points.map(({ sequence }) => <path key={sequence} d={`M${xOf(sequence)} ${height * 0.25}V${height * 0.75}`} />)}
      <path d={path} />
      <path className="sparkline-at" d={`M${xOf(at)} 0V${height}`} />
    </svg>
  );
}
