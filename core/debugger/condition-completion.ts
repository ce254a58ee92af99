import type { Completion } from '../contract/events.ts';
import { knownKinds } from '../jamjet/kinds.ts';
import { STATUSES } from '../jamjet/status.ts';
import { isArray, isObject, type Json, sortedKeys, typeOf } from '../json/value.ts';
import type { History } from '../replay/history.ts';

const MAX_SUGGESTIONS = 8;
const IDENTIFIER = /^[A-Za-z_]\w*$/;

const WORDS: readonly Suggestion[] = [
  { text: 'state.', about: 'the replayed state' },
  { text: 'status', about: 'the replayed status' },
  { text: 'event.', about: 'the fields of the event' },
  { text: 'has(', about: 'whether a key exists, such as has(state.score)' },
  { text: 'size(', about: 'the length of a text, a list or an object' },
  { text: 'true', about: '' },
  { text: 'false', about: '' },
  { text: 'null', about: '' },
];
const METHODS: Readonly<Record<string, readonly string[]>> = {
  string: ['startsWith("', 'endsWith("', 'contains("', 'matches("'],
  array: ['exists(item, ', 'all(item, ', 'size()'],
};

type Suggestion = Completion['suggestions'][number];

/** How the word of a condition before the caret may go on: a key of the state at a moment, a field of events, or a word of the language. */
export function completeCondition(history: History, state: Json, text: string, caret: number): Completion {
  const before = text.slice(0, caret);
  const [, root, steps = '', typed = ''] = /(?:^|[^\w.\])"])(state|event)((?:\.[A-Za-z_]\w*|\["(?:[^"\\]|\\.)*"\]|\[\d+\])*)\.(\w*)$/.exec(before) ?? [];
  if (root !== undefined) {
    const found = root === 'event' ? (steps === '' ? FIELDS.map((name) => ({ text: `.${name}`, about: '' })) : []) : membersOf(valueUnder(state, steps));
    return answer(caret - typed.length - 1, caret, found, `.${typed}`);
  }
  const [, subject, quoted] = /(?:^|[^\w.])(status|event\.type|event\.node_id)\s*[!=]=\s*("\w*)$/.exec(before) ?? [];
  if (quoted !== undefined) {
    const names = subject === 'status' ? STATUSES : subject === 'event.type' ? history.kindNames : history.nodeNames;
    return answer(
      caret - quoted.length,
      caret,
      names.map((name) => ({ text: JSON.stringify(name), about: '' })),
      quoted,
    );
  }
  const word = /(?:^|[^\w."\])])([A-Za-z_]\w*)$/.exec(before)?.[1] ?? '';
  return word === '' ? { from: caret, to: caret, suggestions: [] } : answer(caret - word.length, caret, WORDS, word);
}

const FIELDS = [...new Set(['type', ...knownKinds().flatMap(({ fields }) => fields.map(({ name }) => name))])];

function answer(from: number, to: number, all: readonly Suggestion[], typed: string): Completion {
  const begin = typed.toLowerCase();
  // Keys that are no identifiers are written in brackets.
  const plain = (text: string): string => text.replace(/^\["/, '.').toLowerCase();
  const suggestions = all.filter(({ text }) => text !== typed && plain(text).startsWith(begin)).slice(0, MAX_SUGGESTIONS);
  return { from, to, suggestions };
}

/** What may follow a value, with the point or the bracket. */
function membersOf(value: Json | undefined): readonly Suggestion[] {
  if (value === undefined) return [];
  if (isObject(value)) {
    return sortedKeys(value).map((key) => ({ text: IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`, about: typeOf(value.get(key) as Json) }));
  }
  return (METHODS[typeOf(value)] ?? []).map((method) => ({ text: `.${method}`, about: '' }));
}

function valueUnder(state: Json, steps: string): Json | undefined {
  let value: Json | undefined = state;
  for (const [step] of steps.matchAll(/\.\w+|\["(?:[^"\\]|\\.)*"\]|\[\d+\]/g)) {
    const key = step.startsWith('.') ? step.slice(1) : (JSON.parse(step.slice(1, -1)) as string | number);
    if (value !== undefined && isObject(value)) value = value.get(String(key));
    else if (value !== undefined && isArray(value) && typeof key === 'number') value = value[key];
    else return undefined;
  }
  return value;
}
