import type { Finding } from '../finding.ts';
import { artifactReference } from '../jamjet/artifact.ts';
import type { Event } from '../jamjet/event.ts';
import type { WorkflowNode } from '../jamjet/workflow.ts';
import { canonicalJson } from '../json/print.ts';
import { isArray, isObject, type Json, type JsonArray, JsonMap, type JsonObject } from '../json/value.ts';
import { blameAt } from '../replay/blame.ts';
import { placeInLoop } from './agent-loop.ts';
import { dispatchedItem } from './dispatched-item.ts';
import { type Dispatch, NOTHING_TO_SEND, requestFromPayload, requestOf } from './model-request.ts';
import type { ModelStart } from './model-starts.ts';
import { definitionMissing, type ExplainedRun } from './run.ts';
import { type SentNote, type SentNotes, sentNotes } from './sent-notes.ts';

/** One call of a model: what it was sent and what it answered. Sequences. */
export interface SentCall {
  readonly node: string;
  /** The turn of the agent's loop, from 0 on; undefined for a node of no loop. */
  readonly turn: number | undefined;
  readonly scheduled: number | undefined;
  readonly started: number;
  /** Which start of this dispatch it is, from 1 on: the same request is sent again after a rate limit or a failure. */
  readonly attempt: number;
  /** Keys in code-point order, as it was sent; undefined when there was none or it is not known. */
  readonly request: JsonObject | undefined;
  /** Why there is no request, as a part of a sentence. */
  readonly whyNone: string | undefined;
  /** undefined while the call has not ended. */
  readonly answer: SentAnswer | undefined;
  readonly notSent: readonly SentNote[];
  readonly onlySent: readonly SentNote[];
  /** Whether the payload of the work item, while it is there, says the same. */
  readonly witness: 'equal' | 'differs' | 'gone';
  /** What state and definition lead to, where the work item differs from it: then {@link request} is that of the item. */
  readonly byState: JsonObject | undefined;
  /** What the work item leads to, where nothing can be computed without the definition. */
  readonly byWorkItem: JsonObject | undefined;
  /** That the work item differs from what state and definition lead to. */
  readonly finding: Finding | undefined;
  /** The first sequence from which the log is incomplete, when that is before the dispatch. */
  readonly incompleteFrom: number | undefined;
}

export interface SentAnswer {
  readonly sequence: number;
  /** The kind of the event that ended the call, such as `node_completed` or `node_parked`. */
  readonly type: string;
  readonly content?: Json | undefined;
  readonly model?: Json | undefined;
  readonly finishReason?: Json | undefined;
  readonly toolCalls?: JsonArray | undefined;
  readonly inputTokens?: Json | undefined;
  readonly outputTokens?: Json | undefined;
  readonly costUsd?: Json | undefined;
  readonly durationMs?: Json | undefined;
  /** Of a call that failed. */
  readonly error?: Json | undefined;
  readonly retryable?: Json | undefined;
  /** When a call that was rate limited is made again. */
  readonly retryAfter?: Json | undefined;
}

/** What the model was sent at a start of its node, and what it answered. */
export async function sentAt(run: ExplainedRun, start: ModelStart): Promise<SentCall> {
  const { history } = run;
  const { node, scheduled, started, ended, attempt } = start;
  const definition = run.definitionOf(node);
  const end = ended === undefined ? undefined : await run.eventAt(ended);
  const computed = computedDispatch(run, start, definition);
  const { dispatch, witness, byState, byWorkItem } = decided(run, start, computed, await payloadDispatch(run, start), end);
  const notes = dispatch.request === undefined || scheduled === undefined ? undefined : await notesAt(run, scheduled, definition);
  const firstBad = run.incompleteFrom;
  const dispatched = scheduled === undefined ? undefined : history.sequenceOf(scheduled);
  return {
    node,
    turn: placeInLoop(node, definition)?.turn,
    scheduled: dispatched,
    started: history.sequenceOf(started),
    attempt,
    request: dispatch.request,
    whyNone: dispatch.whyNone,
    answer: ended === undefined ? undefined : await answerOf(run, history.sequenceOf(ended), end, history.kindOf(ended)?.type),
    notSent: notes?.notSent ?? [],
    onlySent: notes?.onlySent ?? [],
    witness,
    byState,
    byWorkItem,
    finding: witness === 'differs' ? differs(node, dispatched ?? 0) : undefined,
    incompleteFrom: firstBad !== undefined && firstBad <= (dispatched ?? history.sequenceOf(started)) ? firstBad : undefined,
  };
}

