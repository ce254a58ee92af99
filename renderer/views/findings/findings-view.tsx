import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { FINDINGS, type Finding, type FindingSeverity } from '../../../core/finding.ts';
import { useAnswer } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { count, plural, words } from '../../widgets/format.ts';
import './findings.css';

const ROW = 58;
const SIGNS: Readonly<Record<FindingSeverity, string>> = { error: '✕', warning: '!', note: 'i' };

/** What is unusual about the execution. Each finding leads to its place. */
export function FindingsView() {
  const { source, execution } = useRun();
  const list = useAnswer('findings.list', { source, execution }, { keep: true });
  const integrity = useRunState((state) => state.frame?.integrity);
  const scroller = useRef<HTMLDivElement>(null);
  const findings = list?.findings ?? [];
  const virtual = useVirtualizer({ count: findings.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 5 });
  if (list === undefined) return <div className="empty">Reading…</div>;
  if (list.total === 0) {
    return (
      <div className="empty">
        {list.complete
          ? `Nothing unusual was found in the log and the snapshots${integrity === 'sound' ? ', nor in the rows of the database' : '; the database has not been checked'}.`
          : 'Nothing unusual so far; the check goes on.'}
      </div>
    );
  }
  return (
    <div className="findings">
      <div className="findings-list selectable" ref={scroller} role="list" aria-label="Findings" tabIndex={0}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
          {virtual.getVirtualItems().map(({ index, start }) => (
            <Row key={index} index={index} measure={virtual.measureElement} finding={findings[index] as Finding} start={start} />
          ))}
        </div>
      </div>
      <div className="json-foot dim">
        {plural(list.total, 'finding')}
        {list.total > findings.length && `, showing the first ${count(findings.length)}`}
        {!list.complete && '; the check goes on'}
      </div>
    </div>
  );
}

interface RowProps {
  readonly index: number;
  readonly measure: (element: Element | null) => void;
  readonly finding: Finding;
  readonly start: number;
}

function Row({ index, measure, finding: { kind, sequence, detail }, start }: RowProps) {
  const { moveTo } = useRun();
  const { severity, means } = FINDINGS[kind];
  return (
    <div ref={measure} data-index={index} className="finding" role="listitem" style={{ transform: `translateY(${start}px)` }}>
      <span className="finding-sign" data-severity={severity} role="img" aria-label={severity}>
        {SIGNS[severity]}
      </span>
      <div className="grow">
        <p>
          <button type="button" className="link" onClick={() => moveTo(sequence, { jump: true })}>
            #{sequence}
          </button>{' '}
          <b>{words(kind.replaceAll('-', '_'))}</b> <bdi>{detail}</bdi>
        </p>
        <p className="dim">{means}</p>
      </div>
    </div>
  );
}
