import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { ValueChange } from '../../../core/contract/explain.ts';
import { explain } from '../../../core/fault.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { count, plural, words } from '../../widgets/format.ts';
import { Sparkline } from '../../widgets/sparkline.tsx';

const ROW = 26;

/** Every change of the value that is selected in the tree, with its course over the log. */
export function ChangesView() {
  const { source, execution, watch, unwatch } = useRun();
  const pointer = useRunState((state) => state.selected);
  const reading = useRunState((state) => state.reading);
  const isWatched = useRunState((state) => state.selected !== undefined && state.watches.includes(state.selected));
  const sequence = useRunState((state) => state.sequence);
  const last = useRunState((state) => state.frame?.lastSequence ?? state.view.lastSequence);
  const { answer, fault } = useAnswerOrFault('explain.changes', pointer === undefined ? undefined : { source, execution, pointer });
  if (pointer === undefined) {
    return <div className="empty">Select a value in the tree to see every change of it. [ and ] go to the change before and after the cursor.</div>;
  }
  return (
    <div className="side-view">
      <div className="side-head">
        <bdi className="side-path">{pointer === '' ? '(the whole state)' : pointer}</bdi>
        <p className="dim">
          {answer === undefined ? (fault === undefined ? 'Reading…' : explain(fault)) : plural(answer.total, 'change')}
          {answer !== undefined && answer.total > answer.changes.length && `, showing the last ${count(answer.changes.length)}`}
          {reading !== 'replay' && ' in replay'} ·{' '}
          <button type="button" className="link" onClick={() => (isWatched ? unwatch(pointer) : watch(pointer))}>
            {isWatched ? 'stop watching' : 'watch'}
          </button>
        </p>
        {answer?.incompleteFrom != null && <p className="warning">From #{answer.incompleteFrom} on, the log is incomplete; changes may be missing.</p>}
        {answer !== undefined && <Sparkline points={answer.points} last={last} at={sequence} height={36} />}
      </div>
      {answer !== undefined && <Rows changes={answer.changes} sequence={sequence} />}
    </div>
  );
}

/** The newest first. */
function Rows({ changes, sequence }: { readonly changes: readonly ValueChange[]; readonly sequence: number }) {
  const { moveTo } = useRun();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({ count: changes.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  // The change that made the value at the cursor.
  const current = changes.findLastIndex((change) => change.sequence <= sequence);
  const shown = current < 0 ? -1 : changes.length - 1 - current;
  useEffect(() => {
    if (shown >= 0) virtual.scrollToIndex(shown);
  }, [virtual, shown]);
  return (
    <div className="side-list" ref={scroller} role="list" aria-label="Changes of the value" tabIndex={0}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {virtual.getVirtualItems().map(({ index, start }) => {
          const change = changes[changes.length - 1 - index] as ValueChange;
          return (
            <div key={index} role="listitem" className={`side-row${index === shown ? ' on' : ''}`} style={{ transform: `translateY(${start}px)` }}>
              <button type="button" className="link" onClick={() => moveTo(change.sequence, { jump: true })}>
                #{change.sequence}
              </button>
              <span className="side-values" title={`${change.old ?? '–'} → ${change.new ?? 'removed'}`}>
                <bdi className="dim">{change.old ?? '–'}</bdi>
                <span className="dim">→</span>
                <bdi>{change.new ?? 'removed'}</bdi>
              </span>
              <bdi className="dim" title={`${words(change.type)}, ${words(change.how)}`}>
                {change.node ?? words(change.type)}
              </bdi>
            </div>
          );
        })}
      </div>
    </div>
  );
}