function differs(node: string, sequence: number): Finding {
  return { kind: 'sent-differs', sequence, detail: `The work item of ${node} holds another request than the state and the definition lead to at ${sequence}.` };
}

/** The text of the request, byte for byte as it was sent. */
export function requestText(call: SentCall): string | undefined {
  return call.request && canonicalJson(call.request);
}

function computedDispatch(run: ExplainedRun, { scheduled }: ModelStart, definition: WorkflowNode | undefined): Dispatch {
  if (run.generation <= 3) return { whyNone: 'it cannot be known: runtimes of this generation do not hand the state to nodes', isUnknown: true };
  if (run.workflow === undefined) return { whyNone: `it cannot be known: ${definitionMissing(run)}`, isUnknown: true };
  if (definition === undefined) return { whyNone: 'it cannot be known: the definition of the workflow has no such node', isUnknown: true };
  if (scheduled === undefined) return { whyNone: 'it cannot be known: no node_scheduled before it says when the request was made', isUnknown: true };
  return requestOf(definition.kind, run.workflow.models, run.history.givenAt(scheduled - 1));
}

async function payloadDispatch(run: ExplainedRun, start: ModelStart): Promise<Dispatch | undefined> {
  const item = await dispatchedItem(run, start);
  const payload = item && (await run.payloadOf(item.id));
  return isObject(payload) ? requestFromPayload(payload) : undefined;
}

interface Decided {
  readonly dispatch: Dispatch;
  readonly witness: SentCall['witness'];
  readonly byState?: JsonObject | undefined;
  readonly byWorkItem?: JsonObject | undefined;
}

/**
 * Holds what was computed against the work item, which is what was dispatched. The server itself dispatches the start node,
 * with nothing to send, unless the scheduler is faster: only what followed tells.
 */
function decided(
  run: ExplainedRun,
  { node, scheduled, schedules }: ModelStart,
  computed: Dispatch,
  payload: Dispatch | undefined,
  end: Event | undefined,
): Decided {
  const hadNothing = end?.kind.type === 'node_failed' && String(end.fields.get('error')).includes(NOTHING_TO_SEND);
  const isStart = run.workflow?.startNode === node && scheduled !== undefined && schedules[0] === scheduled;
  // How the call ended says it for certain, whichever of several work items it was.
  if (hadNothing && computed.isUnknown === undefined) {
    const whyNone = run.workflow?.startNode === node ? START_NODE : computed.request === undefined ? computed.whyNone : NOTHING_THOUGH;
    return { dispatch: { whyNone }, witness: payload !== undefined && payload.request === undefined ? 'equal' : 'gone' };
  }
  if (end?.kind.type === 'node_completed' && computed.request === undefined && computed.isUnknown === undefined && payload?.request === undefined) {
    return { dispatch: { whyNone: ANSWERED_THOUGH, isUnknown: true }, witness: 'gone' };
  }
  const wasSent = end?.kind.type === 'node_completed' || end?.kind.type === 'node_parked';
  if (payload === undefined || (payload.request === undefined && wasSent)) {
    const isKnown = computed.request === undefined || !isStart || end !== undefined;
    return { dispatch: isKnown ? computed : { whyNone: START_UNKNOWN }, witness: 'gone' };
  }
  if (computed.isUnknown) return { dispatch: computed, witness: 'gone', byWorkItem: payload.request };
  if (payload.request === undefined) {
    const isExpected = isStart || computed.request === undefined;
    return {
      dispatch: isStart ? { whyNone: START_NODE } : payload,
      witness: isExpected ? 'equal' : 'differs',
      byState: isExpected ? undefined : computed.request,
    };
  }
  if (computed.request !== undefined && canonicalJson(computed.request) === canonicalJson(payload.request)) return { dispatch: computed, witness: 'equal' };
  return { dispatch: payload, witness: 'differs', byState: computed.request };
}

const START_NODE = `it is the start node, which the server dispatches itself without the input, so there was nothing to send (${NOTHING_TO_SEND})`;
const START_UNKNOWN = 'it cannot be known: the server itself dispatches the start node, usually with nothing to send, and no answer tells yet';
const ANSWERED_THOUGH = 'it cannot be known: the model answered, so it was sent something, but the state and the work item hold no messages';
const NOTHING_THOUGH = `the node failed because it had nothing to send (${NOTHING_TO_SEND}), although the state has messages`;

