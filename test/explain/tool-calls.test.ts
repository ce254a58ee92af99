import { expect, it } from 'vitest';
import { firstArgument, toolCallNames } from '../../core/explain/tool-calls.ts';
import { readJson } from '../../core/json/read.ts';
import type { Json } from '../../core/json/value.ts';

const json = (text: string): Json => {
  const read = readJson(text);
  if (!read.ok) throw new Error(text);
  return read.value;
};

it.each([
  ['its name, when it has no arguments', '{"name":"list"}', 'list'],
  ['its only argument', '{"name":"search","arguments":{"query":"red  shoes\\n"}}', 'search(query: "red shoes")'],
  ['the first of several, exactly', '{"name":"refund","arguments":{"order":9007199254740993,"why":"late"}}', 'refund(order: 9007199254740993, …)'],
  ['arguments that a model wrote as text', '{"function":{"name":"search","arguments":"{\\"query\\":\\"a\\"}"}}', 'search(query: "a")'],
  ['the beginning of a long text', `{"name":"s","arguments":{"q":"${'x'.repeat(60)}"}}`, `s(q: "${'x'.repeat(39)}…")`],
  ['no argument that is a list or an object, or cannot be read', '{"name":"s","arguments":{"q":[1]}}', 's'],
  ['no argument of a text that is no JSON', '{"name":"s","arguments":"q=1"}', 's'],
])('a tool call is told by %s', (_, call, told) => {
  expect(toolCallNames([json(call)], firstArgument)).toBe(told);
});

it('a tool that is called more than once is counted, without arguments', () => {
  const calls = json('[{"name":"s","arguments":{"q":1}},{"name":"t","arguments":{"q":2}},{"name":"s","arguments":{"q":3}}]');
  expect(toolCallNames(calls, firstArgument)).toBe('s ×2, t(q: 2)');
});
