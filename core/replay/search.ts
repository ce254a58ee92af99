import type { EventChunk } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import { childPointer, type Pointer } from '../json/pointer.ts';
import { isArray, isObject, type Json, JsonNumber } from '../json/value.ts';

export interface SearchQuery {
  readonly text: string;
  /** The text is a regular expression of JavaScript, with the flag `u`. */
  readonly regex: boolean;
  readonly matchCase: boolean;
  /** Letters, digits and `_` may not stand next to what is found. */
  readonly wholeWord: boolean;
}

/** One place in an event where the text stands: in a key, or in a string, a number, `true`, `false` or `null`. */
export interface Hit {
  readonly sequence: number;
  readonly type: string | undefined;
  readonly nodeId: string | undefined;
  /** Into the event, such as `/output/text`; '' for a text that is no event. */
  readonly path: Pointer;
  readonly inKey: boolean;
  readonly before: string;
  readonly found: string;
  readonly after: string;
}

/** So much of the text around a hit is shown, in UTF-16 units. */
const AROUND = 40;
const LONGEST_SHOWN = 200;

/** Looks for a text in events, as a person sees them: strings without their escapes, numbers as they are stored. */
export class Search {
  readonly #expression: RegExp;
  /** Found in the stored bytes of every event that can have a hit, unless it has an escape; undefined: each has to be read. */
  readonly #needle: Buffer | undefined;
  readonly #loose: RegExp | undefined;

  /** @throws SyntaxError with the reason when the text is no regular expression. */
  constructor({ text, regex, matchCase, wholeWord }: SearchQuery) {
    const plain = text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll('-', '\\u002d');
    const flags = matchCase ? 'gu' : 'giu';
    const pattern = regex ? text : plain;
    this.#expression = new RegExp(wholeWord ? `(?<![\\p{L}\\p{N}_])(?:${pattern})(?![\\p{L}\\p{N}_])` : pattern, flags);
    // What can only be stored with an escape is not found in the bytes as it is.
    const bare = !regex && !/["\\/\p{Cc}]/u.test(text);
    this.#needle = bare && matchCase ? Buffer.from(text) : undefined;
    this.#loose = bare && !matchCase ? new RegExp(plain, 'iu') : undefined;
  }

  /** @param found called for each hit, in the order of the log. @returns how many events have one. */
  chunk({ bytes, count, offsets, sequences, unreadable }: EventChunk, found: (hit: Hit) => void): number {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const needle = this.#needle === undefined ? undefined : new NextOf(buffer, this.#needle);
    const escapes = new NextOf(buffer, ESCAPE);
    let events = 0;
    for (let i = 0; i < count; i++) {
      const [start, end] = [offsets[i] as number, offsets[i + 1] as number];
      if (needle !== undefined && needle.from(start) >= end && escapes.from(start) >= end) continue;
      const text = buffer.toString('utf8', start, end);
      if (this.#loose !== undefined && escapes.from(start) >= end && !this.#loose.test(text)) continue;
      let hits = 0;
      const note = (hit: Hit): void => {
        hits++;
        found(hit);
      };
      this.#event(sequences[i] as number, text, unreadable.has(i), note);
      if (hits > 0) events++;
    }
    return events;
  }

  #event(sequence: number, text: string, unreadable: boolean, found: (hit: Hit) => void): void {
    const reading = unreadable ? undefined : readEvent(text);
    if (!reading?.ok) return this.#text(text, { sequence, type: undefined, nodeId: undefined, path: '', inKey: false }, found);
    this.#value(reading.event.fields, { sequence, type: reading.event.kind.type, nodeId: reading.event.nodeId }, found);
  }

  #value(root: Json, event: Pick<Hit, 'sequence' | 'type' | 'nodeId'>, found: (hit: Hit) => void): void {
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
    walk(root, '');
  }

  #text(text: string, at: Omit<Hit, 'before' | 'found' | 'after'>, found: (hit: Hit) => void): void {
    for (const match of text.matchAll(this.#expression)) {
      if (match[0] === '') continue;
      const end = match.index + match[0].length;
      found({
        ...at,
        before: text.slice(Math.max(0, match.index - AROUND), match.index),
        found: match[0].slice(0, LONGEST_SHOWN),
        after: text.slice(end, end + AROUND),
      });
    }
  }
}

const ESCAPE = Buffer.from('\\u');

/** Where some bytes stand next, for places that only go up. */
class NextOf {
  readonly #bytes: Buffer;
  readonly #wanted: Buffer;
  #next = -1;

  constructor(bytes: Buffer, wanted: Buffer) {
    this.#bytes = bytes;
    this.#wanted = wanted;
  }

  from(at: number): number {
    if (this.#next < at) {
      const found = this.#bytes.indexOf(this.#wanted, at);
      this.#next = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    return this.#next;
  }
}
