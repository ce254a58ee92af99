import { FaultError } from '../fault.ts';

/** A filter as it was written: terms, and how they are combined. */
export type FilterTree =
  | { readonly op: 'all' | 'any'; readonly items: readonly FilterTree[] }
  | { readonly op: 'not'; readonly item: FilterTree }
  | { readonly op: 'term'; readonly term: FilterTerm };

/** One word, or a field with a value. */
export interface FilterTerm {
  readonly field: string | undefined;
  /** Between a field and its value; `:` compares as the field does by default. */
  readonly operator: ':' | '=' | '!=' | '>' | '>=' | '<' | '<=';
  readonly value: string;
  /** Where it stands in the text: [start, end). */
  readonly at: readonly [start: number, end: number];
}

interface Token {
  readonly text: string;
  readonly at: readonly [number, number];
}

/** A parenthesis, or what is between spaces, in which quotes keep spaces. A parenthesis inside a word belongs to the word. */
const TOKEN = /[()]|-(?=\()|(?:"[^"]*"?|[^\s"()]|[^\s"()][()](?=[^\s()]))+/g;
/** Each word is compared with every pair of a kind and a node. */
const MAX_TOKENS = 50;
const PARTS = /^(?<minus>-?)(?:(?<field>[^\s":<>=!]+)(?<operator>:|!=|>=|<=|=|>|<))?(?:"(?<quoted>[^"]*)"|(?<word>.*))$/s;

/**
 * Reads a filter: `all` of several terms by default or with `AND`, `OR` between alternatives, which binds less tightly, `NOT` or
 * `-` in front of what must not match, and parentheses. Terms without a value, as they are while typing, are left out.
 *
 * @throws FaultError `bad-filter` for a parenthesis or a quote without its other half.
 */
export function parseFilter(text: string): FilterTree {
  const tokens: Token[] = [...text.matchAll(TOKEN)].map(({ 0: found, index }) => ({ text: found, at: [index, index + found.length] }));
  if (tokens.length > MAX_TOKENS) throw bad(`it has more than ${MAX_TOKENS} words`, tokens[MAX_TOKENS]?.at ?? [0, 0]);
  let next = 0;

  const alternatives = (isInner: boolean): FilterTree => {
    const items: FilterTree[] = [];
    let terms: FilterTree[] = [];
    const end = (): void => {
      if (terms.length > 0) items.push(terms.length === 1 ? (terms[0] as FilterTree) : { op: 'all', items: terms });
      terms = [];
    };
    for (let token = tokens[next]; token !== undefined; token = tokens[next]) {
      if (token.text === ')') {
        if (!isInner) throw bad('a parenthesis is closed that was not opened', token.at);
        break;
      }
      next++;
      if (token.text === 'OR') end();
      else if (token.text !== 'AND') terms.push(...one(token));
    }
    end();
    if (items.length === 1) return items[0] as FilterTree;
    return items.length === 0 ? { op: 'all', items: [] } : { op: 'any', items };
  };

  /** The term or the group that begins at a token; none if it has no value yet. */
  const one = (token: Token): FilterTree[] => {
    if (token.text === 'NOT' || (token.text === '-' && tokens[next]?.text === '(')) {
      const follower = tokens[next];
      if (follower === undefined || follower.text === ')') return [];
      next++;
      return one(follower).map((item) => ({ op: 'not', item }));
    }
    if (token.text === '(') {
      const inner = alternatives(true);
      if (tokens[next]?.text !== ')') throw bad('a parenthesis is not closed', token.at);
      next++;
      return inner.op === 'all' && inner.items.length === 0 ? [] : [inner];
    }
    return termOf(token);
  };

  return alternatives(false);
}

function termOf({ text, at }: Token): FilterTree[] {
  if (text.split('"').length % 2 === 0) throw bad('a quote is not closed', [at[0] + text.lastIndexOf('"'), at[1]]);
  const { minus, field, operator, quoted, word } = PARTS.exec(text)?.groups ?? {};
  const value = quoted ?? word ?? '';
  if (text === '-') return [{ op: 'term', term: { field: undefined, operator: ':', value: '-', at } }];
  if (value === '') return [];
  const term: FilterTree = { op: 'term', term: { field, operator: (operator ?? ':') as FilterTerm['operator'], value, at } };
  return [minus === '-' ? { op: 'not', item: term } : term];
}

/** @param at the part of the filter that is wrong. */
export function bad(detail: string, at: readonly [number, number]): FaultError {
  return new FaultError('bad-filter', { detail, at });
}
