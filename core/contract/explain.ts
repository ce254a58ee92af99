import { z } from 'zod';
import type { FindingSeverity } from '../finding.ts';
import { cursor, execution, pointer, rowWindow } from './cursor.ts';
import type { Completion } from './events.ts';
import { request } from './request.ts';
import type { ValueText } from './values.ts';

/** The event that last changed a value, and how. */
export interface Writer {
  /** 0 for the initial input. */
  readonly sequence: number;
  /** The kind of the event; `initial_input` at 0. */
  readonly type: string;
  readonly node: string | null;
  /** Such as `set`, `merged` or `parent_replaced`. */
  readonly how: string;
}

/** One change of a value, with the old and the new one as they are displayed in a line; null for none. */
export interface ValueChange extends Writer {
  readonly createdAt: number | null;
  readonly old: string | null;
  readonly new: string | null;
}

export interface ValueChanges {
  readonly total: number;
  /** The sequence from which the log is incomplete; changes behind it may be missing. */
  readonly incompleteFrom: number | null;
  /** The last ones, oldest first. */
  readonly changes: readonly ValueChange[];
  /** The value over the log where it is a number, at most 401 points: the last value in each part of the log. */
  readonly points: readonly { readonly sequence: number; readonly value: number | null }[];
}

/** A change of a condition's value. */
export interface Transition {
  /** 0 is before the first event. */
  readonly sequence: number;
  readonly value: boolean;
  readonly type: string | null;
  readonly node: string | null;
  /** Milliseconds since 1970; null when it is not known. */
  readonly time: number | null;
}

export interface Transitions {
  readonly total: number;
  /** The sequence from which the log is incomplete. */
  readonly incompleteFrom: number | null;
  /** The first ones. */
  readonly transitions: readonly Transition[];
  /** The first and the last moment from which it is true, null when it never is, and how many there are; 0 is before the first event. */
  readonly firstTrue: number | null;
  readonly lastTrue: number | null;
  readonly timesTrue: number;
  /** Milliseconds for which it is true, up to the end of the log. */
  readonly held: number;
  /** How often the condition could not be evaluated, which counts as false. */
  readonly errors: number;
  readonly firstError: string | null;
}

/** A text of a conversation, cut to what can be shown; {@link length} is that of the whole. */
export interface BoundedText {
  readonly text: string;
  /** In UTF-16 code units. */
  readonly length: number;
}

/** A question to a person, and what became of it. Texts are '' where the log does not say them; times are in milliseconds since 1970. */
export interface ApprovalView {
  readonly node: string | null;
  /** The sequence of the request; null for a decision without one. */
  readonly request: number | null;
  readonly askedAt: number | null;
  readonly tool: string;
  readonly approver: string;
  readonly reason: string;
  /** The sequence of the decision; null while there is none. */
  readonly decision: number | null;
  readonly decidedAt: number | null;
  /** `approved` or `rejected`, as it is stored. */
  readonly decided: string;
  readonly by: string;
  readonly comment: string;
  /** `passed`: the node or the run went on or ended without a decision. */
  readonly outcome: 'pending' | 'decided' | 'passed';
}

/** An approval in full. */
export interface ApprovalDossier extends ApprovalView {
  /** The context of a tool, or the state that was shown for review; cut. */
  readonly shown: string | null;
  /** What the decision changed in the replayed state, the first 20 values, and which event changed each next. Nodes are given none of it. */
  readonly edits: readonly {
    readonly path: string;
    readonly old: string | null;
    readonly new: string | null;
    readonly lost: { readonly sequence: number; readonly by: string } | null;
  }[];
  readonly moreEdits: boolean;
  /** What the node did after the decision, or how that ended the run. */
  readonly after: readonly { readonly sequence: number; readonly text: string }[];
}

export interface ApprovalsOfRun {
  readonly total: number;
  readonly pending: number;
  /** Pending ones first, then the newest; at most 1,000. */
  readonly rows: readonly ApprovalView[];
}

/** A call of a tool that a model asked for. */
export interface ToolCallView {
  readonly id: string | null;
  readonly name: string | null;
  readonly arguments: BoundedText;
}

/** A message as it was sent, and what the state holds of it. */
export interface MessageView {
  /** In the request, from 0 on. */
  readonly index: number;
  readonly role: string;
  readonly content: BoundedText;
  /** Whether the call before this dispatch did not have it, or had it with another text. */
  readonly isNew: boolean;
  /** Where it comes from: the definition, the messages of the state, or a payload that was made by hand. */
  readonly from: 'definition' | 'state' | 'payload';
  /** The sequence of the event that wrote it; null when it is not from the state. */
  readonly writer: number | null;
  /** The role in the state, where another one was sent. */
  readonly stateRole: string | null;
  /** What the state holds beside role and content, and was not sent. */
  readonly toolCalls: readonly ToolCallView[];
  readonly toolCallId: string | null;
}

export interface SentNoteView {
  readonly kind: string;
  readonly detail: string;
  /** The event that it is about; null when it is about none. */
  readonly sequence: number | null;
  /** The values of the state that it is about, of which its sentence names the first ones. */
  readonly values: readonly { readonly label: string; readonly pointer: string }[];
}

export interface AnswerView {
  readonly sequence: number;
  /** Such as `node_completed` or `node_parked`. */
  readonly type: string;
  readonly content: BoundedText | null;
  readonly toolCalls: readonly ToolCallView[];
  readonly finishReason: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Milliseconds that the event says. */
  readonly duration: number | null;
  readonly error: string | null;
  readonly retryAfter: string | null;
}

