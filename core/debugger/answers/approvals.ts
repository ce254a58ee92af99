import type { ApprovalDossier, ApprovalView } from '../../contract/explain.ts';
import type { Approval } from '../../explain/approvals.ts';
import type { Dossier } from '../../explain/dossier.ts';
import { printJson } from '../../json/print.ts';
import type { Json } from '../../json/value.ts';
import { visible, visibleLines } from '../../visible.ts';
import { cutText, oneLine } from '../value-text.ts';

const SHOWN_LENGTH = 4000;
const COMMENT_LENGTH = 400;

export function approvalView({ node, request, tool, approver, reason, decision, outcome }: Approval): ApprovalView {
  const said = (text: string): string => cutText(visible(text), COMMENT_LENGTH).text;
  return {
    node: node ?? null,
    request: request?.sequence ?? null,
    askedAt: timeOf(request),
    tool: said(tool),
    approver: said(approver),
    reason: said(reason),
    decision: decision?.sequence ?? null,
    decidedAt: timeOf(decision),
    decided: said(decision?.decision ?? ''),
    by: said(decision?.by ?? ''),
    comment: said(decision?.comment ?? ''),
    outcome,
  };
}

export function dossierView({ approval, shown, edits, moreEdits, after }: Dossier): ApprovalDossier {
  const line = (value: Json | undefined): string | null => (value === undefined ? null : oneLine(value));
  return {
    ...approvalView(approval),
    shown: shown === undefined || shown === null ? null : cutText(visibleLines(printJson(shown, { pretty: true })), SHOWN_LENGTH).text,
    edits: edits.map(({ path, old, new: now, lost }) => ({ path, old: line(old), new: line(now), lost: lost ?? null })),
    moreEdits,
    after: after.map(({ sequence, text }) => ({ sequence, text: cutText(visible(text), COMMENT_LENGTH).text })),
  };
}

function timeOf(event: { readonly time: number } | undefined): number | null {
  return event === undefined || Number.isNaN(event.time) ? null : event.time;
}
