import { type KeyboardEvent, type PointerEvent, useLayoutEffect, useRef } from 'react';
import type { TimelineView } from '../../../core/contract/timeline.ts';
import { categoriesOf } from '../../state/category-filter.ts';
import { useRun, useRunState, useSettings } from '../../state/context.ts';
import type { ShownRange } from '../../state/timeline-zoom.ts';
import { drawMinimap } from './draw-minimap.ts';

interface MinimapProps {
  readonly last: number;
  readonly overview: TimelineView | undefined;
  readonly width: number;
  readonly shown: ShownRange;
}

/** The slider over the whole run, from 0 (before the first event) to the last event, with a frame around the range of the lanes. */
export function Minimap({ last, overview, width, shown }: MinimapProps) {
  const { moveTo, step } = useRun();
  const sequence = useRunState((state) => state.sequence);
  const event = useRunState((state) => state.frame?.slices.event);
  const dark = useSettings((settings) => settings.dark);
  const chosen = useRunState((state) => categoriesOf(state.filter).join(' '));
  const canvas = useRef<HTMLCanvasElement>(null);
  const track = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' names mean
  useLayoutEffect(() => {
    if (canvas.current !== null) drawMinimap(canvas.current, overview, width, last, chosen === '' ? [] : chosen.split(' '));
  }, [overview, width, last, dark, chosen]);
  const seek = (pointer: PointerEvent): void => {
    const { left, width: full } = (track.current as HTMLDivElement).getBoundingClientRect();
    moveTo(((pointer.clientX - left) / full) * (last + 1) - 0.5, { jump: pointer.type === 'pointerdown' });
  };
  const keys = (pressed: KeyboardEvent): void => {
    const pages: Readonly<Record<string, number>> = { PageUp: -100, PageDown: 100, ArrowUp: 1, ArrowDown: -1 };
    const by = pages[pressed.key];
    if (by === undefined) return;
    pressed.preventDefault();
    step(by);
  };
  const what =
    event?.sequence === sequence ? `, ${event.type}${event.node === null ? '' : ` ${event.node}`}` : sequence === 0 ? ', before the first event' : '';
  return (
    <div
      ref={track}
      className="slider"
      role="slider"
      tabIndex={0}
      aria-label="Sequence"
      aria-valuemin={0}
      aria-valuemax={last}
      aria-valuenow={sequence}
      aria-valuetext={`event ${sequence} of ${last}${what}`}
      onKeyDown={keys}
      onPointerDown={(pointer) => {
        pointer.currentTarget.setPointerCapture(pointer.pointerId);
        seek(pointer);
      }}
      onPointerMove={(pointer) => pointer.buttons === 1 && seek(pointer)}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <RangeFrame last={last} width={width} shown={shown} />
      <span className="thumb" style={{ left: `${((sequence + 0.5) / (last + 1)) * 100}%` }} />
    </div>
  );
}

/** The range of the lanes. Its upper edge moves it and its sides stretch it; inside, the cursor is moved as elsewhere in the slider. */
function RangeFrame({ last, width, shown: { from, to } }: Omit<MinimapProps, 'overview'>) {
  const { zoom } = useRun();
  const pixels = width / (last + 1);
  const drag = (begun: PointerEvent, change: (by: number) => void): void => {
    begun.stopPropagation();
    const handle = begun.currentTarget as HTMLElement;
    handle.setPointerCapture(begun.pointerId);
    handle.onpointermove = (moved) => {
      // The slider would move the cursor.
      moved.stopPropagation();
      change(Math.round((moved.clientX - begun.clientX) / pixels));
    };
    handle.onlostpointercapture = () => {
      handle.onpointermove = null;
    };
  };
  return (
    <span className="minimap-window" style={{ left: from * pixels, width: Math.max(3, (to - from + 1) * pixels) }} aria-hidden="true">
      <span className="range-move" title="Drag to pan" onPointerDown={(begun) => drag(begun, (by) => zoom.pan(from + by))} />
      <span
        className="range-side left"
        title="Drag to zoom"
        onPointerDown={(begun) => drag(begun, (by) => zoom.show(Math.max(0, Math.min(to, from + by)), to))}
      />
      <span
        className="range-side right"
        title="Drag to zoom"
        onPointerDown={(begun) => drag(begun, (by) => zoom.show(from, Math.min(last, Math.max(from, to + by))))}
      />
    </span>
  );
}
