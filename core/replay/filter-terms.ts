import { CATEGORIES, kindOf } from '../jamjet/kinds.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import { type Pointer, pointerKeys } from '../json/pointer.ts';
import { type Json, JsonNumber } from '../json/value.ts';
import { costsOf, numberOf } from './costs.ts';
import { bad, type FilterTerm } from './filter-language.ts';
import type { FilteredEvent } from './filtered-event.ts';

/** What some terms need to know of the whole log. */
export interface FilterContext {
  /** Whether the event at a sequence changes the value at a path. */
  readonly changes: (path: Pointer) => (sequence: number) => boolean;
  /** The sequence of the first event at or after a time, in milliseconds since 1970; Infinity when there is none. */
  readonly firstAt: (time: number) => number;
}

/** Compares a term with an event. Both answers are undefined when they do not decide. */
export interface TermTest {
  /** The answer if the kind and the node decide, which are in lower case. */
  readonly header: (type: string, node: string) => boolean | undefined;
  /** The answer otherwise. */
  readonly event?: (sequence: number, event?: () => FilteredEvent) => boolean | undefined;
}

type MakeTest = (term: FilterTerm, context: FilterContext) => TermTest;

/** A field that a term may name, and what it is about, for those who write one. */
interface FilterField {
  readonly test: MakeTest;
  readonly about: string;
  /** Whether it is compared with numbers. */
  readonly isNumber?: boolean;
}

const UNDECIDED = (): undefined => undefined;

/** A field of the event that contains the text. */
function contains(name: string): MakeTest {
  return (term) => {
    const value = plainValue(term).toLowerCase();
    return { header: UNDECIDED, event: (_, event) => event && textOf(event().fields?.get(name)).toLowerCase().includes(value) };
  };
}

/** A number of the event, in comparison with that of the term. @param of undefined for an event that has none. */
function compares(of: (event: FilteredEvent) => number | undefined, unit: (text: string) => number = Number): MakeTest {
  return ({ operator, value, at, field }) => {
    const limit = unit(value);
    if (!Number.isFinite(limit)) throw bad(`"${value}" is not a number to compare ${field} with, such as ${field}>2`, at);
    return {
      header: UNDECIDED,
      event: (_, event) => {
        const number = event && of(event());
        return event && number !== undefined && COMPARE[operator](number, limit);
      },
    };
  };
}

const COMPARE: Readonly<Record<FilterTerm['operator'], (a: number, b: number) => boolean>> = {
  ':': (a, b) => a === b,
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
};

/** Every field by its name. */
export const FILTER_FIELDS: Readonly<Record<string, FilterField>> = {
  type: {
    about: 'the kind of the event',
    test: (term) => {
      const value = plainValue(term).toLowerCase();
      return { header: (type) => hasWords(type, value) };
    },
  },
  node: {
    about: 'the node',
    test: (term) => {
      const value = plainValue(term).toLowerCase();
      return { header: (_, node) => node.includes(value) };
    },
  },
  category: {
    about: `one of ${CATEGORIES.join(', ')}`,
    test: (term) => {
      const value = plainValue(term).toLowerCase();
      if (!CATEGORIES.some((category) => category.startsWith(value))) throw bad(`there is no category "${value}"; there are ${CATEGORIES.join(', ')}`, term.at);
      return { header: (type) => (kindOf(type)?.category ?? 'unknown').startsWith(value) };
    },
  },
  text: {
    about: 'the whole stored text',
    test: (term) => {
      const value = plainValue(term).toLowerCase();
      return { header: UNDECIDED, event: (_, event) => event?.().stored.includes(value) };
    },
  },
  error: { about: 'the error', test: contains('error') },
  decision: { about: 'the decision of an approval', test: contains('decision') },
  by: { about: 'who decided', test: contains('user_id') },
  worker: { about: 'the worker', test: contains('worker_id') },
  model: { about: 'the model', test: contains('gen_ai_model') },
  queue: { about: 'the queue', test: contains('queue_type') },
  cost: { about: 'US dollars', isNumber: true, test: compares(({ type, fields }) => costOf(type, fields)?.costUsd) },
  tokens: {
    about: 'tokens in and out',
    isNumber: true,
    test: compares(({ type, fields }) => {
      const costs = costOf(type, fields);
      return costs && costs.inputTokens + costs.outputTokens;
    }),
  },
  duration: { about: 'such as >2s or >500ms', isNumber: true, test: compares(({ fields }) => optionalNumber(fields?.get('duration_ms')), milliseconds) },
  attempt: { about: 'the attempt, from 0', isNumber: true, test: compares(({ fields }) => optionalNumber(fields?.get('attempt'))) },
  size: { about: 'the bytes of the stored text', isNumber: true, test: compares(({ bytes }) => bytes) },
  changed: {
    about: 'a path of the state, such as /order/total',
    test: (term, { changes }) => {
      const path = plainValue(term);
      if (pointerKeys(path) === undefined) throw bad(`"${path}" is not a path, such as /order/total`, term.at);
      const isChange = changes(path);
      return { header: UNDECIDED, event: isChange };
    },
  },
  after: {
    about: '#100, or a time in UTC such as 2026-06-01T12:00',
    test: byPlace(
      (sequence, limit) => sequence > limit,
      (sequence, first) => sequence >= first,
    ),
  },
  before: {
    about: '#100, or a time in UTC such as 2026-06-01T12:00',
    test: byPlace(
      (sequence, limit) => sequence < limit,
      (sequence, first) => sequence < first,
    ),
  },
};

