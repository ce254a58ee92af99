import type { TimelineView } from '../../../core/contract/timeline.ts';
import { type Colours, prepareCanvas, themeColours } from './canvas.ts';
import { type Scale, ticksOf } from './scale.ts';

/** The height of a lane, in pixels. */
export const LANE = 18;
export const AXIS = 22;

/** Draws the lanes of an answer, whether they are in view or not. */
export function drawLanes(canvas: HTMLCanvasElement, detail: TimelineView, scale: Scale): void {
  const colour = themeColours();
  const height = detail.lanes.length * LANE;
  const g = prepareCanvas(canvas, scale.width, Math.max(1, height));
  g.fillStyle = colour('bg-2');
  for (const [row] of detail.lanes.entries()) g.fillRect(0, row * LANE + 2, scale.width, LANE - 5);
  g.fillStyle = colour('line');
  for (const { x } of ticksOf(scale)) g.fillRect(x, 0, 1, height);
  g.fillStyle = colour('removed-soft');
  for (const [from, to] of detail.gaps) g.fillRect(scale.startOf(from), 0, Math.max(2, scale.endOf(to) - scale.startOf(from)), height);
  for (const [row, { stretches }] of detail.lanes.entries()) for (const stretch of stretches) drawStretch(g, colour, scale, row * LANE, stretch);
}

function drawStretch(
  g: CanvasRenderingContext2D,
  colour: Colours,
  scale: Scale,
  top: number,
  { from, to, outcome }: TimelineView['lanes'][number]['stretches'][number],
): void {
  const start = Math.max(0, scale.startOf(from) + 1);
  const end = Math.min(scale.width, Math.max(start + 3, scale.endOf(to) - 1));
  const fill = colour(OUTCOME_COLOURS[outcome]);
  g.globalAlpha = 0.85;
  g.fillStyle = fill;
  g.beginPath();
  g.roundRect(start, top + 4, end - start, LANE - 9, 3);
  if (outcome === 'open') {
    g.strokeStyle = fill;
    g.stroke();
    g.globalAlpha = 0.25;
  }
  g.fill();
  if (outcome === 'failed') drawCross(g, colour('bg-1'), (start + end) / 2, top + LANE / 2 - 0.5, end - start);
  g.globalAlpha = 1;
}

const OUTCOME_COLOURS = { completed: 'cat-node', failed: 'cat-failure', waiting: 'cat-human', open: 'cat-node' } as const;

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
