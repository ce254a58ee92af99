import { memo, useLayoutEffect, useRef } from 'react';
import type { Params } from '../../../core/contract/contract.ts';
import { useAnswer } from '../../state/answers.ts';
import { useRunState, useSettings } from '../../state/context.ts';
import { count, plural } from '../../widgets/format.ts';
import { prepareCanvas, themeColours } from './canvas.ts';
import type { Scale } from './scale.ts';

const HEIGHT = 6;

interface MatchesProps {
  readonly part: Omit<Params<'timeline.matches'>, 'filter'>;
  readonly scale: Scale;
}

/** A triangle for each column with events that the filter of the list matches. */
export function Matches({ part, scale }: MatchesProps) {
  const filter = useRunState((state) => state.filter).trim();
  const matches = useAnswer('timeline.matches', filter === '' ? undefined : { ...part, filter });
  if (matches === undefined) return null;
  const total = matches.reduce((sum, matching) => sum + matching, 0);
  return (
    <div className="matches" role="img" aria-label={`${plural(total, 'match', 'matches')} in view`} title={`${count(total)} in view`}>
      <Marks matches={matches} scale={scale} />
    </div>
  );
}

/** Memoized, because a move of the cursor changes nothing here. */
const Marks = memo(function Marks({ matches, scale }: Pick<MatchesProps, 'scale'> & { readonly matches: Uint32Array }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useSettings((settings) => settings.dark);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' names mean
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const g = prepareCanvas(canvas.current, scale.width, HEIGHT);
    g.fillStyle = themeColours()('fg');
    for (const [column, matching] of matches.entries()) {
      if (matching === 0) continue;
      // An event may be wider than a column; then it is counted in its first one.
      const x = scale.middleOf(scale.sequenceAt(((column + 0.999) * scale.width) / matches.length));
      g.beginPath();
      g.moveTo(x - 3.5, 0);
      g.lineTo(x + 3.5, 0);
      g.lineTo(x, HEIGHT);
      g.fill();
    }
  }, [matches, scale, dark]);
  return <canvas ref={canvas} aria-hidden="true" />;
});
