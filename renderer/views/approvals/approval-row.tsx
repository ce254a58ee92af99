import type { ReactNode } from 'react';
import type { ApprovalView } from '../../../core/contract/explain.ts';
import { visible } from '../../../core/visible.ts';
import { asked, decided } from '../inspector/dossier.tsx';
import './approvals.css';

interface ApprovalRowProps {
  readonly approval: ApprovalView;
  /** Of which run it is, where that is not known otherwise. */
  readonly run?: ReactNode;
  readonly onOpen: () => void;
}

/** One approval of a list: who was asked, and who decided. It opens at its decision, or at its request while there is none. */
export function ApprovalRow({ approval, run, onOpen }: ApprovalRowProps) {
  const { outcome } = approval;
  const state = outcome === 'decided' ? approval.decided : outcome;
  return (
    <li className="approval" data-outcome={state}>
      <button type="button" onClick={onOpen}>
        <span className="approval-state">{outcome === 'passed' ? 'no decision' : visible(state)}</span>
        {run}
        <span className="approval-text">
          <bdi>{visible(asked(approval))}.</bdi> <bdi className="dim">{visible(decided(approval))}</bdi>
        </span>
        <span className="link">#{approval.decision ?? approval.request}</span>
      </button>
    </li>
  );
}
