import { X } from 'lucide-react';
import { memo, useLayoutEffect, useRef } from 'react';
import type { Transitions } from '../../../core/contract/explain.ts';
import { explain } from '../../../core/fault.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useRun, useRunState, useSettings } from '../../state/context.ts';
import { plural } from '../../widgets/format.ts';
import { prepareCanvas, themeColours } from './canvas.ts';
import type { Scale } from './scale.ts';
import { useScrubbing } from './scrubbing.ts';

const HEIGHT = 18;
const BAR = { top: 6, height: 6 } as const;

/** When the condition of *Find when* holds, with a mark at each of its transitions. */
export function ConditionRow({ scale }: { readonly scale: Scale }) {
  const { source, execution, setCondition, setSide } = useRun();
  const condition = useRunState((state) => state.condition);
  const sequence = useRunState((state) => state.frame?.sequence ?? state.sequence);
  const { answer, fault } = useAnswerOrFault('explain.transitions', condition === '' ? undefined : { source, execution, condition });
  const scrubbing = useScrubbing(scale);
  if (condition === '') return null;
  const at = answer?.transitions.findLast((transition) => transition.sequence <= sequence);
  const isKnown = answer !== undefined && (answer.total === answer.transitions.length || sequence < (answer.transitions.at(-1)?.sequence ?? 0));
  const now = fault !== undefined ? 'cannot be used' : at === undefined ? 'reading…' : isKnown ? `${at.value} since #${at.sequence}` : 'not listed here';
  return (
    <div className="track-row condition-row">
      <button type="button" className="track-name" title={`${condition}: ${fault === undefined ? now : explain(fault)}`} onClick={() => setSide('find')}>
        <bdi className="track-value">{now}</bdi>
        <span className="visually-hidden">
          , the condition {condition}
          {answer === undefined ? '' : `, ${plural(Math.max(0, answer.total - 1), 'transition')}`}
        </span>
      </button>
      <button type="button" className="track-hide" aria-label="Clear the condition" title="Clear the condition" onClick={() => setCondition('')}>
        <X size={11} aria-hidden="true" />
      </button>
      <div className="track-canvas" style={{ width: scale.width }} {...scrubbing}>
        {answer !== undefined && <Marks answer={answer} scale={scale} />}
      </div>
    </div>
  );
}

/** Memoized, because a move of the cursor changes nothing here. */
const Marks = memo(function Marks({ answer, scale }: { readonly answer: Transitions; readonly scale: Scale }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const dark = useSettings((settings) => settings.dark);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme changes what the colours' names mean
  useLayoutEffect(() => {
    if (canvas.current === null) return;
    const g = prepareCanvas(canvas.current, scale.width, HEIGHT);
    const colour = themeColours();
    const { transitions, total } = answer;
    g.fillStyle = colour('bg-2');
    g.fillRect(0, 2, scale.width, HEIGHT - 4);
    for (const [i, { sequence, value }] of transitions.entries()) {
      const next = transitions[i + 1]?.sequence;
      // Nobody knows what is behind the last one that is listed.
      if (next === undefined && total > transitions.length) break;
      const [from, to] = [scale.startOf(sequence), next === undefined ? scale.width : scale.startOf(next)];
      if (to < 0 || from > scale.width) continue;
      g.fillStyle = colour('fg-2');
      if (value) g.fillRect(Math.max(0, from), BAR.top, Math.max(2, Math.min(scale.width, to) - Math.max(0, from)), BAR.height);
      // A high mark where it becomes true, a low one where it becomes false.
      g.fillStyle = colour('fg');
      if (sequence > 0 && from >= 0) g.fillRect(from, value ? 1 : BAR.top + 3, 1.5, HEIGHT - (value ? 4 : BAR.top + 4));
    }
  }, [answer, scale, dark]);
  return <canvas ref={canvas} aria-hidden="true" />;
});
