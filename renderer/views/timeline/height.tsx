import { type KeyboardEvent, type PointerEvent, useState } from 'react';
import { useApp, useSettings } from '../../state/context.ts';
import { AXIS, LANE } from './draw-lanes.ts';

/** What is above the lanes, and the legend below their axis, in pixels. */
const HEAD = 68;
const LEGEND = 22;
const SMALLEST = HEAD + AXIS + LEGEND + 2 * LANE;
/** In percent of the window's height; leaves room for the panels below. */
const LARGEST_SHARE = 65;
const KEY_STEP = 4;

/** The most lanes that leave enough room for the panels below, unless the user has chosen a height. */
function usualLanes(windowHeight: number): number {
  return Math.max(6, Math.min(14, Math.floor((windowHeight - 660) / LANE)));
}

/**
 * The height of the timeline, which the user may drag: kept as a share of the window's height; 0 when it is collapsed.
 *
 * @param tracks the height of the tracks.
 */
export function useTimelineHeight(tracks: number) {
  const { keepLayout } = useApp().settings;
  const [kept] = useSettings((settings) => settings.layout['timeline']) ?? [];
  const [dragged, setDragged] = useState<number>();
  const share = dragged ?? kept;
  const usual = ((HEAD + tracks + AXIS + LEGEND + usualLanes(window.innerHeight) * LANE) / window.innerHeight) * 100;
  const clamp = (percent: number): number => {
    const smallest = (SMALLEST / window.innerHeight) * 100;
    return percent < smallest / 2 ? 0 : Math.max(smallest, Math.min(LARGEST_SHARE, percent));
  };
  return {
    collapsed: share === 0,
    percent: share ?? usual,
    /** The lanes' part of the height, as a length in CSS. */
    lanesHeight: share === undefined ? `${usualLanes(window.innerHeight) * LANE}px` : `max(${2 * LANE}px, ${share}vh - ${HEAD + tracks + AXIS + LEGEND}px)`,
    drag: (percent: number): void => setDragged(clamp(percent)),
    keep(percent: number): void {
      setDragged(undefined);
      keepLayout('timeline', [Math.round(clamp(percent) * 100) / 100]);
    },
    toggle: (): void => keepLayout('timeline', [share === 0 ? usual : 0]),
  };
}

/** The lower edge of the timeline. */
export function HeightHandle({ height }: { readonly height: ReturnType<typeof useTimelineHeight> }) {
  const percentAt = (event: PointerEvent): number => {
    const { top } = (event.currentTarget.parentElement as HTMLElement).getBoundingClientRect();
    return ((event.clientY - top) / window.innerHeight) * 100;
  };
  const keys = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? KEY_STEP : event.key === 'ArrowUp' ? -KEY_STEP : 0;
    if (event.key === 'Enter') height.toggle();
    else if (by !== 0) height.keep(height.percent + by);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="timeline-handle"
      role="separator"
      tabIndex={0}
      aria-orientation="horizontal"
      aria-label="Height of the timeline"
      aria-valuemin={0}
      aria-valuemax={LARGEST_SHARE}
      aria-valuenow={Math.round(height.percent)}
      onKeyDown={keys}
      onDoubleClick={height.toggle}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={(event) => event.buttons === 1 && height.drag(percentAt(event))}
      onPointerUp={(event) => height.keep(percentAt(event))}
    />
  );
}
