import { printDouble } from '../jamjet/number.ts';
import { printJson } from '../json/print.ts';
import { isArray, isObject, type Json, type JsonArray, JsonMap, JsonNumber, type JsonObject } from '../json/value.ts';
import { numberOf } from '../replay/costs.ts';
import { readByRuntime } from '../replay/recovery.ts';

/** A request to a model, or why there is none: a part of a sentence. */
export type Dispatch =
  | { readonly request: JsonObject; readonly whyNone?: undefined; readonly isUnknown?: undefined }
  | { readonly request?: undefined; readonly whyNone: string; readonly isUnknown?: true };

/** The settings of a request for people, such as `temperature 0.7`. */
export function settingsOf(request: JsonObject): string[] {
  return ['temperature', 'max_tokens'].flatMap((name) => (request.has(name) ? `${name} ${printJson(request.get(name) ?? null)}` : []));
}

/** The error of a node that had nothing to send. */
export const NOTHING_TO_SEND = 'no prompt or messages provided';

/**
 * The request that the runtime makes for a model node when its scheduler dispatches it (docs/format.md, What a model was sent).
 *
 * @param kind the node's kind in the definition.
 * @param models the definition's settings of models.
 * @param given the given state just before the node's `node_scheduled`.
 */
export function requestOf(kind: JsonObject, models: JsonObject, given: JsonObject): Dispatch {
  const reference = kind.get('model_ref');
  if (typeof reference !== 'string') return { whyNone: 'the definition of the node names no model' };
  const messages = given.get('messages');
  if (messages === undefined || messages === null) return { whyNone: `the state has no messages, so there was nothing to send (${NOTHING_TO_SEND})` };
  if (!isArray(messages)) return { whyNone: 'the messages in the state are no list, so there was nothing to send' };
  const settings = models.get(reference);
  const named = isObject(settings) ? settings : NO_SETTINGS;
  const [provider, model] = [named.get('provider'), named.get('model')];
  const name = typeof model !== 'string' ? reference : typeof provider === 'string' && provider !== '' ? `${provider}/${model}` : model;
  return {
    request: request({
      model: name,
      messages: sentMessages(kind.get('system_prompt'), messages),
      // The scheduler reads them from the definition, and the worker reads what the scheduler wrote.
      tools: readTools(kind.get('tools')),
      temperature: named.get('temperature'),
      maxTokens: named.get('max_tokens'),
    }),
  };
}

function readTools(tools: Json | undefined): Json | undefined {
  return tools === undefined ? undefined : readByRuntime(tools);
}

const NO_SETTINGS: JsonObject = new Map();

/** The request that the payload of a work item leads to: a second witness, or the first one of an item that was made by hand. */
export function requestFromPayload(payload: JsonObject): Dispatch {
  const [model, prompt, messages] = [payload.get('model'), payload.get('prompt'), payload.get('messages')];
  const isPrompt = typeof prompt === 'string';
  if (!isPrompt && !isArray(messages)) {
    return {
      whyNone: `its work item holds neither messages nor a prompt, only ${[...payload.keys()].slice(0, 10).join(', ') || 'nothing'} (${NOTHING_TO_SEND})`,
    };
  }
  if (typeof model !== 'string') return { whyNone: 'its work item names no model' };
  return {
    request: request({
      model,
      messages: isPrompt ? [messageOf('user', prompt)] : sentMessages(payload.get('system_prompt'), messages as JsonArray),
      tools: payload.get('tools'),
      temperature: payload.get('temperature'),
      maxTokens: payload.get('max_tokens'),
    }),
  };
}

/** The messages as they go out: only `role` and `content`, and every role but `system` and `assistant` as `user`. */
function sentMessages(systemPrompt: Json | undefined, messages: JsonArray): JsonArray {
  const sent = messages.map((item) => {
    const [role, content] = isObject(item) ? [item.get('role'), item.get('content')] : [];
    return messageOf(role === 'system' || role === 'assistant' ? role : 'user', typeof content === 'string' ? content : '');
  });
  return hasSystemPrompt(systemPrompt) ? [messageOf('system', systemPrompt), ...sent] : sent;
}

export function hasSystemPrompt(systemPrompt: Json | undefined): systemPrompt is string {
  return typeof systemPrompt === 'string' && systemPrompt !== '';
}

interface RequestParts {
  readonly model: string;
  readonly messages: JsonArray;
  readonly tools: Json | undefined;
  readonly temperature: Json | undefined;
  readonly maxTokens: Json | undefined;
}

/** Keys in code-point order, as they are sent. */
function request({ model, messages, tools, temperature, maxTokens }: RequestParts): JsonObject {
  const made = new JsonMap();
  if (maxTokens !== undefined && maxTokens !== null) made.set('max_tokens', maxTokens);
  made.set('messages', messages);
  made.set('model', model);
  const warmth = temperature === undefined ? undefined : numberOf(readByRuntime(temperature));
  // The runtime keeps it in 32 bits.
  if (warmth !== undefined) made.set('temperature', new JsonNumber(printDouble(Math.fround(warmth))));
  if (isArray(tools) && tools.length > 0) made.set('tools', readByRuntime(tools));
  return made;
}

function messageOf(role: string, content: string): JsonObject {
  return new JsonMap([
    ['content', content],
    ['role', role],
  ]);
}
