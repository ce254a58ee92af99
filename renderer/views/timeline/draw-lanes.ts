import type { TimelineLane, TimelineView } from '../../../core/contract/timeline.ts';
import { type Colours, prepareCanvas, themeColours } from './canvas.ts';
import { DIMMED } from './draw-minimap.ts';
import type { Scale } from './scale.ts';

/** The height of a lane, in pixels. */
export const LANE = 18;
export const AXIS = 22;
/** The place of a bar in its lane. */
const BAR_TOP = 4;
const BAR_HEIGHT = LANE - 9;
/** A share that is not zero is drawn at least this high. */
const SMALLEST_SHARE = 2;

type Stretch = TimelineLane['stretches'][number];

/** What all parts of the drawing need. */
interface Drawing {
  readonly g: CanvasRenderingContext2D;
  readonly colour: Colours;
  readonly scale: Scale;
  readonly detail: TimelineView;
  /** How opaque what belongs to a category is. */
  alphaOf(category: 'node' | 'failure' | 'human' | 'timer'): number;
}

/** Draws the lanes of an answer, whether they are in view or not. @param chosen the categories that are not dimmed; all of them if there is none. */
export function drawLanes(canvas: HTMLCanvasElement, detail: TimelineView, scale: Scale, chosen: readonly string[]): void {
  const colour = themeColours();
  const height = detail.lanes.length * LANE;
  const g = prepareCanvas(canvas, scale.width, Math.max(1, height));
  const alphaOf: Drawing['alphaOf'] = (category) => (chosen.length === 0 || chosen.includes(category) ? 1 : DIMMED);
  const drawing = { g, colour, scale, detail, alphaOf };
  g.fillStyle = colour('bg-2');
  for (const [row] of detail.lanes.entries()) g.fillRect(0, row * LANE + 2, scale.width, LANE - 5);
  g.fillStyle = colour('line');
  for (const { x } of scale.ticks) g.fillRect(x, 0, 1, height);
  g.fillStyle = colour('removed-soft');
  for (const [from, to] of detail.gaps) g.fillRect(scale.startOf(from), 0, Math.max(2, scale.endOf(to) - scale.startOf(from)), height);
  for (const [row, lane] of detail.lanes.entries()) {
    drawShares(drawing, row * LANE, lane);
    // Failures are drawn last, so that nothing covers them.
    for (const stretch of lane.stretches) if (stretch.outcome !== 'failed') drawStretch(drawing, row * LANE, stretch);
    for (const stretch of lane.stretches) if (stretch.outcome === 'failed') drawStretch(drawing, row * LANE, stretch);
  }
  for (const { after, before } of detail.pauses) drawPause(drawing, after, before, height);
  // Over the folds, because a wait is what most of them are.
  for (const [row, { waits }] of detail.lanes.entries()) for (const wait of waits) drawWait(drawing, row * LANE, wait);
  for (const { at } of detail.jumps) drawZigzag(g, colour('warn'), Math.round(scale.startOf(at)), height);
}

const OUTCOME_COLOURS = { completed: 'cat-node', failed: 'cat-failure', stopped: 'cat-unknown', open: 'cat-node' } as const;

