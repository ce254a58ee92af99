import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef } from 'react';
import { explain } from '../../../core/fault.ts';
import { FINDINGS, type Finding, type FindingMeaning, type FindingSeverity } from '../../../core/finding.ts';
import { useAnswer, useAnswerOrFault } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { bytes, count, plural, words } from '../../widgets/format.ts';
import { AuditNote } from './audit-note.tsx';
import './findings.css';

const ROW = 58;
const SIGNS: Readonly<Record<FindingSeverity, string>> = { error: '✕', warning: '!', note: 'i' };

/** What is unusual about the execution. Each finding leads to its place. */
export function FindingsView() {
  const { source, execution } = useRun();
  const list = useAnswer('findings.list', { source, execution }, { keep: true });
  const integrity = useRunState((state) => state.frame?.integrity);
  const scroller = useRef<HTMLDivElement>(null);
  const { answer: audit, fault } = useAnswerOrFault('findings.audit', { source, execution }, { keep: true });
  const findings = useMemo(() => [...(list?.findings ?? []), ...(audit?.findings ?? [])].sort((a, b) => a.sequence - b.sequence), [list, audit]);
  const virtual = useVirtualizer({ count: findings.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 5 });
  if (list === undefined) return <div className="empty">Reading…</div>;
  const total = list.total + (audit?.total ?? 0);
  const note = (
    <>
      {list.setAside > 0 && (
        <div className="audit-note">
          The changes of this run are larger than memory allows: {bytes(list.setAside)} of them are in a temporary file, so some answers take longer.
        </div>
      )}
      {audit !== undefined && audit !== null && <AuditNote audit={audit} />}
      {fault !== undefined && <div className="audit-note warning">The audit log of the database cannot be read: {explain(fault)}</div>}
    </>
  );
  if (total === 0) {
    return (
      <div className="findings">
        <div className="empty grow">
          {list.complete
            ? `Nothing unusual was found in the log and the snapshots${integrity === 'sound' ? ', nor in the rows of the database' : '; the database has not been checked'}.`
            : 'Nothing unusual so far; the check goes on.'}
        </div>
        {note}
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
      {note}
      <div className="json-foot dim">
        {plural(total, 'finding')}
        {total > findings.length && `, showing the first ${count(findings.length)}`}
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

function Row({ index, measure, finding: { kind, sequence, detail, isOfDatabase }, start }: RowProps) {
  const { moveTo } = useRun();
  const { severity, means, doesNotProve }: FindingMeaning = FINDINGS[kind];
  return (
    <div ref={measure} data-index={index} className="finding" role="listitem" style={{ transform: `translateY(${start}px)` }}>
      <span className="finding-sign" data-severity={severity} role="img" aria-label={severity}>
        {SIGNS[severity]}
      </span>
      <div className="grow">
        <p>
          {isOfDatabase ? (
            'of the database:'
          ) : (
            <button type="button" className="link" onClick={() => moveTo(sequence, { jump: true })}>
              #{sequence}
            </button>
          )}{' '}
          <b>{words(kind.replaceAll('-', '_'))}</b> <bdi>{detail}</bdi>
        </p>
        <p className="dim">
          {means} {doesNotProve}
        </p>
      </div>
    </div>
  );
}
