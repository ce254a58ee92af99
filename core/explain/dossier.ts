import type { Event } from '../jamjet/event.ts';
import type { Json } from '../json/value.ts';
import { diffJson } from '../replay/diff.ts';
import { nearestChange } from '../replay/nearest-change.ts';
import type { Steps } from '../replay/steps.ts';
import { type Approval, NODE_ENDS, RUN_ENDS } from './approvals.ts';
import type { ExplainedRun } from './run.ts';
import { nodeName } from './why.ts';

/** What a person changed with a decision, and what became of it. */
interface Edit {
  readonly path: string;
  readonly old: Json | undefined;
  readonly new: Json | undefined;
  /** The next event that changed it; undefined when the edit is still there at the end of the log. */
  readonly lost: { readonly sequence: number; readonly by: string } | undefined;
}

/** An approval in full. */
export interface Dossier {
  readonly approval: Approval;
  /** What was shown to the person: the context of a tool, or the state of an interruption. */
  readonly shown: Json | undefined;
  /** The first 20 values that the decision changed in the replayed state. Nodes are given none of them. */
  readonly edits: readonly Edit[];
  readonly moreEdits: boolean;
  /** What the node did after the decision, and how the run ended if it ended by that. */
  readonly after: readonly { readonly sequence: number; readonly text: string }[];
}

const MAX_EDITS = 20;
/** How many positions are looked at between two yields. */
const POSITIONS_PER_STEP = 8192;
const MAX_AFTER = 8;

/** What was asked, what was shown, what the decision changed, what ran then, and where the changes were lost. */
export async function dossierOf(run: ExplainedRun, approval: Approval): Promise<Dossier> {
  const { request, decision } = approval;
  const asked = request && (await run.eventAt(run.history.positionAt(request.sequence)));
  const shown = asked?.fields.get('context') ?? asked?.fields.get('state_for_review');
  if (decision === undefined) return { approval, shown, edits: [], moreEdits: false, after: [] };
  const { history, paced } = run;
  const position = history.positionAt(decision.sequence);
  const { changes, more } = diffJson(history.stateAt(position - 1), history.stateAt(position), MAX_EDITS + 1);
  const edits: Edit[] = [];
  for (const { path, old, new: now } of changes.slice(0, MAX_EDITS)) {
    const at = await paced(nearestChange(history, position, 1, path));
    edits.push({ path, old, new: now, lost: at === undefined ? undefined : { sequence: history.sequenceOf(at), by: writerAt(run, at) } });
  }
  return { approval, shown, edits, moreEdits: more || changes.length > MAX_EDITS, after: await eventsAfter(run, position, approval.node) };
}

function writerAt({ history, workflow }: ExplainedRun, position: number): string {
  if (history.kindOf(position)?.type === 'approval_received') return 'another decision';
  const node = history.nodeOf(position);
  return node === undefined ? (history.kindOf(position)?.type ?? 'an event that cannot be read') : nodeName(node, workflow).full;
}

/** The events of the node after the decision, up to its end; and the next event of all, if that ended the run. */
async function eventsAfter(run: ExplainedRun, position: number, node: string | undefined): Promise<Dossier['after']> {
  const after: { sequence: number; text: string }[] = [];
  for (const at of await run.paced(positionsAfter(run, position, node))) {
    after.push({ sequence: run.history.sequenceOf(at), text: wordsOf(run.history.kindOf(at)?.type ?? '', await run.eventAt(at)) });
  }
  return after;
}

function* positionsAfter({ history }: ExplainedRun, position: number, node: string | undefined): Steps<readonly number[]> {
  const found: number[] = [];
  for (let at = position + 1; at < history.count && found.length < MAX_AFTER; at++) {
    if (at % POSITIONS_PER_STEP === 0) yield;
    const type = history.kindOf(at)?.type ?? '';
    const endsRun = RUN_ENDS.has(type);
    if (!endsRun && (node === undefined || history.nodeOf(at) !== node)) continue;
    found.push(at);
    if (endsRun || (NODE_ENDS.has(type) && type !== 'node_failed')) break;
  }
  return found;
}

function wordsOf(type: string, event: Event | undefined): string {
  const error = event?.fields.get('error');
  return `${type.replaceAll('_', ' ')}${typeof error === 'string' ? `: ${error}` : ''}`;
}
