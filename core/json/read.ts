import { type Json, JsonNumber } from './value.ts';

/**
 * Values nested deeper than this are reported, not read. It bounds every walk of a value by
 * recursion; the runtime itself refuses from 128 on (jamjet-format.md §2).
 */
export const MAX_DEPTH = 500;

export interface ReadOptions {
  /** Called for each number that is no plain integer; what it returns takes the number's place. */
  readonly number?: (text: string) => Json;
}

export interface JsonProblem {
  /** What is wrong, as the end of the sentence "this text is not JSON: …". */
  readonly reason: string;
  /** Where, in UTF-16 units from the start of the text. */
  readonly position: number;
  readonly tooDeep: boolean;
}

export type ReadResult =
  | { readonly ok: true; readonly value: Json; readonly depth: number; readonly duplicates: readonly string[] }
  | { readonly ok: false; readonly problem: JsonProblem };

/**
 * Reads one JSON text (RFC 8259, strictly) without loss.
 *
 * @returns the value, how deep it nests, and each key that an object has twice (the last one wins,
 *   as in the runtime); or what is wrong and where.
 */
export function readJson(text: string, options: ReadOptions = {}): ReadResult {
  const reader = new Reader(text, options.number ?? storedNumber);
  try {
    const value = reader.document();
    return { ok: true, value, depth: reader.deepest, duplicates: reader.duplicates };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, problem: error.problem };
    throw error;
  }
}

/**
 * Reads a text that is known to be JSON (a constant, or one that was read before).
 *
 * @throws SyntaxError when it is not.
 */
export function parseJson(text: string): Json {
  const result = readJson(text);
  if (!result.ok) throw new SyntaxError(`${result.problem.reason} at ${result.problem.position}`);
  return result.value;
}

function storedNumber(text: string): Json {
  return new JsonNumber(text);
}

