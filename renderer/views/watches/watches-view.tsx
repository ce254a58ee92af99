import { ChartSpline, OctagonPause, X } from 'lucide-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { ValueChanges } from '../../../core/contract/explain.ts';
import type { WatchedValue } from '../../../core/contract/slices/watches.ts';
import { explain } from '../../../core/fault.ts';
import { useAnswer, useAnswerOrFault } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { Sparkline } from '../../widgets/sparkline.tsx';

/** Values and conditions that stay in sight while the cursor moves. */
export function WatchesView() {
  const { watch } = useRun();
  const watches = useRunState((state) => state.watches);
  const conditions = useRunState((state) => state.conditions);
  const values = useRunState((state) => state.frame?.slices.watches);
  const [text, setText] = useState('');
  const pointer = text.trim().startsWith('/') ? text.trim() : `/${text.trim().replaceAll('.', '/')}`;
  const isPath = /^(\/([^~/]|~[01])*)*$/.test(pointer);
  const add = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() === '' || !isPath) return;
    watch(pointer);
    setText('');
  };
  return (
    <div className="side-view">
      <form className="side-head" onSubmit={add}>
        <label className="field">
          <input aria-label="Path to watch" placeholder="/order/total" value={text} onChange={(event) => setText(event.target.value)} />
        </label>
        {text.trim() !== '' && !isPath && <p role="alert">A path has ~ only as ~0 (for ~) and ~1 (for /).</p>}
      </form>
      {watches.length === 0 && conditions.length === 0 ? (
        <div className="empty">
          A path that you add here, a value that you watch in the tree, or a condition of Find when stays in sight while the cursor moves.
        </div>
      ) : (
        <div className="side-list" role="list" aria-label="Watches" tabIndex={0}>
          {conditions.map((condition) => (
            <WatchedCondition key={`condition ${condition}`} condition={condition} />
          ))}
          {watches.map((pointer) => (
            <Watch key={pointer} pointer={pointer} value={values?.find((known) => known.pointer === pointer)} />
          ))}
        </div>
      )}
    </div>
  );
}

function Watch({ pointer, value }: { readonly pointer: string; readonly value: WatchedValue | undefined }) {
  const { source, execution, unwatch, select, setSide } = useRun();
  const reading = useRunState((state) => state.reading);
  const sequence = useRunState((state) => state.sequence);
  const last = useRunState((state) => state.frame?.lastSequence ?? state.view.lastSequence);
  const changes = useAnswer('explain.changes', { source, execution, pointer });
  const points = changes?.points ?? [];
  const isNumber = value?.type === 'number' || points.some((point) => point.value !== null);
  const showChanges = (): void => {
    select(pointer);
    setSide('changes');
  };
  return (
    <div className="watch" role="listitem" data-change={value?.change ?? undefined}>
      <button type="button" className="link" title={`Every change of ${pointer}`} onClick={showChanges}>
        <bdi>{pointer}</bdi>
      </button>
      <WatchButtons watch={pointer} halt={`Stop playing when ${pointer} changes`} onRemove={() => unwatch(pointer)}>
        {isNumber && pointer !== '' && <TrackButton pointer={pointer} />}
      </WatchButtons>
      <Sparkline points={reading === 'replay' ? points : []} last={last} at={sequence} height={18} />
      <bdi className={value?.type === undefined ? 'watch-none dim' : `watch-value json-${value.type}`} title={value?.text}>
        {value === undefined ? '…' : value.type === undefined ? noValue(changes) : value.text}
      </bdi>
    </div>
  );
}

/** @param changes of the value over the whole log. */
function noValue(changes: ValueChanges | undefined): string {
  if (changes?.total !== 0) return 'no value';
  return changes.incompleteFrom === null ? 'never set in this run' : `never set before #${changes.incompleteFrom}`;
}

function TrackButton({ pointer }: { readonly pointer: string }) {
  const { showTrack } = useRun();
  const isShown = useRunState((state) => state.tracks.includes(pointer));
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={`Show ${pointer} as a track`}
      aria-pressed={isShown}
      title="Show as a track of the timeline"
      onClick={() => showTrack(pointer, !isShown)}
    >
      <ChartSpline aria-hidden="true" />
    </button>
  );
}

/** Whether a condition holds at the cursor, and since when. */
function WatchedCondition({ condition }: { readonly condition: string }) {
  const { source, execution, unwatchCondition, setCondition, setSide, moveTo } = useRun();
  const sequence = useRunState((state) => state.frame?.sequence ?? state.sequence);
  const { answer, fault } = useAnswerOrFault('explain.transitions', { source, execution, condition });
  const { transitions = [], total = 0 } = answer ?? {};
  const now = transitions.findLast((transition) => transition.sequence <= sequence);
  // Behind the last one that is listed, others may follow.
  const isKnown = now !== undefined && (now !== transitions.at(-1) || total === transitions.length);
  const find = (): void => {
    setCondition(condition);
    setSide('find');
  };
  return (
    <div className="watch" role="listitem">
      <button type="button" className="link" title={`When ${condition} is true`} onClick={find}>
        <bdi>{condition}</bdi>
      </button>
      <WatchButtons watch={condition} halt={`Stop playing when ${condition} becomes true`} onRemove={() => unwatchCondition(condition)} />
      <span className="watch-since">
        {fault !== undefined ? (
          explain(fault)
        ) : answer === undefined ? (
          '…'
        ) : isKnown ? (
          <>
            <b className="json-boolean">{String(now.value)}</b> since{' '}
            <button type="button" className="link" onClick={() => moveTo(now.sequence, { jump: true })}>
              #{now.sequence}
            </button>
          </>
        ) : (
          'not known here: too many transitions'
        )}
      </span>
    </div>
  );
}

interface WatchButtonsProps {
  /** The path or the condition. */
  readonly watch: string;
  /** The name of the switch that stops the playing. */
  readonly halt: string;
  readonly onRemove: () => void;
  readonly children?: ReactNode;
}

function WatchButtons({ watch, halt, onRemove, children }: WatchButtonsProps) {
  const { haltAt } = useRun();
  const halts = useRunState((state) => state.halts.watches.includes(watch));
  return (
    <span className="watch-buttons">
      {children}
      <button type="button" className="icon-button" aria-label={halt} aria-pressed={halts} title={halt} onClick={() => haltAt(watch, !halts)}>
        <OctagonPause aria-hidden="true" />
      </button>
      <button type="button" className="icon-button" aria-label={`Stop watching ${watch}`} title="Stop watching" onClick={onRemove}>
        <X aria-hidden="true" />
      </button>
    </span>
  );
}
