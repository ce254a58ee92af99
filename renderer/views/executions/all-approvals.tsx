import type { SourceId } from '../../../core/contract/cursor.ts';
import { explain } from '../../../core/fault.ts';
import { visible } from '../../../core/visible.ts';
import { useAnswerOrFault } from '../../state/answers.ts';
import { useApp } from '../../state/context.ts';
import { count, plural, shortId } from '../../widgets/format.ts';
import { ApprovalRow } from '../approvals/approval-row.tsx';
import { moveAmongButtons } from '../timeline/flags.tsx';
import { ReadingStatus } from './reading-status.tsx';

/** The approvals of all runs of a source, those that wait longest first. Each opens at its decision, or at its request. */
export function AllApprovals({ source }: { readonly source: SourceId }) {
  const { navigation } = useApp();
  const { answer, fault } = useAnswerOrFault('executions.approvals', { source });
  if (fault !== undefined) {
    return (
      <div className="empty" role="alert">
        {explain(fault)}
      </div>
    );
  }
  if (answer === undefined) return <div className="all-approvals" />;
  if (answer.total === 0 && answer.state === 'whole') return <div className="empty">Nobody was asked for a decision in any run.</div>;
  return (
    <ul className="approvals all-approvals" aria-label="Approvals" onKeyDown={(event) => moveAmongButtons(event, 'ArrowUp', 'ArrowDown')}>
      {answer.rows.map((approval) => {
        const { execution, workflow, decision, request } = approval;
        const at = decision ?? request ?? 0;
        const run = (
          <span className="approval-run">
            <bdi>{visible(workflow)}</bdi> <span className="mono">{shortId(execution)}</span>
          </span>
        );
        return <ApprovalRow key={`${execution} ${at}`} approval={approval} run={run} onOpen={() => void navigation.enterExecution(execution, at)} />;
      })}
    </ul>
  );
}

export function ApprovalsStatus({ source }: { readonly source: SourceId }) {
  const { answer } = useAnswerOrFault('executions.approvals', { source });
  if (answer === undefined) return null;
  const { pending, total, rows } = answer;
  return (
    <ReadingStatus source={source} what="approvals" reading={answer} label="Looking for approvals">
      <b>{count(pending)}</b> waiting, {plural(total, 'approval')} in all
      {total > rows.length && `, showing ${count(rows.length)}`}
    </ReadingStatus>
  );
}
