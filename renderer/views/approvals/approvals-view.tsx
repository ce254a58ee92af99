import { explain } from '../../../core/fault.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useRun } from '../../state/context.ts';
import { count, plural } from '../../widgets/format.ts';
import { ApprovalRow } from './approval-row.tsx';

/** The approvals of the run, those that wait for a decision first. */
export function ApprovalsView() {
  const { source, execution, moveTo } = useRun();
  const { answer, fault } = useAnswerOrFault('explain.approvals', { source, execution });
  if (answer === undefined) return <div className="empty">{fault === undefined ? 'Reading…' : explain(fault)}</div>;
  const { total, pending, rows } = answer;
  if (total === 0) return <div className="empty">Nobody was asked for a decision in this run.</div>;
  return (
    <div className="side-view">
      <div className="side-head">
        <p className="dim">
          {plural(total, 'approval')}, {pending === 0 ? 'none waits' : `${count(pending)} waiting`}
          {total > rows.length && `, showing ${count(rows.length)}`}
        </p>
      </div>
      <ul className="side-list approvals" aria-label="Approvals">
        {rows.map((approval) => {
          const at = approval.decision ?? approval.request ?? 0;
          return <ApprovalRow key={at} approval={approval} onOpen={() => moveTo(at, { jump: true })} />;
        })}
      </ul>
    </div>
  );
}
