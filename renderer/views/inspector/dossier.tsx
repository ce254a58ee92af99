import type { ApprovalDossier } from '../../../core/contract/explain.ts';
import { visible } from '../../../core/visible.ts';
import { useAnswer } from '../../state/answers.ts';
import { useRun } from '../../state/context.ts';
import { span, words } from '../../widgets/format.ts';
import { Place } from '../../widgets/place.tsx';

/** The kinds of events that belong to an approval. */
export const APPROVAL_KINDS: ReadonlySet<string> = new Set(['tool_approval_required', 'interrupt_raised', 'approval_received']);

/** The approval to which an event belongs: who decided what, what they changed, what ran then, and where their edit was lost. */
export function Dossier({ sequence }: { readonly sequence: number }) {
  const { source, execution } = useRun();
  const approval = useAnswer('explain.approval', { source, execution, sequence });
  if (approval === undefined || approval === null) return null;
  const { shown, request, decision, edits, moreEdits, after } = approval;
  return (
    <section className="dossier" aria-label="Approval">
      <h4>Approval</h4>
      <p className="dossier-sentence">
        <bdi>{visible(asked(approval))}</bdi>
        {request !== null && (
          <>
            {' '}
            (<Place sequence={request} />)
          </>
        )}
        {'. '}
        <bdi>{visible(decided(approval))}</bdi>
        {decision !== null && (
          <>
            {' '}
            (<Place sequence={decision} />)
          </>
        )}
      </p>
      {edits.length > 0 && (
        <>
          <h4>What they changed</h4>
          <ul className="edits" aria-label="Edits">
            {edits.map(({ path, old, new: now, lost }) => (
              <li key={path}>
                <bdi className="mono">{path === '' ? '(the whole state)' : visible(path)}</bdi>
                <span className="edit-values">
                  {old !== null && <del>{old}</del>} {now !== null && <ins>{now}</ins>}
                </span>
                {lost === null ? (
                  <span className="dim">still there at the end of the log</span>
                ) : (
                  <span className="warning">
                    lost at <Place sequence={lost.sequence} />, written by <bdi>{visible(lost.by)}</bdi>
                  </span>
                )}
              </li>
            ))}
          </ul>
          <p className="dim">{moreEdits && 'More values were changed. '}The edit is in the replayed state; nodes are not given it.</p>
        </>
      )}
      {decision !== null && (
        <>
          <h4>What ran then</h4>
          {after.length === 0 ? (
            <p className="dim">Nothing yet.</p>
          ) : (
            <ol className="ran" aria-label="What ran then">
              {after.map(({ sequence: at, text }) => (
                <li key={at}>
                  <Place sequence={at} /> <bdi>{text}</bdi>
                </li>
              ))}
            </ol>
          )}
        </>
      )}
      {sequence !== request && shown !== null && (
        <>
          <h4>What was shown</h4>
          <pre className="card" tabIndex={0}>
            {shown}
          </pre>
        </>
      )}
    </section>
  );
}

/** Who was asked for what, without a full stop. */
export function asked({ tool, node, approver, reason, request }: Omit<ApprovalDossier, 'shown' | 'edits' | 'moreEdits' | 'after'>): string {
  if (request === null) return 'Nobody was asked in the log';
  const what = [tool, node === null ? '' : tool === '' ? node : `at ${node}`].filter((part) => part !== '').join(' ');
  return `${approver === '' ? 'Somebody' : approver} was asked about ${what === '' ? 'the run' : what}${reason === '' ? '' : ` (${reason})`}`;
}

/** Who decided, when and why. */
export function decided(approval: Omit<ApprovalDossier, 'shown' | 'edits' | 'moreEdits' | 'after'>): string {
  const { by, comment, askedAt, decidedAt, outcome } = approval;
  if (outcome === 'pending') return 'Nobody has decided yet.';
  if (outcome === 'passed') return 'It ended without a decision.';
  const wait = askedAt === null || decidedAt === null || decidedAt < askedAt ? '' : ` after ${span(decidedAt - askedAt)}`;
  return `${by === '' ? 'Somebody' : by} ${words(approval.decided)} it${wait}${comment === '' ? '.' : `: “${comment}”`}`;
}
