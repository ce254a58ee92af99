import type { TimelineView } from '../../../core/contract/timeline.ts';

/** Draws the timeline. The engine provides the data, the caller the layout. */

export const LANE = 18;

/** The most lanes that leave enough room for the panels below. */
export function maxLanesFor(windowHeight: number): number {
  return Math.max(6, Math.min(14, Math.floor((windowHeight - 660) / LANE)));
}

const OVERVIEW_HEIGHT = 26;
const AXIS = 22;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** The colours of the current theme. */
function palette(): (name: string) => string {
  const style = getComputedStyle(document.documentElement);
  return (name) => style.getPropertyValue(`--${name}`).trim();
}

function prepare(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D {
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.scale(ratio, ratio);
  return context;
}

/** Draws the whole run: a bar for each column, coloured by category, and a frame around the range of the lanes. */
export function drawOverview(canvas: HTMLCanvasElement, view: TimelineView | undefined, width: number, shown: Range, last: number): void {
  const colour = palette();
  const g = prepare(canvas, width, OVERVIEW_HEIGHT);
  g.fillStyle = colour('bg-2');
  g.fillRect(0, 0, width, OVERVIEW_HEIGHT);
  if (view !== undefined) {
    const kinds = view.categories.length;
    const usual = middleOf(view.bytes);
    const step = width / view.columns;
    for (let column = 0; column < view.columns; column++) {
      const total = columnTotal(view, column);
      if (total === 0) continue;
      let y = OVERVIEW_HEIGHT;
      // The median is half the height and four times the median is full height, so that peaks are visible in runs of any size.
      const height = Math.max(3, Math.min(1, 0.5 * Math.sqrt((view.bytes[column] as number) / usual)) * (OVERVIEW_HEIGHT - 3));
      for (let kind = 0; kind < kinds; kind++) {
        const share = ((view.counts[column * kinds + kind] as number) / total) * height;
        if (share === 0) continue;
        g.fillStyle = colour(`cat-${view.categories[kind]}`);
        g.fillRect(column * step, y - share, Math.max(1, step - 1), share);
        y -= share;
      }
    }
    g.fillStyle = colour('removed-soft');
    for (const [from, to] of view.gaps) g.fillRect((from / (last + 1)) * width, 0, Math.max(2, ((to - from + 1) / (last + 1)) * width), OVERVIEW_HEIGHT);
  }
  g.strokeStyle = colour('accent');
  const x = (shown.from / (last + 1)) * width;
  g.strokeRect(x + 0.5, 0.5, Math.max(3, ((shown.to - shown.from + 1) / (last + 1)) * width) - 1, OVERVIEW_HEIGHT - 1);
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

export interface LanesDrawing {
  readonly detail: TimelineView | undefined;
  readonly lanes: TimelineView['lanes'];
  readonly left: number;
  readonly width: number;
  readonly shown: Range;
}

export function drawLanes(canvas: HTMLCanvasElement, { detail, lanes, left, width, shown }: LanesDrawing): void {
  const colour = palette();
  const height = Math.max(1, lanes.length) * LANE + AXIS;
  const g = prepare(canvas, left + width, height);
  const span = shown.to - shown.from + 1;
  const xOf = (at: number): number => left + ((at - shown.from) / span) * width;

  for (const [row] of lanes.entries()) {
    g.fillStyle = colour('bg-2');
    g.fillRect(left, row * LANE + 2, width, LANE - 5);
  }
  drawAxis(g, colour, shown, xOf, height);
  if (detail === undefined) return;
  g.fillStyle = colour('removed-soft');
  for (const [from, to] of detail.gaps) g.fillRect(xOf(from), 0, Math.max(2, xOf(to + 1) - xOf(from)), height - AXIS);
  const colours = { completed: colour('cat-node'), failed: colour('cat-failure'), waiting: colour('cat-human'), open: colour('cat-node') };
  for (const [row, lane] of lanes.entries()) {
    for (const { from, to, outcome } of lane.stretches) {
      const start = Math.max(left, xOf(from) + 1);
      const end = Math.min(left + width, Math.max(start + 3, xOf(to + 1) - 1));
      g.globalAlpha = 0.85;
      g.fillStyle = colours[outcome];
      g.beginPath();
      g.roundRect(start, row * LANE + 4, end - start, LANE - 9, 3);
      if (outcome === 'open') {
        g.strokeStyle = colours.open;
        g.stroke();
        g.globalAlpha = 0.25;
      }
      g.fill();
      if (outcome === 'failed') drawCross(g, colour('bg-1'), (start + end) / 2, row * LANE + LANE / 2 - 0.5, end - start);
    }
  }
  g.globalAlpha = 1;
}

/** A failure is a red bar with a cross, so that it is not marked by colour alone. */
function drawCross(g: CanvasRenderingContext2D, colour: string, x: number, y: number, width: number): void {
  if (width < 8) return;
  g.strokeStyle = colour;
  g.lineWidth = 1.5;
  g.beginPath();
  g.moveTo(x - 2.5, y - 2.5);
  g.lineTo(x + 2.5, y + 2.5);
  g.moveTo(x + 2.5, y - 2.5);
  g.lineTo(x - 2.5, y + 2.5);
  g.stroke();
  g.lineWidth = 1;
}

function drawAxis(g: CanvasRenderingContext2D, colour: (name: string) => string, shown: Range, xOf: (at: number) => number, height: number): void {
  const span = shown.to - shown.from + 1;
  const step = roundStep(span / 9);
  g.font = '11px "Inter Variable"';
  for (let at = Math.ceil(shown.from / step) * step; at <= shown.to; at += step) {
    const x = Math.round(xOf(at + 0.5));
    g.fillStyle = colour('line');
    g.fillRect(x, 0, 1, height - AXIS + 4);
    g.fillStyle = colour('fg-3');
    const label = `#${at}`;
    g.fillText(label, Math.min(x + 4, xOf(shown.to + 1) - g.measureText(label).width), height - 7);
  }
}

/** The smallest 1, 2 or 5 times a power of ten that is at least `minimum`. */
function roundStep(minimum: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, minimum)));
  return Math.max(1, [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= minimum) ?? power);
}
