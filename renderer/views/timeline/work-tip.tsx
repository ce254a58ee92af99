import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { useAnswer } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { span } from '../../widgets/format.ts';
import { LANE } from './draw-lanes.ts';
import type { Scale } from './scale.ts';

/** How long the pointer rests before the tip is shown, in milliseconds. */
const DELAY = 150;
const OUTCOME_WORDS = { completed: 'completed', failed: 'failed', stopped: 'skipped or cancelled', open: 'still open' } as const;

interface Place {
  readonly lane: number;
  readonly sequence: number;
  /** In the window, in pixels. */
  readonly x: number;
  readonly y: number;
}

/** Handlers that find the place in the lanes at which the pointer rests. */
export function useRestingPointer(scale: Scale) {
  const [place, setPlace] = useState<Place>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const leave = (): void => {
    clearTimeout(timer.current);
    setPlace(undefined);
  };
  const move = (event: PointerEvent): void => {
    leave();
    if (event.buttons !== 0) return;
    const { left, top } = event.currentTarget.getBoundingClientRect();
    const { clientX: x, clientY: y } = event;
    const at = { lane: Math.floor((y - top) / LANE), sequence: scale.sequenceAt(x - left), x, y };
    timer.current = setTimeout(() => setPlace(at), DELAY);
  };
  return { place, leave, move };
}

/** What is known of the work under the pointer. */
export function WorkTip({ place }: { readonly place: Place | undefined }) {
  const { source, execution } = useRun();
  const foldLoops = useRunState((state) => state.foldLoops);
  const work = useAnswer('timeline.work', place === undefined ? undefined : { source, execution, lane: place.lane, sequence: place.sequence, foldLoops });
  if (place === undefined || work == null) return null;
  const { node, from, to, outcome, queued, ran, start, end } = work;
  const right = place.x > window.innerWidth / 2;
  return (
    <div className="work-tip" role="tooltip" style={{ top: place.y + 14, ...(right ? { right: window.innerWidth - place.x + 10 } : { left: place.x + 10 }) }}>
      <b>{node}</b> {OUTCOME_WORDS[outcome]}
      <div className="dim">
        #{from} – {to === null ? 'now' : `#${to}`}
        {start !== null && start !== '' && ` · ${start}`}
      </div>
      {ran !== null && (
        <div>
          ran {span(ran)}
          {queued !== null && queued > 0 && ` after waiting ${span(queued)} for its start`}
        </div>
      )}
      {end !== null && end !== '' && <div className={outcome === 'failed' ? 'work-error' : 'dim'}>{end}</div>}
    </div>
  );
}
