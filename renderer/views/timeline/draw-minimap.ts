import type { TimelineView } from '../../../core/contract/timeline.ts';
import { prepareCanvas, themeColours } from './canvas.ts';

const HEIGHT = 26;

/** How much is left of the colour of what the filter's categories leave out. */
export const DIMMED = 0.2;

/**
 * Draws the whole run: a bar for each column, coloured by category.
 *
 * @param chosen the categories that are not dimmed; all of them if there is none.
 */
export function drawMinimap(canvas: HTMLCanvasElement, view: TimelineView | undefined, width: number, last: number, chosen: readonly string[]): void {
  const alphaOf = (category: string): number => (chosen.length === 0 || chosen.includes(category) ? 1 : DIMMED);
  const colour = themeColours();
  const g = prepareCanvas(canvas, width, HEIGHT);
  g.fillStyle = colour('bg-2');
  g.fillRect(0, 0, width, HEIGHT);
  if (view !== undefined) {
    const kinds = view.categories.length;
    const usual = middleOf(view.bytes);
    const step = width / view.columns;
    for (let column = 0; column < view.columns; column++) {
      const total = columnTotal(view, column);
      if (total === 0) continue;
      let y = HEIGHT;
      // The median is half the height and four times the median is full height, so that peaks are visible in runs of any size.
      const height = Math.max(3, Math.min(1, 0.5 * Math.sqrt((view.bytes[column] as number) / usual)) * (HEIGHT - 3));
      for (let kind = 0; kind < kinds; kind++) {
        const share = ((view.counts[column * kinds + kind] as number) / total) * height;
        if (share === 0) continue;
        g.fillStyle = colour(`cat-${view.categories[kind]}`);
        g.globalAlpha = alphaOf(view.categories[kind] as string);
        g.fillRect(column * step, y - share, Math.max(1, step - 1), share);
        y -= share;
      }
    }
    for (const category of ['human', 'failure'] as const) {
      g.globalAlpha = alphaOf(category);
      drawStrip(g, colour(`cat-${category}`), view, category, width);
    }
    g.globalAlpha = 1;
    g.fillStyle = colour('removed-soft');
    for (const [from, to] of view.gaps) g.fillRect((from / (last + 1)) * width, 0, Math.max(2, ((to - from + 1) / (last + 1)) * width), HEIGHT);
  }
}

/**
 * Events that must not be overlooked have a strip of their own, in which each column with one has a mark: failures are
 * triangles at the top, decisions of people are diamonds below them.
 */
function drawStrip(g: CanvasRenderingContext2D, ink: string, view: TimelineView, category: 'failure' | 'human', width: number): void {
  const kind = view.categories.indexOf(category);
  g.fillStyle = ink;
  g.beginPath();
  for (let column = 0; column < view.columns; column++) {
    if (view.counts[column * view.categories.length + kind] === 0) continue;
    const x = ((column + 0.5) * width) / view.columns;
    if (category === 'failure') drawPolygon(g, [x - 3, 1], [x + 3, 1], [x, 6]);
    else drawPolygon(g, [x, 6], [x + 3, 9], [x, 12], [x - 3, 9]);
  }
  g.fill();
}

function drawPolygon(g: CanvasRenderingContext2D, ...corners: readonly (readonly [x: number, y: number])[]): void {
  for (const [i, [x, y]] of corners.entries()) {
    if (i === 0) g.moveTo(x, y);
    else g.lineTo(x, y);
  }
  g.closePath();
}

/** The median of the positive values; 1 when there are none. */
function middleOf(values: Float64Array): number {
  const present = values.filter((value) => value > 0).sort();
  return present[Math.floor(present.length / 2)] ?? 1;
}

function columnTotal(view: TimelineView, column: number): number {
  let total = 0;
  for (let kind = 0; kind < view.categories.length; kind++) total += view.counts[column * view.categories.length + kind] as number;
  return total;
}