function drawStretch({ g, colour, scale, alphaOf }: Drawing, top: number, { from, to, outcome }: Stretch): void {
  const start = Math.max(0, scale.startOf(from) + 1);
  const end = Math.min(scale.width, Math.max(start + 3, scale.endOf(to) - 1));
  const fill = colour(OUTCOME_COLOURS[outcome]);
  const alpha = alphaOf(outcome === 'failed' ? 'failure' : 'node');
  g.globalAlpha = alpha * (outcome === 'stopped' ? 0.3 : 0.85);
  g.fillStyle = fill;
  g.beginPath();
  g.roundRect(start, top + BAR_TOP, end - start, BAR_HEIGHT, 3);
  if (outcome === 'open') {
    g.strokeStyle = fill;
    g.stroke();
    g.globalAlpha = alpha * 0.25;
  }
  g.fill();
  g.globalAlpha = 1;
  if (outcome === 'stopped') g.fillRect(start, top + LANE / 2 - 1, end - start, 1);
  if (outcome === 'failed') drawCross(g, colour('bg-1'), (start + end) / 2, top + LANE / 2 - 0.5, end - start);
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

/** A bar for each column with work. The share of failures hangs from its top and stands out above it, that of stops below it. */
function drawShares({ g, colour, scale, detail, alphaOf }: Drawing, top: number, { shares }: TimelineLane): void {
  if (shares === null) return;
  const sequences = (detail.to - detail.from + 1) / detail.columns;
  const placeOf = (column: number): number => (detail.time === null ? scale.startOf(detail.from + column * sequences) : column);
  const step = Math.max(1, placeOf(1) - placeOf(0));
  const partOf = (column: number, count: number): number => {
    const ended = (shares.completed[column] as number) + (shares.failed[column] as number) + (shares.stopped[column] as number);
    return count === 0 ? 0 : Math.max(SMALLEST_SHARE, (count / ended) * BAR_HEIGHT);
  };
  for (let column = 0; column < detail.columns; column++) {
    if (shares.busy[column] === 0) continue;
    const x = placeOf(column);
    g.globalAlpha = 0.85 * alphaOf('node');
    g.fillStyle = colour('cat-node');
    g.fillRect(x, top + BAR_TOP, step, BAR_HEIGHT);
    g.globalAlpha = alphaOf('node');
    const stopped = partOf(column, shares.stopped[column] as number);
    g.fillStyle = colour('cat-unknown');
    if (stopped > 0) g.fillRect(x, top + BAR_TOP + BAR_HEIGHT - stopped, step, stopped + 2);
    g.globalAlpha = alphaOf('failure');
    const failed = partOf(column, shares.failed[column] as number);
    g.fillStyle = colour('cat-failure');
    if (failed > 0) g.fillRect(x, top + BAR_TOP - 3, Math.max(2, step), failed + 3);
  }
  g.globalAlpha = 1;
}

/** A wait is striped, with a mark of what it is for: a hexagon for a person, a circle for a time. */
function drawWait({ g, colour, scale, alphaOf }: Drawing, top: number, { from, to, waitsFor }: TimelineLane['waits'][number]): void {
  const start = Math.max(0, scale.middleOf(from));
  // One that has not ended goes on to the edge.
  const until = to >= scale.shown.to ? scale.endOf(to) : scale.middleOf(to);
  const end = Math.min(scale.width, Math.max(start + 6, until));
  const y = top + BAR_TOP - 1;
  const height = BAR_HEIGHT + 2;
  const ink = colour(waitsFor === 'person' ? 'cat-human' : 'cat-timer');
  g.globalAlpha = alphaOf(waitsFor === 'person' ? 'human' : 'timer');
  g.save();
  g.beginPath();
  g.rect(start, y, end - start, height);
  g.clip();
  g.fillStyle = colour('bg-1');
  g.fillRect(start, y, end - start, height);
  g.strokeStyle = ink;
  g.lineWidth = 1.5;
  g.beginPath();
  for (let x = Math.floor(start / 6) * 6 - height; x < end; x += 6) {
    g.moveTo(x, y + height);
    g.lineTo(x + height, y);
  }
  g.stroke();
  g.restore();
  g.strokeStyle = ink;
  g.strokeRect(start + 0.5, y + 0.5, Math.max(1, end - start - 1), height - 1);
  if (end - start >= 18) drawWaitMark(g, ink, colour('bg-1'), (start + end) / 2, top + LANE / 2 - 0.5, waitsFor === 'person' ? 6 : 24);
  g.globalAlpha = 1;
}

/** @param corners 24 corners are a circle. */
function drawWaitMark(g: CanvasRenderingContext2D, ink: string, ground: string, x: number, y: number, corners: number): void {
  g.beginPath();
  for (let i = 0; i < corners; i++) g.lineTo(x + 5 * Math.sin((i / corners) * 2 * Math.PI), y + 5 * Math.cos((i / corners) * 2 * Math.PI));
  g.closePath();
  g.fillStyle = ink;
  g.fill();
  g.lineWidth = 2;
  g.strokeStyle = ground;
  g.stroke();
  g.lineWidth = 1;
}

/** Between two events that are neighbours in sequence, a dashed line; on an axis of time, the fold. */
function drawPause({ g, colour, scale, detail }: Drawing, after: number, before: number, height: number): void {
  const end = Math.round(scale.startOf(before));
  if (detail.time === null) {
    g.strokeStyle = colour('fg-3');
    g.setLineDash([3, 3]);
    g.beginPath();
    g.moveTo(end + 0.5, 0);
    g.lineTo(end + 0.5, height);
    g.stroke();
    g.setLineDash([]);
    return;
  }
  const start = Math.round(scale.startOf(after)) + 4;
  g.fillStyle = colour('bg-0');
  g.fillRect(start, 0, Math.max(4, end - start), height);
  for (const x of [start, end]) drawZigzag(g, colour('line-strong'), x, height);
}

function drawZigzag(g: CanvasRenderingContext2D, ink: string, x: number, height: number): void {
  g.strokeStyle = ink;
  g.beginPath();
  for (let y = 0; y <= height; y += 4) g.lineTo(x + (y % 8 === 0 ? -2 : 2), y);
  g.stroke();
}
