import type { Completion } from '../contract/events.ts';
import { CATEGORIES } from '../jamjet/kinds.ts';
import { FILTER_FIELDS } from '../replay/filter-terms.ts';
import type { History } from '../replay/history.ts';

const MAX_SUGGESTIONS = 8;

/** How the word before `caret` may go on: a field, or one of its values as far as the log has them. */
export function completionOf(history: History, text: string, caret: number): Completion {
  const before = text.slice(0, caret);
  const [, field, typed = ''] = /(?:^|[\s(])-?(?:([a-z]+):)?("?[^\s():<>="]*)$/i.exec(before) ?? [];
  const word = typed.replace('"', '').toLowerCase();
  const from = caret - typed.length - (field === undefined ? 0 : field.length + 1);
  const suggestions =
    field === undefined ? fieldsLike(word, history) : valuesOf(field, word, history).map((value) => ({ text: `${field}:${quoted(value)}`, about: '' }));
  return { from, to: caret, suggestions: word === '' && field === undefined ? [] : suggestions.slice(0, MAX_SUGGESTIONS) };
}

function fieldsLike(word: string, history: History) {
  const fields = Object.entries(FILTER_FIELDS)
    .filter(([name]) => name.startsWith(word))
    .map(([name, { about, isNumber }]) => ({ text: `${name}${isNumber === true ? '>' : ':'}`, about }));
  const nodes = like(history.nodeNames, word).map((node) => ({ text: `node:${quoted(node)}`, about: 'a node' }));
  return [...fields, ...nodes];
}

function valuesOf(field: string, word: string, history: History): readonly string[] {
  switch (field.toLowerCase()) {
    case 'type':
      return like(history.kindNames, word);
    case 'node':
      return like(history.nodeNames, word);
    case 'category':
      return like(CATEGORIES, word);
    case 'decision':
      return like(['approved', 'rejected'], word);
    default:
      return [];
  }
}

/** Those that contain the word, first those that begin with it; not one that is complete. */
function like(names: readonly string[], word: string): string[] {
  const found: string[] = [];
  for (const name of names) {
    if (name.toLowerCase() !== word && name.toLowerCase().includes(word)) found.push(name);
    if (found.length === 10 * MAX_SUGGESTIONS) break;
  }
  return found.sort((a, b) => Number(b.toLowerCase().startsWith(word)) - Number(a.toLowerCase().startsWith(word)));
}

function quoted(value: string): string {
  return /[\s()":]/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
}
