import { equalJson, isArray, isObject, type Json, type JsonArray, type JsonObject } from '../json/value.ts';
import { align } from '../replay/align.ts';
import { hasSystemPrompt } from './model-request.ts';

/** A difference between what the state holds and what was sent. */
export interface SentNote {
  readonly kind: 'tool_calls' | 'roles' | 'fields' | 'contents' | 'messages' | 'state_keys' | 'system_prompt';
  /** A sentence. */
  readonly detail: string;
  /** The messages it is about, by their index in the list of the reading that has them: *given*, or *replay* for `messages` that were not sent. */
  readonly messages?: readonly number[];
  /** The keys it is about. */
  readonly keys?: readonly string[];
  /** The event that it is about. */
  readonly sequence?: number;
}

export interface SentNotes {
  /** What is in the state and was not sent. */
  readonly notSent: readonly SentNote[];
  /** What was sent, though it is not in the replayed state. */
  readonly onlySent: readonly SentNote[];
}

/** The most keys and messages that a note lists; its sentence counts all. */
const MAX_LISTED = 1000;

/**
 * What of the state a model was not sent, and what it was sent that is not in the state.
 *
 * @param given what the request was made from. @param replayed the state at the same moment, as it is displayed.
 */
export function sentNotes(systemPrompt: Json | undefined, given: JsonObject, replayed: Json): SentNotes {
  const messages = itemsOf(given.get('messages'));
  const edited = editsOf(messages, itemsOf(isObject(replayed) ? replayed.get('messages') : undefined));
  const keys = [...new Set([...given.keys(), ...(isObject(replayed) ? replayed.keys() : [])])].filter((key) => key !== 'messages');
  return {
    notSent: [...droppedParts(messages), ...edited.notSent, ...stateKeys(keys)],
    onlySent: [...promptNotes(systemPrompt, messages), ...edited.onlySent],
  };
}

function droppedParts(messages: JsonArray): SentNote[] {
  const notes: SentNote[] = [];
  const calls = indexesOf(messages, (item) => callsIn(item) > 0);
  if (calls.length > 0) {
    const total = calls.reduce((sum, index) => sum + callsIn(messages[index]), 0);
    notes.push({
      kind: 'tool_calls',
      detail: `${count(total, 'tool call')} of the assistant: the model never saw which tools it had called.`,
      messages: listed(calls),
    });
  }
  const roles = indexesOf(messages, (item) => !['system', 'assistant', 'user'].includes(roleOf(item) ?? ''));
  if (roles.length > 0) {
    const names = [...new Set(roles.map((index) => roleOf(messages[index]) ?? 'no role'))].slice(0, 5).join(', ');
    notes.push({ kind: 'roles', detail: `The role of ${count(roles.length, 'message')} (${names}): sent as user.`, messages: listed(roles) });
  }
  const contents = indexesOf(
    messages,
    (item) => !isObject(item) || (item.get('content') !== null && item.has('content') && typeof item.get('content') !== 'string'),
  );
  if (contents.length > 0) {
    notes.push({ kind: 'contents', detail: `The content of ${count(contents.length, 'message')} is no text: sent empty.`, messages: listed(contents) });
  }
  const fields = new Set<string>();
  const withFields = indexesOf(messages, (item) => {
    const others = isObject(item) ? [...item.keys()].filter((key) => key !== 'role' && key !== 'content' && key !== 'tool_calls') : [];
    for (const key of others) fields.add(key);
    return others.length > 0;
  });
  if (withFields.length > 0) {
    const names = [...fields];
    notes.push({
      kind: 'fields',
      detail: `${names.slice(0, 5).join(', ')} of ${count(withFields.length, 'message')}.`,
      messages: listed(withFields),
      keys: listed(names),
    });
  }
  return notes;
}

/** Messages that an approval's patch changed in the replayed state are not in what nodes are given. */
function editsOf(given: JsonArray, replayed: JsonArray): SentNotes {
  if (equalJson(given, replayed)) return { notSent: [], onlySent: [] };
  const pairs = align(given, replayed).pairs.filter(
    ({ before, after }) => before === undefined || after === undefined || !equalJson(given[before], replayed[after]),
  );
  const notSent = pairs.flatMap(({ after }) => after ?? []);
  const onlySent = pairs.flatMap(({ before }) => before ?? []);
  return {
    notSent:
      notSent.length === 0
        ? []
        : [
            {
              kind: 'messages',
              detail: `${count(notSent.length, 'message')} of the replayed state: the request is made of the list as nodes are given it.`,
              messages: listed(notSent),
            },
          ],
    onlySent:
      onlySent.length === 0
        ? []
        : [
            {
              kind: 'messages',
              detail: `${count(onlySent.length, 'message')} of the list as nodes are given it, which the replayed state has no more.`,
              messages: listed(onlySent),
            },
          ],
  };
}

function stateKeys(keys: readonly string[]): SentNote[] {
  if (keys.length === 0) return [];
  return [
    {
      kind: 'state_keys',
      detail: `${count(keys.length, 'other key')} of the state: ${keys.slice(0, 5).join(', ')}${keys.length > 5 ? ', …' : ''}.`,
      keys: listed(keys),
    },
  ];
}

function promptNotes(systemPrompt: Json | undefined, messages: JsonArray): SentNote[] {
  if (!hasSystemPrompt(systemPrompt)) return [];
  const copies = indexesOf(messages, (item) => isObject(item) && item.get('role') === 'system' && item.get('content') === systemPrompt);
  const detail =
    copies.length === 0
      ? 'The system prompt, from the definition.'
      : `The system prompt ${copies.length === 1 ? 'twice' : `${copies.length + 1} times`}: once from the definition, and again from the messages.`;
  return [{ kind: 'system_prompt', detail, messages: listed(copies) }];
}

function itemsOf(value: Json | undefined): JsonArray {
  return isArray(value) ? value : [];
}

function roleOf(item: Json | undefined): string | undefined {
  const role = isObject(item) ? item.get('role') : undefined;
  return typeof role === 'string' ? role : undefined;
}

function callsIn(item: Json | undefined): number {
  const calls = isObject(item) ? item.get('tool_calls') : undefined;
  return isArray(calls) ? calls.length : 0;
}

function indexesOf(items: JsonArray, matches: (item: Json) => boolean): number[] {
  return items.flatMap((item, index) => (matches(item) ? index : []));
}

function listed<T>(all: readonly T[]): readonly T[] {
  return all.slice(0, MAX_LISTED);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
