import { type Json, JsonMap, JsonNumber } from './value.ts';

/**
 * Values nested deeper than this are reported, not read. The limit bounds the recursion of every function that walks a
 * value. The runtime itself refuses more than 127 levels (docs/format.md, What the runtime refuses).
 */
export const MAX_DEPTH = 500;

export interface ReadOptions {
  /** Called for each number that is not an integer of at most 15 digits; its result is used as the value. */
  readonly number?: (text: string) => Json;
}

export interface JsonProblem {
  /** What is wrong, to complete the sentence "this text is not JSON: …". */
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
 * @returns the value, its depth, and each key that occurs more than once in an object (the last value wins, as in the
 *   runtime); or what is wrong and where.
 */
export function readJson(text: string, options: ReadOptions = {}): ReadResult {
  const reader = new Reader(text, options.number ?? storedNumber);
  try {
    const value = reader.document();
    return { ok: true, value, depth: reader.maxDepthSeen, duplicates: reader.duplicates };
  } catch (error) {
    if (error instanceof ReadError) return { ok: false, problem: error.problem };
    throw error;
  }
}

/**
 * Reads a text that is known to be JSON: a constant, or one that was read before.
 *
 * @throws SyntaxError when it is not JSON.
 */
export function parseJson(text: string): Json {
  const result = readJson(text);
  if (!result.ok) throw new SyntaxError(`${result.problem.reason} at ${result.problem.position}`);
  return result.value;
}

function storedNumber(text: string): Json {
  return new JsonNumber(text);
}

class ReadError extends Error {
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
  maxDepthSeen = 0;
  duplicates: string[] = [];

  constructor(text: string, number: (text: string) => Json) {
    this.#text = text;
    this.#number = number;
  }

  document(): Json {
    this.#skipSpace();
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#fail('text follows the value');
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
        return this.#fail(Number.isNaN(code) ? 'it ends too early' : 'a value is expected');
    }
  }

  #object(depth: number): Json {
    this.#descend(depth);
    const object = new JsonMap();
    this.#at++;
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) === 0x7d) {
      this.#at++;
      return object;
    }
    for (;;) {
      if (this.#text.charCodeAt(this.#at) !== QUOTE) this.#fail('a key in quotes is expected');
      const key = this.#string();
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== 0x3a) this.#fail('":" is expected');
      this.#at++;
      this.#skipSpace();
      const value = this.#value(depth);
      const before = object.size;
      object.set(key, value);
      if (object.size === before) this.duplicates.push(key);
      this.#skipSpace();
      const code = this.#text.charCodeAt(this.#at++);
      if (code === 0x7d) return object;
      if (code !== 0x2c) this.#failAt(this.#at - 1, '"," or "}" is expected');
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
      if (code !== 0x2c) this.#failAt(this.#at - 1, '"," or "]" is expected');
      this.#skipSpace();
    }
  }

  #descend(depth: number): void {
    if (depth > this.maxDepthSeen) this.maxDepthSeen = depth;
    if (depth > MAX_DEPTH) {
      throw new ReadError({
        reason: `it is nested deeper than ${MAX_DEPTH} levels`,
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
      if (!(code >= 0x20)) this.#failAt(at, Number.isNaN(code) ? 'a string is not terminated' : 'a string contains a control character');
      at++;
    }
  }

  #escapedString(start: number, firstEscape: number): string {
    const text = this.#text;
    let end = text.indexOf('"', firstEscape);
    while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
    try {
      // One flat string: a text of thousands of pieces is slow to compare and takes several times its memory.
      const flat = JSON.parse(text.slice(start - 1, Math.max(start, end + 1))) as string;
      this.#at = end + 1;
      return flat;
    } catch {
      return this.#failInString(firstEscape);
    }
  }

  /** Finds what is wrong with a string. */
  #failInString(firstEscape: number): never {
    const text = this.#text;
    for (let at = firstEscape; ; at++) {
      const code = text.charCodeAt(at);
      if (Number.isNaN(code)) this.#failAt(at, 'a string is not terminated');
      if (code < 0x20) this.#failAt(at, 'a string contains a control character');
      if (code !== BACKSLASH) continue;
      const isPlain = ESCAPES.has(text[at + 1] ?? '');
      if (!isPlain && !/^u[0-9a-fA-F]{4}$/.test(text.slice(at + 1, at + 6))) this.#failAt(at, 'an escape sequence is invalid');
      at += isPlain ? 1 : 5;
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
    if (count === 0) this.#failAt(at, 'a digit is expected');
    if (count > 1 && text.charCodeAt(digits) === 0x30) this.#failAt(digits, 'a number has a leading zero');
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
    if (at === from) this.#failAt(at, 'a digit is expected');
    return at;
  }

  #literal<T extends Json>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) this.#fail('a value is expected');
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

  #fail(reason: string): never {
    return this.#failAt(this.#at, reason);
  }

  #failAt(position: number, reason: string): never {
    throw new ReadError({ reason, position, tooDeep: false });
  }
}

/** What may stand behind a backslash, besides `u` and four digits. */
const ESCAPES: ReadonlySet<string> = new Set('"\\/bfnrt');

/** Whether an odd number of backslashes is before a place. */
function isEscaped(text: string, at: number): boolean {
  let first = at;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (at - first) % 2 === 1;
}
