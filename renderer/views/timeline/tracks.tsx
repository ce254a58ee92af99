import { X } from 'lucide-react';
import { type KeyboardEvent, memo, useEffect, useLayoutEffect, useRef } from 'react';
import type { Params } from '../../../core/contract/contract.ts';
import type { TrackValue } from '../../../core/contract/slices/tracks.ts';
import type { TimelineTrack } from '../../../core/contract/timeline.ts';
import { explain, type Fault } from '../../../core/fault.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useRun, useRunState, useSettings } from '../../state/context.ts';
import { drawTrack } from './draw-track.ts';
import { moveAmongButtons } from './flags.tsx';
import type { Scale } from './scale.ts';
import { useScrubbing } from './scrubbing.ts';
import { isPath, trackLabel } from './track-names.ts';

type Part = Omit<Params<'timeline.tracks'>, 'tracks'>;

interface TracksProps {
  readonly part: Part;
  readonly scale: Scale;
}

/** Numbers over the log: sums, the size of the state, and values of the state. Their names have the exact value at the cursor. */
export function Tracks({ part, scale }: TracksProps) {
  const { refresh } = useRun();
  const tracks = useRunState((state) => state.tracks);
  const values = useRunState((state) => state.frame?.slices.tracks);
  // The size of a long log takes longest to read, and must not delay the others.
  const sums = useTracks(
    part,
    tracks.filter((track) => !isPath(track) && track !== 'size'),
  );
  const size = useTracks(
    part,
    tracks.filter((track) => track === 'size'),
  );
  const paths = useTracks(part, tracks.filter(isPath));
  // The frame has no values that had not been read when it was made.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when an answer has arrived
  useEffect(() => {
    if (values?.some(({ text, note }) => text === null && note === null)) refresh();
  }, [sums.answer, size.answer]);
  if (tracks.length === 0) return null;
  return (
    <div className="tracks" role="list" aria-label="Tracks" onKeyDown={(event) => moveAmongButtons(event, 'ArrowUp', 'ArrowDown')}>
      {tracks.map((track, i) => {
        const { answer, fault, tracks: asked } = isPath(track) ? paths : track === 'size' ? size : sums;
        const drawn = answer?.[asked.indexOf(track)];
        return (
          <Track
            key={track}
            track={track}
            // The answer on screen may be to another list of tracks.
            drawn={drawn?.end.track === track ? drawn : answer?.find(({ end }) => end.track === track)}
            fault={fault}
            value={values?.find((known) => known.track === track)}
            scale={scale}
            isTabStop={i === 0}
          />
        );
      })}
    </div>
  );
}

function useTracks(part: Part, tracks: readonly string[]) {
  const asked = [...tracks] as Params<'timeline.tracks'>['tracks'];
  return { ...useAnswerOrFault('timeline.tracks', asked.length === 0 ? undefined : { ...part, tracks: asked }, { keep: true }), tracks };
}

/** What stands before a total of which a note says that it is only a part. */
function atLeast(note: string | null): string {
  return note === null ? '' : '≥ ';
}

interface TrackProps {
  readonly track: string;
  readonly drawn: TimelineTrack | undefined;
  readonly fault: Fault | undefined;
  /** At the cursor. */
  readonly value: TrackValue | undefined;
  readonly scale: Scale;
  readonly isTabStop: boolean;
}

function Track({ track, drawn, fault, value, scale, isTabStop }: TrackProps) {
  const { showTrack, select, setSide } = useRun();
  const { label, title, format } = trackLabel(track);
  const scrubbing = useScrubbing(scale);
  const text = value?.text == null ? (value?.note ?? (fault === undefined ? 'reading…' : explain(fault))) : format(value.text);
  const note = value?.text == null ? null : value.note;
  const end = drawn === undefined ? '' : `; at the end ${drawn.end.text === null ? drawn.end.note : atLeast(drawn.end.note) + format(drawn.end.text)}`;
  const explainValue = (): void => {
    if (isPath(track)) select(track);
    setSide(isPath(track) ? 'changes' : 'costs');
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Delete') return;
    event.preventDefault();
    showTrack(track, false);
  };
  return (
    <div className="track-row" role="listitem">
      <button
        type="button"
        className="track-name"
        tabIndex={isTabStop ? 0 : -1}
        title={`${title}: ${text}${note === null ? '' : ` (${note})`}${end}. Delete hides it.`}
        onClick={explainValue}
        onKeyDown={keys}
      >
        <bdi className="track-label">{label}</bdi>
        <bdi className={value?.text == null ? 'track-value dim' : 'track-value'}>
          {atLeast(note)}
          {text}
        </bdi>
        <span className="visually-hidden">
          {note}
          {end}
        </span>
      </button>
      <button type="button" className="track-hide" tabIndex={-1} aria-label={`Hide the track ${label}`} title="Hide" onClick={() => showTrack(track, false)}>
        <X size={11} aria-hidden="true" />
      </button>
      <div className="track-canvas" style={{ width: scale.width }} {...scrubbing}>
        {drawn !== undefined && <TrackCanvas drawn={drawn} scale={scale} />}
      </div>
    </div>
  );
}

/** Memoized, because a move of the cursor changes nothing here. */
const TrackCanvas = memo(function TrackCanvas({ drawn, scale }: { readonly drawn: TimelineTrack; readonly scale: Scale }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useSettings((settings) => settings.dark);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' names mean
  useLayoutEffect(() => {
    const columns = drawn.last.length;
    if (canvas.current === null) return;
    if (!scale.isByTime) {
      // The range on screen may have moved on.
      const sequences = (drawn.to - drawn.from + 1) / columns;
      drawTrack(canvas.current, drawn, scale, (column) => scale.startOf(drawn.from + column * sequences));
    } else if (drawn.from === scale.shown.from && drawn.to === scale.shown.to) drawTrack(canvas.current, drawn, scale, (column) => column);
  }, [drawn, scale, dark]);
  return <canvas ref={canvas} aria-hidden="true" />;
});