class Refusal extends Error {
  readonly problem: JsonProblem;
  constructor(problem: JsonProblem) {
    super(problem.reason);
    this.problem = problem;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

class Reader {
  readonly #text: string;
  readonly #number: (text: string) => Json;
  #at = 0;
  deepest = 0;
  duplicates: string[] = [];

  constructor(text: string, number: (text: string) => Json) {
    this.#text = text;
    this.#number = number;
  }

  document(): Json {
    this.#skipSpace();
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#refuse('something follows the value');
    return value;
  }

  #value(depth: number): Json {
    const code = this.#text.charCodeAt(this.#at);
    switch (code) {
      case 0x7b:
        return this.#object(depth + 1);
      case 0x5b:
        return this.#array(depth + 1);
      case QUOTE:
        return this.#string();
      case 0x74:
        return this.#literal('true', true);
      case 0x66:
        return this.#literal('false', false);
      case 0x6e:
        return this.#literal('null', null);
      default:
        if (code === 0x2d || (code >= 0x30 && code <= 0x39)) return this.#readNumber();
        return this.#refuse(Number.isNaN(code) ? 'it ends too early' : 'a value is expected');
    }
  }

  #object(depth: number): Json {
    this.#descend(depth);
    const object = new Map<string, Json>();
    this.#at++;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) === 0x7d) {
      this.#at++;
      return object;
    }
    for (;;) {
      if (this.#text.charCodeAt(this.#at) !== QUOTE) this.#refuse('a key in quotes is expected');
      const key = this.#string();
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== 0x3a) this.#refuse('":" is expected');
      this.#at++;
      this.#skipSpace();
      const value = this.#value(depth);
      const before = object.size;
      object.set(key, value);
      if (object.size === before) this.duplicates.push(key);
      this.#skipSpace();
      const code = this.#text.charCodeAt(this.#at++);
      if (code === 0x7d) return object;
      if (code !== 0x2c) this.#refuseAt(this.#at - 1, '"," or "}" is expected');
      this.#skipSpace();
    }
  }

  #array(depth: number): Json {
    this.#descend(depth);
    const array: Json[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) === 0x5d) {
      this.#at++;
      return array;
    }
    for (;;) {
      array.push(this.#value(depth));
      this.#skipSpace();
      const code = this.#text.charCodeAt(this.#at++);
      if (code === 0x5d) return array;
      if (code !== 0x2c) this.#refuseAt(this.#at - 1, '"," or "]" is expected');
      this.#skipSpace();
    }
  }

  #descend(depth: number): void {
    if (depth > this.deepest) this.deepest = depth;
    if (depth > MAX_DEPTH) {
      throw new Refusal({
        reason: `it nests deeper than ${MAX_DEPTH} levels`,
        position: this.#at,
        tooDeep: true,
      });
    }
  }

  #string(): string {
    const text = this.#text;
    const start = ++this.#at;
    let at = start;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return text.slice(start, at);
      }
      if (code === BACKSLASH) return this.#escapedString(start, at);
      if (!(code >= 0x20)) this.#refuseAt(at, Number.isNaN(code) ? 'a string does not end' : 'a control character stands in a string');
      at++;
    }
  }

  #escapedString(start: number, firstEscape: number): string {
    const text = this.#text;
    let result = text.slice(start, firstEscape);
    let at = firstEscape;
    for (;;) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return result;
      }
      if (code === BACKSLASH) {
        const escaped = text[at + 1] ?? '';
        const plain = ESCAPES.get(escaped);
        if (plain !== undefined) {
          result += plain;
          at += 2;
        } else {
          const hex = text.slice(at + 2, at + 6);
          if (escaped !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex)) this.#refuseAt(at, 'an escape is not known');
          result += String.fromCharCode(Number.parseInt(hex, 16));
          at += 6;
        }
        continue;
      }
      if (!(code >= 0x20)) this.#refuseAt(at, Number.isNaN(code) ? 'a string does not end' : 'a control character stands in a string');
      const from = at++;
      for (let next = text.charCodeAt(at); next >= 0x20 && next !== QUOTE && next !== BACKSLASH; ) next = text.charCodeAt(++at);
      result += text.slice(from, at);
    }
  }

  #readNumber(): Json {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    const negative = text.charCodeAt(at) === 0x2d;
    if (negative) at++;
    const digits = at;
    let whole = 0;
    let code = text.charCodeAt(at);
    while (code >= 0x30 && code <= 0x39) {
      whole = whole * 10 + code - 0x30;
      code = text.charCodeAt(++at);
    }
    const count = at - digits;
    if (count === 0) this.#refuseAt(at, 'a digit is expected');
    if (count > 1 && text.charCodeAt(digits) === 0x30) this.#refuseAt(digits, 'a number starts with 0');
    const plain = code !== 0x2e && code !== 0x65 && code !== 0x45;
    if (plain && count <= 15 && !(negative && whole === 0)) {
      this.#at = at;
      return negative ? -whole : whole;
    }
    if (code === 0x2e) at = this.#digits(at + 1);
    if (text.charCodeAt(at) === 0x65 || text.charCodeAt(at) === 0x45) {
      const sign = text.charCodeAt(at + 1);
      at = this.#digits(sign === 0x2b || sign === 0x2d ? at + 2 : at + 1);
    }
    this.#at = at;
    return this.#number(text.slice(start, at));
  }

  #digits(from: number): number {
    let at = from;
    for (let code = this.#text.charCodeAt(at); code >= 0x30 && code <= 0x39; ) code = this.#text.charCodeAt(++at);
    if (at === from) this.#refuseAt(at, 'a digit is expected');
    return at;
  }

  #literal<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#refuse('a value is expected');
    this.#at += word.length;
    return value;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #refuse(reason: string): never {
    return this.#refuseAt(this.#at, reason);
  }

  #refuseAt(position: number, reason: string): never {
    throw new Refusal({ reason, position, tooDeep: false });
  }
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
