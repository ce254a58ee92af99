import { useVirtualizer } from '@tanstack/react-virtual';
import { type FormEvent, useRef, useState } from 'react';
import type { Transition, Transitions } from '../../../core/contract/explain.ts';
import { explain } from '../../../core/fault.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { count, plural, span, words } from '../../widgets/format.ts';
import { WrongText } from '../../widgets/suggestions.tsx';
import { ConditionField } from './condition-field.tsx';

const ROW = 26;

/** When a condition becomes true, and for how long it holds. */
export function FindView() {
  const { source, execution, setCondition, watchCondition } = useRun();
  const condition = useRunState((state) => state.condition);
  const [text, setText] = useState(condition);
  const { answer, fault } = useAnswerOrFault('explain.transitions', condition === '' ? undefined : { source, execution, condition });
  const isEdited = text.trim() !== condition;
  const find = (event?: FormEvent): void => {
    event?.preventDefault();
    setCondition(text.trim());
  };
  return (
    <div className="side-view">
      <form className="side-head" onSubmit={find}>
        <ConditionField text={text} onChange={setText} onFind={find} />
        {fault !== undefined && !isEdited && <WrongText text={condition} at={fault.at} />}
        <p className="dim" role="status" aria-label="Condition found">
          {isEdited && condition !== ''
            ? 'Enter finds when it is true.'
            : condition === ''
              ? 'CEL over state, status and event. Enter finds when it is true.'
              : fault !== undefined
                ? explain(fault)
                : summary(answer)}
        </p>
        {answer !== undefined && !isEdited && condition !== '' && (
          <>
            <Totals answer={answer} />
            <button type="button" className="button" onClick={() => watchCondition(condition)}>
              Watch this condition
            </button>
          </>
        )}
        {answer?.incompleteFrom != null && <p className="warning">From #{answer.incompleteFrom} on, the log is incomplete, and so is this.</p>}
        {answer !== undefined && !isEdited && answer.errors > 0 && (
          <p className="dim" title={answer.firstError ?? undefined}>
            It could not be evaluated at {plural(answer.errors, 'event')}, which counts as false. The first reason: {answer.firstError}. has(…) tests whether a
            key exists.
          </p>
        )}
      </form>
      {answer !== undefined && !isEdited && <Rows transitions={answer.transitions} />}
    </div>
  );
}

/** When it is true for the first and the last time, how often, and for how long in all. */
function Totals({ answer: { firstTrue, lastTrue, timesTrue, held } }: { readonly answer: Transitions }) {
  const { moveTo } = useRun();
  if (firstTrue === null || lastTrue === null) return null;
  const link = (sequence: number) => (
    <button type="button" className="link" onClick={() => moveTo(sequence, { jump: true })}>
      #{sequence}
    </button>
  );
  return (
    <p role="group" aria-label="When it is true">
      True{' '}
      {timesTrue === 1 ? (
        <>once, from {link(firstTrue)}</>
      ) : (
        <>
          {count(timesTrue)} times, first from {link(firstTrue)}, last from {link(lastTrue)}
        </>
      )}
      ; <span title={`${count(held)} ms`}>{span(held)} in all</span>
    </p>
  );
}

function summary(answer: Transitions | undefined): string {
  if (answer === undefined) return 'Evaluating…';
  const { total, transitions, errors } = answer;
  if (total === 1) return transitions[0]?.value === true ? 'It is always true.' : `It is never true${errors > 0 ? ' where it can be evaluated' : ''}.`;
  return `${plural(total - 1, 'transition')}${total > transitions.length ? `, showing the first ${count(transitions.length - 1)}` : ''}`;
}

function Rows({ transitions }: { readonly transitions: readonly Transition[] }) {
  const { moveTo } = useRun();
  const sequence = useRunState((state) => state.sequence);
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: transitions.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  const current = transitions.findLastIndex((transition) => transition.sequence <= sequence);
  return (
    <div className="side-list" ref={scroller} role="list" aria-label="Transitions" tabIndex={0}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const { sequence: at, value, type, node, time } = transitions[index] as Transition;
          const until = transitions[index + 1]?.time;
          return (
            <div key={index} role="listitem" className={`side-row${index === current ? ' on' : ''}`} style={{ transform: `translateY(${start}px)` }}>
              <button type="button" className="link" onClick={() => moveTo(at, { jump: true })}>
                #{at}
              </button>
              <span>
                {value ? 'true' : 'false'} <bdi className="dim">{node ?? (type === null ? 'before the first event' : words(type))}</bdi>
              </span>
              <span className="dim">{time != null && until != null && until >= time ? `for ${span(until - time)}` : ''}</span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