const UNKNOWN_FIELD = /^[a-z][a-z_-]*$/i;

export function testOf(term: FilterTerm, context: FilterContext): TermTest {
  const { field, operator, value, at } = term;
  if (field === undefined) return wordTest(value);
  const known = Object.hasOwn(FILTER_FIELDS, field.toLowerCase()) ? FILTER_FIELDS[field.toLowerCase()] : undefined;
  if (known !== undefined) return known.test(term, context);
  // Times and hashes have colons, too.
  if (!UNKNOWN_FIELD.test(field)) return wordTest(`${field}${operator}${value}`);
  const names = Object.keys(FILTER_FIELDS).map((name) => `${name}:`);
  throw bad(
    `there is no field "${field}${operator}". The fields are ${names.slice(0, -1).join(', ')} and ${names.at(-1)}; put text with a colon in quotes`,
    at,
  );
}

/** A word matches the kind, the node or the summary of an event, or is its category. */
function wordTest(word: string): TermTest {
  const value = word.toLowerCase();
  return {
    header: (type, node) => hasWords(type, value) || kindOf(type)?.category === value || node.includes(value) || undefined,
    event: (_, event) => event?.().summary.includes(value),
  };
}

/** The value of a term that compares texts, for which only `:` and `=` have a meaning. */
function plainValue({ field, operator, value, at }: FilterTerm): string {
  if (operator !== ':' && operator !== '=') throw bad(`"${field}" is a text and cannot be compared by ${operator}; write ${field}:…`, at);
  return value;
}

/** Kinds are written with underscores, and shown with spaces. */
function hasWords(type: string, value: string): boolean {
  return type.includes(value) || type.includes(value.replaceAll(' ', '_'));
}

function byPlace(bySequence: (sequence: number, limit: number) => boolean, byFirst: (sequence: number, first: number) => boolean): MakeTest {
  return (term, { firstAt }) => {
    const value = plainValue(term);
    const number = /^#?(\d{0,15})$/.exec(value)?.[1];
    if (number === '') return { header: () => true };
    if (number !== undefined) return { header: UNDECIDED, event: (sequence) => bySequence(sequence, Number(number)) };
    const time = millisecondsOf(completed(value));
    if (!Number.isFinite(time)) {
      throw bad(`"${term.field}:" needs the number of an event or a time, such as ${term.field}:#100 or ${term.field}:2026-06-01T12:00`, term.at);
    }
    const first = firstAt(time);
    return { header: UNDECIDED, event: (sequence) => byFirst(sequence, first) };
  };
}

/** `2026-06-01` and `2026-06-01T12` as whole times in UTC. */
function completed(text: string): string {
  const [, date, hour = '00', minute = '00', second = '00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d)(?::(\d\d)(?::(\d\d(?:\.\d+)?))?)?)?Z?$/i.exec(text) ?? [];
  return date === undefined ? text : `${date}T${hour}:${minute}:${second}+00:00`;
}

const UNITS: Readonly<Record<string, number>> = { '': 1, ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

function milliseconds(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([a-z]*)$/i.exec(text) ?? [];
  return number === undefined ? Number.NaN : Number(number) * (UNITS[unit.toLowerCase()] ?? Number.NaN);
}

function costOf(type: string, fields: ReadonlyMap<string, Json> | undefined): ReturnType<typeof costsOf> {
  return costsOf(type, (name) => numberOf(fields?.get(name)));
}

function optionalNumber(value: Json | undefined): number | undefined {
  return typeof value === 'number' || value instanceof JsonNumber ? (numberOf(value) ?? 0) : undefined;
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
