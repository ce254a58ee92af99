import type { EventChunk } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import { childPointer, type Pointer } from '../json/pointer.ts';
import { beginningOf, endOf } from '../json/slice.ts';
import { isArray, isObject, type Json, JsonNumber } from '../json/value.ts';
import { plainPattern } from '../plain-pattern.ts';

export interface SearchQuery {
  readonly text: string;
  /** Whether the text is a JavaScript regular expression, with the flag `u`. */
  readonly regex: boolean;
  readonly matchCase: boolean;
  /** Whether a match must not have a letter, a digit or `_` next to it. */
  readonly wholeWord: boolean;
}

/** One match in an event: in a key, or in a string, a number, `true`, `false` or `null`. */
export interface Hit {
  readonly sequence: number;
  readonly type: string | undefined;
  readonly nodeId: string | undefined;
  /** In the event, such as `/output/text`; '' for an event that cannot be read. */
  readonly path: Pointer;
  readonly inKey: boolean;
  readonly before: string;
  readonly found: string;
  readonly after: string;
}

/** The text on each side of a match that is returned with it, in UTF-16 code units. */
const CONTEXT_LENGTH = 40;
const MAX_FOUND_LENGTH = 200;

/** Searches events for a text as a reader sees it: strings without escapes, numbers as they are stored. */
export class Search {
  readonly #expression: RegExp;
  /** An event whose stored text has neither these bytes nor an escape has no match. undefined: every event must be read. */
  readonly #needle: Buffer | undefined;
  /** The same for a search that ignores case. */
  readonly #pattern: RegExp | undefined;

  /** @throws SyntaxError with the reason when the text is not a valid regular expression. */
  constructor({ text, regex, matchCase, wholeWord }: SearchQuery) {
    const plain = plainPattern(text).replaceAll('-', '\\u002d');
    const flags = matchCase ? 'gu' : 'giu';
    const pattern = regex ? text : plain;
    // Two halves of a group could be valid only together with what is put around them.
    new RegExp(pattern, flags);
    this.#expression = new RegExp(wholeWord ? `(?<![\\p{L}\\p{N}_])(?:${pattern})(?![\\p{L}\\p{N}_])` : pattern, flags);
    // These characters may be stored as escapes without `\u`.
    const isStoredAsIs = !regex && !/["\\/\p{Cc}]/u.test(text);
    this.#needle = isStoredAsIs && matchCase ? Buffer.from(text) : undefined;
    this.#pattern = isStoredAsIs && !matchCase ? new RegExp(plain, 'iu') : undefined;
  }

  /** @param found called for each hit, in the order of the log. @returns the number of events with a hit. */
  chunk({ bytes, count, offsets, sequences, unreadable }: EventChunk, found: (hit: Hit) => void): number {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const needle = this.#needle === undefined ? undefined : new NextOccurrence(buffer, this.#needle);
    const escapes = new NextOccurrence(buffer, ESCAPE);
    let events = 0;
    for (let i = 0; i < count; i++) {
      const [start, end] = [offsets[i] as number, offsets[i + 1] as number];
      if (needle !== undefined && needle.from(start) >= end && escapes.from(start) >= end) continue;
      const text = buffer.toString('utf8', start, end);
      if (this.#pattern !== undefined && escapes.from(start) >= end && !this.#pattern.test(text)) continue;
      let hits = 0;
      const record = (hit: Hit): void => {
        hits++;
        found(hit);
      };
      this.#event(sequences[i] as number, text, unreadable.has(i), record);
      if (hits > 0 && sequences[i] !== 0) events++;
    }
    return events;
  }

  #event(sequence: number, text: string, unreadable: boolean, found: (hit: Hit) => void): void {
    const reading = unreadable ? undefined : readEvent(text);
    if (!reading?.ok) return this.#text(text, { sequence, type: undefined, nodeId: undefined, path: '', inKey: false }, found);
    this.#value(reading.event.fields, { sequence, type: reading.event.kind.type, nodeId: reading.event.nodeId }, found);
  }

  #value(root: Json, event: Pick<Hit, 'sequence' | 'type' | 'nodeId'>, found: (hit: Hit) => void): void {
    // The initial input is searched as an event that is not in the log, whose own keys are not in the database.
    const isInput = event.sequence === 0;
    const walk = (value: Json, path: Pointer): void => {
      if (isObject(value)) {
        for (const [key, member] of value) {
          const at = childPointer(path, key);
          this.#text(key, { ...event, path: at, inKey: true }, found);
          walk(member, at);
        }
      } else if (isArray(value)) value.forEach((item, index) => walk(item, childPointer(path, index)));
      else this.#text(value instanceof JsonNumber ? value.text : String(value), { ...event, path, inKey: false }, found);
    };
    if (isInput && isObject(root)) walk(root.get('initial_input') ?? null, '/initial_input');
    else walk(root, '');
  }

  #text(text: string, at: Omit<Hit, 'before' | 'found' | 'after'>, found: (hit: Hit) => void): void {
    for (const match of text.matchAll(this.#expression)) {
      if (match[0] === '') continue;
      const end = match.index + match[0].length;
      found({
        ...at,
        before: endOf(text.slice(Math.max(0, match.index - CONTEXT_LENGTH - 1), match.index), CONTEXT_LENGTH),
        found: beginningOf(match[0], MAX_FOUND_LENGTH),
        after: beginningOf(text.slice(end, end + CONTEXT_LENGTH + 1), CONTEXT_LENGTH),
      });
    }
  }
}

const ESCAPE = Buffer.from('\\u');

/** Finds the next occurrence of a needle for offsets that only increase. */
class NextOccurrence {
  readonly #bytes: Buffer;
  readonly #needle: Buffer;
  #next = -1;

  constructor(bytes: Buffer, needle: Buffer) {
    this.#bytes = bytes;
    this.#needle = needle;
  }

  /** @returns its offset; Infinity when there is none. */
  from(at: number): number {
    if (this.#next < at) {
      const found = this.#bytes.indexOf(this.#needle, at);
      this.#next = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    return this.#next;
  }
}
