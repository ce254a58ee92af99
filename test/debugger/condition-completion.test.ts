import { expect, it } from 'vitest';
import { completeCondition } from '../../core/debugger/condition-completion.ts';
import { parseJson } from '../../core/json/read.ts';
import { compilePredicate } from '../../core/replay/predicate.ts';
import { historyOf } from '../support/history.ts';

const STATE = parseJson('{"score":{"value":1,"a-b":2},"steps":[1],"status":"x","__proto__":3}');
const HISTORY = historyOf({ initialInput: new Map(), events: [{ sequence: 1, text: '{"type":"node_failed","node_id":"pay","error":"x"}' }], snapshots: [] }, 1);

function completed(text: string): readonly string[] {
  const { from, to, suggestions } = completeCondition(HISTORY, STATE, text, text.length);
  return suggestions.map((suggestion) => text.slice(0, from) + suggestion.text + text.slice(to));
}

it('a condition is completed by the keys of the state, the fields of events, and words', () => {
  expect(completed('has(state.s')).toEqual(['has(state.score', 'has(state.status', 'has(state.steps']);
  expect(completed('1 > 0 && state.score.')).toEqual(['1 > 0 && state.score["a-b"]', '1 > 0 && state.score.value']);
  expect(completed('state.steps.ex')).toEqual(['state.steps.exists(item, ']);
  expect(completed('event.node_i')).toEqual(['event.node_id']);
  expect(completed('event.type == ')).toEqual([]);
  expect(completed('event.type == "')).toEqual(['event.type == "node_failed"']);
  expect(completed('status == "run')).toEqual(['status == "running"']);
  expect(completed('sta')).toEqual(['state.', 'status']);
  expect(completed('state.nothing.')).toEqual([]);
});

it('what is wrong with a condition is pointed at', () => {
  const wrong = (text: string): string | undefined => {
    const compiled = compilePredicate(text);
    return compiled.ok || compiled.at === undefined ? undefined : text.slice(...compiled.at);
  };
  expect(wrong('state.a > 1 && nonsense')).toBe('nonsense');
  expect(wrong('state.a > > 1')).toBe('>');
  expect(wrong('status > 1')).toContain('>');
});
