import { printJson } from '../json/print.ts';
import { isArray, isObject, type Json } from '../json/value.ts';
import { settingsOf } from './model-request.ts';
import { noRequestText } from './no-request.ts';
import type { SentAnswer, SentCall } from './sent.ts';

/** A call as a conversation, for people. */
export function sentText(call: SentCall): string {
  const { request, answer } = call;
  const turn = call.turn === undefined ? '' : `, turn ${call.turn}`;
  const attempt = call.attempt === 1 ? '' : `, attempt ${call.attempt}`;
  const lines = [`${call.node}${turn} · started at #${call.started}${attempt}`];
  if (call.incompleteFrom !== undefined) lines.push(`The log is incomplete from #${call.incompleteFrom} on: something may be missing.`);
  if (request === undefined) {
    lines.push('', noRequestText(call.whyNone ?? ''));
  } else {
    const tools = request.get('tools');
    lines.push(
      [text(request.get('model')), ...settingsOf(request), ...(isArray(tools) ? [tools.length === 1 ? '1 tool' : `${tools.length} tools`] : [])].join(' · '),
    );
    const messages = request.get('messages');
    for (const message of isArray(messages) ? messages : []) {
      if (isObject(message)) lines.push('', `[${text(message.get('role'))}]`, text(message.get('content')) || '(empty)');
    }
  }
  lines.push('', ...(answer === undefined ? ['It has not been answered.'] : answerLines(answer)));
  if (call.notSent.length > 0) lines.push('', 'In the state, but not sent:', ...call.notSent.map(({ detail }) => `  ${detail}`));
  if (call.onlySent.length > 0) lines.push('', 'Sent, though not in the state:', ...call.onlySent.map(({ detail }) => `  ${detail}`));
  return `${lines.join('\n')}\n`;
}

function answerLines(answer: SentAnswer): string[] {
  const tokens = answer.inputTokens === undefined ? [] : [`${text(answer.inputTokens)} → ${text(answer.outputTokens)} tokens`];
  const reason = answer.finishReason === undefined ? [] : [text(answer.finishReason)];
  const lines = [`[answer at #${answer.sequence}] ${[answer.type, ...reason, ...tokens].join(' · ')}`];
  if (answer.error !== undefined) lines.push(text(answer.error));
  if (answer.retryAfter !== undefined) lines.push(`It is sent again after ${text(answer.retryAfter)}.`);
  if (answer.content !== undefined && answer.content !== '') lines.push(text(answer.content));
  for (const call of answer.toolCalls ?? []) {
    if (isObject(call)) lines.push(`${text(call.get('name'))}(${call.has('arguments') ? printJson(call.get('arguments') ?? null) : ''})`);
  }
  return lines;
}

function text(value: Json | undefined): string {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : printJson(value);
}