/** A call of a model as a conversation. */
export interface SentView {
  readonly node: string;
  readonly turn: number | null;
  readonly scheduled: number | null;
  readonly started: number;
  readonly attempt: number;
  /** Which of all calls it is, from 1 on, and where the calls around it start. */
  readonly call: number;
  readonly calls: number;
  readonly previous: number | null;
  readonly next: number | null;
  readonly model: string | null;
  /** Such as `temperature 0.7`. */
  readonly settings: readonly string[];
  /** The names of the tools that were offered. */
  readonly tools: readonly string[];
  /** Why nothing was sent, as a part of a sentence; null when something was. */
  readonly whyNone: string | null;
  readonly total: number;
  /** How many messages the call before did not have. */
  readonly added: number;
  /** The index of the first message of this page. */
  readonly from: number;
  readonly messages: readonly MessageView[];
  readonly answer: AnswerView | null;
  readonly notSent: readonly SentNoteView[];
  readonly onlySent: readonly SentNoteView[];
  /** That the work item holds another request. */
  readonly finding: { readonly severity: FindingSeverity; readonly detail: string } | null;
  readonly incompleteFrom: number | null;
}

interface TurnNodeView {
  readonly node: string;
  readonly part: 'model' | 'gate' | 'tools';
  /** The kind of its last event. */
  readonly last: string;
  /** Milliseconds in a queue, until a rate limit or the delay of a retry was over, running, and until a person decided. */
  readonly queued: number;
  readonly delayed: number;
  readonly ran: number;
  readonly held: number;
  readonly attempts: number;
}

export interface TurnView {
  readonly turn: number;
  readonly isFinal: boolean;
  /** false when its branch was not taken. */
  readonly hasRun: boolean;
  /** The sequences of its first and its last event. */
  readonly from: number;
  readonly to: number;
  readonly events: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly nodes: readonly TurnNodeView[];
}

/** The unrolled loop of an agent. */
export interface TurnsView {
  /** What tells the turns: labels of the definition, or only the names of nodes. */
  readonly by: 'labels' | 'names';
  readonly total: number;
  readonly turns: readonly TurnView[];
}

/** Why a run ended or what it waits for. */
export interface WhyView {
  readonly kind: string;
  readonly sentence: string;
  readonly node: string | null;
  /** From the end backwards. */
  readonly chain: readonly { readonly sequence: number | null; readonly node: string | null; readonly text: string }[];
}

export interface StoryLineView {
  readonly title: string;
  readonly text: string;
  readonly from: number;
  readonly to: number;
  readonly turn: number | null;
  readonly node: string | null;
  readonly outcome: string;
}

export interface StoryView {
  readonly total: number;
  /** How many of them, the first ones, can be asked for. */
  readonly kept: number;
  readonly lines: readonly StoryLineView[];
}

const condition = z.string().max(10_000);

export const explainRequests = {
  /** The last changes of some values of the replayed state, in the same order; null for one that there has never been. */
  'explain.writers': request(z.strictObject({ ...cursor.shape, pointers: z.array(pointer).max(200) }))<readonly (Writer | null)[]>(),
  /** Every change of a value over the whole log. */
  'explain.changes': request(z.strictObject({ ...execution.shape, pointer }))<ValueChanges>(),
  /** The sequence of the nearest change of a value in a direction; null when there is none. */
  'explain.nearest': request(z.strictObject({ ...cursor.shape, pointer, direction: z.enum(['next', 'previous']) }))<number | null>(),
  /** When a condition in CEL over `state`, `status` and `event` becomes true and false. */
  'explain.transitions': request(z.strictObject({ ...execution.shape, condition }))<Transitions>(),
  /** The first sequence behind the cursor at which a condition becomes true; null when there is none. */
  'explain.nextTrue': request(z.strictObject({ ...cursor.shape, condition }))<number | null>(),
  /** The call of a model that started last at or before the cursor, with a page of its messages, the last ones by default; null when none did. */
  'explain.sent': request(z.strictObject({ ...cursor.shape, from: z.int().min(0).optional(), count: z.int().min(0).max(500) }))<SentView | null>(),
  /** The whole request of that call as JSON, or one of its messages, counted from 0 on, as text. */
  'explain.sentText': request(z.strictObject({ ...cursor.shape, message: z.int().min(0).optional() }))<ValueText>(),
  /** The turns of an agent's loop; null for a run without one. */
  'explain.turns': request(z.strictObject({ ...execution.shape, ...rowWindow.shape }))<TurnsView | null>(),
  /** The first event of the nearest turn that has run, in a direction; null when there is none. */
  'explain.nearestTurn': request(z.strictObject({ ...cursor.shape, direction: z.enum(['next', 'previous']) }))<number | null>(),
  'explain.approvals': request(execution)<ApprovalsOfRun>(),
  /** The approval to which an event belongs; null when it belongs to none. */
  'explain.approval': request(cursor)<ApprovalDossier | null>(),
  'explain.why': request(execution)<WhyView>(),
  /** The log as a story, a page of its lines. */
  'explain.story': request(z.strictObject({ ...execution.shape, ...rowWindow.shape }))<StoryView>(),
  /** The index of the line of that story that the event at the cursor belongs to, or that began last before it; null before the first one. */
  'explain.storyLine': request(cursor)<number | null>(),
  /** How a condition may go on at the caret, with the keys of the state at the cursor. */
  'explain.complete': request(z.strictObject({ ...cursor.shape, condition, caret: z.int().min(0).max(10_000) }))<Completion>(),
} as const;