async function notesAt(run: ExplainedRun, scheduled: number, definition: WorkflowNode | undefined): Promise<SentNotes> {
  const { history } = run;
  const notes = sentNotes(definition?.kind.get('system_prompt'), history.givenAt(scheduled - 1), history.stateAt(scheduled - 1));
  if (!notes.notSent.some(({ kind }) => kind === 'messages')) return notes;
  const edit = await lastEdit(run, scheduled - 1);
  return { ...notes, notSent: notes.notSent.map((note) => (note.kind === 'messages' && edit !== undefined ? { ...note, ...edit } : note)) };
}

/** The decision whose edit of the messages is the last change of them; undefined when something else changed them last. */
async function lastEdit(run: ExplainedRun, position: number): Promise<Pick<SentNote, 'detail' | 'sequence'> | undefined> {
  const blame = await run.paced(blameAt(run.history, '/messages', position));
  if (blame?.kind?.type !== 'approval_received') return undefined;
  const event = await run.eventAt(run.history.positionAt(blame.sequence));
  const user = event?.fields.get('user_id');
  const who = typeof user === 'string' && user !== '' ? user : 'somebody';
  return {
    sequence: blame.sequence,
    detail: `The edit of messages by ${who} at #${blame.sequence}: sent was the list as nodes are given it, which has no edits of approvals.`,
  };
}

async function answerOf(run: ExplainedRun, sequence: number, end: Event | undefined, type: string | undefined): Promise<SentAnswer> {
  if (end === undefined) return { sequence, type: type ?? 'unreadable' };
  const field = (name: string): Json | undefined => end.fields.get(name);
  const kind = end.kind.type;
  if (kind !== 'node_completed') {
    return { sequence, type: kind, error: field('error') ?? field('reason'), retryable: field('retryable'), retryAfter: field('retry_after') };
  }
  const reference = artifactReference(field('output'));
  const output = reference === undefined ? field('output') : await run.artifact(reference.hash);
  const patch = field('state_patch');
  const part = (name: string, patched: string): Json | undefined =>
    (isObject(output) ? output.get(name) : undefined) ?? (isObject(patch) ? patch.get(patched) : undefined);
  const calls = part('tool_calls', 'last_model_tool_calls');
  return {
    sequence,
    type: kind,
    content: part('content', 'last_model_output'),
    model: isObject(output) ? (output.get('model') ?? field('gen_ai_model')) : field('gen_ai_model'),
    finishReason: part('finish_reason', 'last_model_finish_reason') ?? field('finish_reason'),
    toolCalls: isArray(calls) ? calls : undefined,
    inputTokens: field('input_tokens'),
    outputTokens: field('output_tokens'),
    costUsd: field('cost_usd'),
    durationMs: field('duration_ms'),
  };
}

/** A call as it is printed. */
export function sentJson(executionId: string, call: SentCall): JsonObject {
  const answer = call.answer;
  return compact([
    ['execution_id', executionId],
    ['node_id', call.node],
    ['turn', call.turn],
    ['scheduled', call.scheduled ?? null],
    ['started', call.started],
    ['attempt', call.attempt],
    ['request', call.request ?? null],
    ['why_none', call.whyNone],
    ['answer', answer === undefined ? undefined : answerJson(answer)],
    ['not_sent', call.notSent.map(noteJson)],
    ['only_sent', call.onlySent.map(noteJson)],
    ['work_item', call.witness],
    ['by_state', call.byState],
    ['by_work_item', call.byWorkItem],
    ['incomplete_from', call.incompleteFrom],
  ]);
}

function answerJson(answer: SentAnswer): JsonObject {
  return compact([
    ['sequence', answer.sequence],
    ['type', answer.type],
    ['content', answer.content],
    ['model', answer.model],
    ['finish_reason', answer.finishReason],
    ['tool_calls', answer.toolCalls],
    ['input_tokens', answer.inputTokens],
    ['output_tokens', answer.outputTokens],
    ['cost_usd', answer.costUsd],
    ['duration_ms', answer.durationMs],
    ['error', answer.error],
    ['retryable', answer.retryable],
    ['retry_after', answer.retryAfter],
  ]);
}

function noteJson({ kind, detail, sequence, messages, keys }: SentNote): JsonObject {
  return compact([
    ['kind', kind],
    ['detail', detail],
    ['sequence', sequence],
    ['messages', messages],
    ['keys', keys],
  ]);
}

/** The members that there are. */
function compact(members: readonly (readonly [string, Json | undefined])[]): JsonObject {
  return new JsonMap(members.filter((member): member is readonly [string, Json] => member[1] !== undefined));
}
