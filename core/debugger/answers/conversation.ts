import type { AnswerView, BoundedText, MessageView, SentNoteView, SentView, ToolCallView } from '../../contract/explain.ts';
import { MAX_COPIED } from '../../contract/values.ts';
import { alignMessages } from '../../explain/messages.ts';
import { settingsOf } from '../../explain/model-request.ts';
import type { ModelStart } from '../../explain/model-starts.ts';
import type { SentAnswer, SentCall } from '../../explain/sent.ts';
import type { SentNote } from '../../explain/sent-notes.ts';
import { FaultError } from '../../fault.ts';
import { FINDINGS } from '../../finding.ts';
import { childPointer } from '../../json/pointer.ts';
import { canonicalJson, printJson } from '../../json/print.ts';
import { beginningOf } from '../../json/slice.ts';
import { isArray, isObject, type Json, type JsonArray } from '../../json/value.ts';
import { numberOf } from '../../replay/costs.ts';
import type { Explanations } from '../explanations.ts';
import { cutText } from '../value-text.ts';
import { lastStartAt } from './sent.ts';

/** The most characters of a message that are shown at once, and of a short text such as a name. */
const MAX_TEXT = 20_000;
/** How much of a key is shown, in characters. */
const MAX_LABEL = 200;
const MAX_SHORT = 300;
const MAX_ARGUMENTS = 4000;
/** The most characters of all texts of an answer; those beyond it are cut to a short text. */
const MAX_TOTAL = 2_000_000;
/** The most tools and calls of a message that are listed. */
const MAX_LISTED = 100;

interface MessagePage {
  /** The last messages by default. */
  readonly from: number | undefined;
  readonly count: number;
}

/** The call that started last at or before a sequence, as a conversation; null when none did. */
export async function conversationAt(explanations: Explanations, sequence: number, page: MessagePage): Promise<SentView | null> {
  const { run } = explanations;
  const starts = await explanations.starts();
  const index = lastStartAt(run, starts, sequence);
  const start = starts[index];
  if (start === undefined) return null;
  const call = await explanations.sent(start);
  const messages = messagesOf(call);
  const isNew = await newMessages(explanations, starts, index, messages);
  const from = Math.min(page.from ?? Math.max(0, messages.length - page.count), messages.length);
  const tools = call.request?.get('tools');
  const sequenceOf = (other: number): number | null => (starts[other] === undefined ? null : run.history.sequenceOf((starts[other] as ModelStart).started));
  const cutter = new Cutter();
  const origin = await originOf(explanations, start, call, messages.length);
  return {
    node: call.node,
    turn: call.turn ?? null,
    scheduled: call.scheduled ?? null,
    started: call.started,
    attempt: call.attempt,
    call: index + 1,
    calls: starts.length,
    previous: sequenceOf(index - 1),
    next: sequenceOf(index + 1),
    model: textOf(call.request?.get('model')),
    settings: call.request === undefined ? [] : settingsOf(call.request),
    tools: (isArray(tools) ? tools : []).slice(0, MAX_LISTED).map((tool) => toolName(tool) ?? 'a tool without a name'),
    whyNone: call.whyNone ?? null,
    total: messages.length,
    added: isNew.filter(Boolean).length,
    from,
    messages: messages.slice(from, from + page.count).map((message, i) => messageView(message, from + i, isNew[from + i] === true, origin, cutter)),
    answer: call.answer === undefined ? null : answerView(call.answer, cutter),
    notSent: call.notSent.map(noteView),
    onlySent: call.onlySent.map(noteView),
    finding: call.finding === undefined ? null : { severity: FINDINGS[call.finding.kind].severity, detail: call.finding.detail },
    incompleteFrom: call.incompleteFrom ?? null,
  };
}

/** The whole request of the call, or one of its messages. @throws FaultError `too-large`; `bad-request` when nothing was sent. */
export async function sentTextAt(explanations: Explanations, sequence: number, message: number | undefined): Promise<string> {
  const { run } = explanations;
  const starts = await explanations.starts();
  const start = starts[lastStartAt(run, starts, sequence)];
  const call = start && (await explanations.sent(start));
  if (call?.request === undefined) throw new FaultError('bad-request', { detail: 'nothing was sent here' });
  const item = message === undefined ? undefined : messagesOf(call)[message];
  const text = message === undefined ? canonicalJson(call.request) : isObject(item) ? (textOf(item.get('content')) ?? '') : '';
  if (text.length > MAX_COPIED) throw new FaultError('too-large', { subject: 'The text', detail: `${text.length.toLocaleString('en')} characters` });
  return text;
}

