import { type PointerEvent, useEffect, useRef } from 'react';
import { useRun } from '../../state/context.ts';
import type { Scale } from './scale.ts';

/** A pointer that is held closer to an edge than this pans, in pixels. */
const EDGE = 10;
/** How long a pointer must be held at an edge before it pans, in milliseconds: a click there does not. */
const PAN_DELAY = 300;
/** Ranges per second. */
const PAN_SPEED = 0.4;

/**
 * Handlers that move the cursor to the event under a pointer. While it is held, the range stays where it is; at an edge it is
 * panned steadily.
 */
export function useScrubbing(scale: Scale) {
  const { moveTo, zoom } = useRun();
  const panning = useRef<{ direction: number; frame: number } | undefined>(undefined);
  const stop = (): void => {
    cancelAnimationFrame(panning.current?.frame ?? 0);
    panning.current = undefined;
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the view is removed
  useEffect(
    () => () => {
      stop();
      zoom.hold(false);
    },
    [],
  );
  const panAt = (direction: number): void => {
    if (panning.current?.direction === direction) return;
    stop();
    if (direction === 0) return;
    const began = performance.now();
    let from: number | undefined;
    let before = began;
    const step = (now: number): void => {
      const shown = zoom.shown();
      if (now - began >= PAN_DELAY) {
        // A short range pans by less than one event in a frame, so fractions are kept.
        from = (from ?? shown.from) + direction * PAN_SPEED * (shown.to - shown.from + 1) * ((now - before) / 1000);
        zoom.pan(from);
        from = Math.max(0, Math.min(from, zoom.shown().from + 1));
        moveTo(direction < 0 ? zoom.shown().from : zoom.shown().to);
      }
      before = now;
      panning.current = { direction, frame: requestAnimationFrame(step) };
    };
    panning.current = { direction, frame: requestAnimationFrame(step) };
  };
  const seek = (event: PointerEvent): void => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    const direction = x < EDGE ? -1 : x > scale.width - EDGE ? 1 : 0;
    // While it pans, the cursor is at the edge of the range.
    if (direction === 0 || panning.current === undefined) moveTo(scale.sequenceAt(x), { jump: event.type === 'pointerdown' });
    panAt(direction);
  };
  const release = (): void => {
    stop();
    zoom.hold(false);
  };
  return {
    onPointerDown(event: PointerEvent): void {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      zoom.hold(true);
      seek(event);
    },
    onPointerMove(event: PointerEvent): void {
      if (zoom.store.getState().held) seek(event);
    },
    onPointerUp: release,
    onLostPointerCapture: release,
  };
}
