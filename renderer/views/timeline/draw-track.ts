import type { TimelineTrack } from '../../../core/contract/timeline.ts';
import { prepareCanvas, themeColours } from './canvas.ts';
import type { Scale } from './scale.ts';

/** The height of a track and what is free above and below its line, in pixels. */
export const TRACK = 30;
const MARGIN = 4;
const LINE = 1.5;

/**
 * Draws a number over the range on screen: in each column a bar from its least to its greatest value, which joins the column
 * before it. What is filled below the line grows from the least value in the range.
 */
export function drawTrack(canvas: HTMLCanvasElement, { low, high, last, partFrom }: TimelineTrack, scale: Scale, placeOf: (column: number) => number): void {
  const colour = themeColours();
  const g = prepareCanvas(canvas, scale.width, TRACK);
  g.fillStyle = colour('bg-2');
  g.fillRect(0, 2, scale.width, TRACK - 3);
  g.fillStyle = colour('line');
  for (const { x } of scale.ticks) g.fillRect(x, 0, 1, TRACK);
  const [least, most] = extremes(low, high);
  const yOf = (value: number): number => (most > least ? MARGIN + (1 - (value - least) / (most - least)) * (TRACK - 2 * MARGIN) : TRACK / 2);
  const isPart = (x: number): boolean => partFrom !== null && x >= scale.startOf(partFrom);
  const area = new Path2D();
  const hatched = new Path2D();
  const line = new Path2D();
  let before = Number.NaN;
  for (let column = 0; column < last.length; column++) {
    const [bottom, top, end] = [low[column] as number, high[column] as number, last[column] as number];
    const [x, width] = [placeOf(column), placeOf(column + 1) - placeOf(column)];
    if (!Number.isNaN(bottom)) {
      // A vertical line to the value of the column before.
      const [from, to] = [yOf(Number.isNaN(before) ? top : Math.max(top, before)), yOf(Number.isNaN(before) ? bottom : Math.min(bottom, before))];
      line.rect(x, from - LINE / 2, Math.max(LINE, width), to - from + LINE);
      if (!Number.isNaN(end)) (isPart(x) ? hatched : area).rect(x, yOf(end), width, TRACK - 1 - yOf(end));
    }
    before = end;
  }
  g.fillStyle = colour('line-strong');
  g.globalAlpha = 0.5;
  g.fill(area);
  g.globalAlpha = 1;
  hatch(g, colour('fg-3'), hatched, scale.width);
  g.fillStyle = colour('fg-2');
  g.fill(line);
}

function extremes(low: Float64Array, high: Float64Array): readonly [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of low) if (value < least) least = value;
  for (const value of high) if (value > most) most = value;
  return [least, most];
}

function hatch(g: CanvasRenderingContext2D, ink: string, area: Path2D, width: number): void {
  g.save();
  g.clip(area);
  g.strokeStyle = ink;
  g.globalAlpha = 0.5;
  g.beginPath();
  for (let x = -TRACK; x < width; x += 5) {
    g.moveTo(x, TRACK);
    g.lineTo(x + TRACK, 0);
  }
  g.stroke();
  g.restore();
}