/** Which messages the call of the dispatch before did not have; none when it is the first. */
async function newMessages(explanations: Explanations, starts: readonly ModelStart[], index: number, messages: JsonArray): Promise<readonly boolean[]> {
  const current = starts[index] as ModelStart;
  for (let before = index - 1; before >= 0; before--) {
    const other = starts[before] as ModelStart;
    if (other.node === current.node && other.scheduled === current.scheduled) continue;
    const earlier = messagesOf(await explanations.sent(other));
    return alignMessages(earlier, messages).items.map((item) => item.before === undefined || item.isChanged);
  }
  return messages.map(() => false);
}

/** Where the messages of a request come from. */
interface Origin {
  /** How many of them are from the definition, before those of the state. */
  readonly before: number;
  /** undefined for a payload that was made by hand. */
  readonly items: JsonArray | undefined;
  readonly writers: readonly number[];
}

async function originOf({ run, writers }: Explanations, { scheduled }: ModelStart, call: SentCall, total: number): Promise<Origin> {
  if (scheduled === undefined || call.witness === 'differs') return { before: 0, items: undefined, writers: [] };
  const given = run.history.givenAt(scheduled - 1).get('messages');
  const items = isArray(given) ? given : [];
  return { before: total - items.length, items, writers: await run.paced(writers.at(scheduled - 1)) };
}

function messageView(message: Json, index: number, isNew: boolean, { before, items, writers }: Origin, cutter: Cutter): MessageView {
  const role = isObject(message) ? (textOf(message.get('role')) ?? '') : '';
  const content = cutter.cut(isObject(message) ? (textOf(message.get('content')) ?? '') : '');
  const item = index < before ? undefined : items?.[index - before];
  const stored = isObject(item) ? item : undefined;
  const stateRole =
    item === undefined ? role : (textOf(stored?.get('role')) ?? (stored?.has('role') ? short(printJson(stored.get('role') ?? null)) : 'no role'));
  return {
    index,
    role,
    content,
    isNew,
    from: items === undefined ? 'payload' : index < before ? 'definition' : 'state',
    writer: item === undefined ? null : (writers[index - before] ?? null),
    stateRole: stateRole === role ? null : short(stateRole),
    toolCalls: callViews(stored?.get('tool_calls'), cutter),
    toolCallId: shortOf(stored?.get('tool_call_id')),
  };
}

function noteView({ kind, detail, sequence, keys = [] }: SentNote): SentNoteView {
  // Other notes have keys of messages.
  const values = kind === 'state_keys' ? keys.map((key) => ({ label: cutText(key, MAX_LABEL).text, pointer: childPointer('', key) })) : [];
  return { kind, detail, sequence: sequence ?? null, values };
}

function answerView(answer: SentAnswer, cutter: Cutter): AnswerView {
  const { sequence, type, content, toolCalls, finishReason, inputTokens, outputTokens, durationMs, error, retryAfter } = answer;
  return {
    sequence,
    type,
    content: content === undefined || content === null ? null : cutter.cut(typeof content === 'string' ? content : printJson(content)),
    toolCalls: callViews(toolCalls, cutter),
    finishReason: shortOf(finishReason),
    inputTokens: numberOf(inputTokens) ?? null,
    outputTokens: numberOf(outputTokens) ?? null,
    duration: numberOf(durationMs) ?? null,
    error: shortOf(error),
    retryAfter: shortOf(retryAfter),
  };
}

/** Both shapes occur: that of the answer, and that of the messages, whose arguments are a text under `function`. */
function callViews(calls: Json | undefined, cutter: Cutter): readonly ToolCallView[] {
  if (!isArray(calls)) return [];
  return calls.slice(0, MAX_LISTED).map((call) => {
    const nested = isObject(call) ? call.get('function') : undefined;
    const from = isObject(nested) ? nested : isObject(call) ? call : undefined;
    const given = from === undefined ? call : (from.get('arguments') ?? null);
    return {
      id: isObject(call) ? shortOf(call.get('id')) : null,
      name: shortOf(from?.get('name')),
      arguments: cutter.cut(typeof given === 'string' ? given : printJson(given), MAX_ARGUMENTS),
    };
  });
}

function toolName(tool: Json): string | null {
  const nested = isObject(tool) ? tool.get('function') : undefined;
  return shortOf((isObject(nested) ? nested : isObject(tool) ? tool : undefined)?.get('name'));
}

function messagesOf(call: SentCall): JsonArray {
  const messages = call.request?.get('messages');
  return isArray(messages) ? messages : [];
}

/** Cuts the texts of one answer. */
class Cutter {
  #left = MAX_TOTAL;

  cut(text: string, length = MAX_TEXT): BoundedText {
    const shown = beginningOf(text, Math.min(length, Math.max(this.#left, MAX_SHORT)));
    this.#left -= shown.length;
    return { text: shown, length: text.length };
  }
}

function textOf(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function shortOf(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  return short(typeof value === 'string' ? value : printJson(value));
}

function short(text: string): string {
  return text.length > MAX_SHORT ? `${beginningOf(text, MAX_SHORT)}…` : text;
}
