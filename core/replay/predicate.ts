import { Environment } from '@marcbachmann/cel-js';
import { isArray, isObject, type Json, JsonNumber } from '../json/value.ts';

/** What a predicate is evaluated on. */
interface Subject {
  readonly state: Json;
  readonly status: string;
  /** The fields of the event. */
  readonly event: Json;
}

type Answer = { readonly value: boolean } | { readonly error: string };

/** An expression of the Common Expression Language (CEL) over `state`, `status` and `event`. Integers are exact. */
export interface Predicate {
  /** The expression. */
  readonly text: string;
  /** Whether the expression mentions `state`; likewise `event`. */
  readonly usesState: boolean;
  readonly usesEvent: boolean;
  readonly test: (subject: Subject) => Answer;
}

/** @returns the predicate, or the reason why the text is not a valid one. */
export function compilePredicate(
  text: string,
): { readonly ok: true; readonly predicate: Predicate } | { readonly ok: false; readonly reason: string; readonly at?: readonly [start: number, end: number] } {
  const environment = new Environment().registerVariable('state', 'dyn').registerVariable('status', 'string').registerVariable('event', 'dyn');
  let evaluate: ReturnType<typeof environment.parse>;
  try {
    evaluate = environment.parse(text);
    const checked = evaluate.check();
    if (!checked.valid) return { ok: false, reason: firstLine(checked.error), ...placeOf(checked.error, text) };
    if (checked.type !== 'bool' && checked.type !== 'dyn') return { ok: false, reason: `its value is of the type ${checked.type}` };
  } catch (error) {
    return { ok: false, reason: firstLine(error), ...placeOf(error, text) };
  }
  const values = new CelValues();
  const test = ({ state, status, event }: Subject): Answer => {
    try {
      const value: unknown = evaluate({ state: values.of(state), status, event: values.of(event) });
      return typeof value === 'boolean' ? { value } : { error: 'its value is neither true nor false' };
    } catch (error) {
      return { error: firstLine(error) };
    }
  };
  return { ok: true, predicate: { text, usesState: /\bstate\b/.test(text), usesEvent: /\bevent\b/.test(text), test } };
}

/** Converts JSON to values of CEL. Objects that several states share are converted once. */
class CelValues {
  readonly #known = new WeakMap<object, unknown>();

  of(value: Json): unknown {
    if (typeof value === 'number') return BigInt(value);
    if (value instanceof JsonNumber) return /^-?\d+$/.test(value.text) ? BigInt(value.text) : Number(value.text);
    if (!isObject(value) && !isArray(value)) return value;
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const converted = isObject(value) ? new Map([...value].map(([key, member]) => [key, this.of(member)])) : value.map((item) => this.of(item));
    this.#known.set(value, converted);
    return converted;
  }
}

/** The part of the text that an error is about: at least one character or the word there. */
function placeOf(error: unknown, text: string): { readonly at?: readonly [number, number] } {
  const { start, end } = (error as { readonly range?: { readonly start: number; readonly end: number } }).range ?? {};
  if (start === undefined || text === '') return {};
  const from = Math.min(start, text.length - 1);
  const word = /^\w+/.exec(text.slice(from))?.[0].length ?? 1;
  return { at: [from, Math.max(end ?? 0, from + word)] };
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
