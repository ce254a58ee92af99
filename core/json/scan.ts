/**
 * Scans JSON as UTF-8 bytes without building values: it finds the byte range of each field of an object and checks that
 * the text is well-formed. This makes indexing a million events cheap, and finds the damaged ones.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;
const COLON = 0x3a;
/** The first bytes of a string are compared one by one; for a longer one, a call of the native search is faster. */
const SHORT_STRING = 32;

/** Called with the byte ranges of a field: its key without quotes [keyStart, keyEnd), its value [valueStart, valueEnd). */
export type FieldVisitor = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number) => void;

/** Scans many texts in one buffer. What it learns about the buffer while scanning one text is reused for the next. */
export class JsonScanner {
  readonly bytes: Buffer;
  /** No byte is a control character. So no string contains one, and native search may skip over string contents. */
  readonly isPlain: boolean;
  /** The first backslash at or after `#backslashFrom`; infinity when there is none. */
  #backslash = -1;
  #backslashFrom = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.isPlain = !hasControls(this.bytes);
  }

  /**
   * Visits each field of the object that fills bytes [start, end).
   *
   * @returns whether these bytes are one well-formed JSON object, nested at most `maxDepth` levels deep. When they are not,
   *   the fields before the damage have already been visited, and the caller must discard them.
   */
  object(start: number, end: number, maxDepth: number, visit: FieldVisitor): boolean {
    const bytes = this.bytes;
    scanner = this;
    let at = skipSpace(bytes, start, end);
    if (at >= end || bytes[at] !== OPEN_OBJECT) return false;
    at = skipSpace(bytes, at + 1, end);
    if (bytes[at] === CLOSE_OBJECT && at < end) return skipSpace(bytes, at + 1, end) === end;
    for (;;) {
      if (at >= end || bytes[at] !== QUOTE) return false;
      const keyStart = at + 1;
      at = skipString(bytes, at, end);
      if (at < 0) return false;
      const keyEnd = at - 1;
      at = skipSpace(bytes, at, end);
      if (at >= end || bytes[at] !== COLON) return false;
      const valueStart = skipSpace(bytes, at + 1, end);
      const valueEnd = skipValue(bytes, valueStart, end, maxDepth - 1);
      if (valueEnd < 0) return false;
      visit(keyStart, keyEnd, valueStart, valueEnd);
      at = skipSpace(bytes, valueEnd, end);
      if (at >= end) return false;
      if (bytes[at] === CLOSE_OBJECT) return skipSpace(bytes, at + 1, end) === end;
      if (bytes[at] !== COMMA) return false;
      at = skipSpace(bytes, at + 1, end);
    }
  }

  /** Whether bytes [start, end) contain a backslash, so that a name there may be spelled with an escape. */
  hasEscape(start: number, end: number): boolean {
    return this.#backslashAfter(start) < end;
  }

  /** @returns the position after the string that contains position `at`; -1 when the string is not terminated. */
  skipLongString(at: number, end: number): number {
    if (!this.isPlain) return skipEscapedString(this.bytes, at, end);
    const quote = this.bytes.indexOf(QUOTE, at);
    if (quote < 0 || quote >= end) return -1;
    const backslash = this.#backslashAfter(at);
    return quote < backslash ? quote + 1 : skipEscapedString(this.bytes, backslash, end);
  }

  #backslashAfter(at: number): number {
    if (at < this.#backslashFrom || at > this.#backslash) {
      const found = this.bytes.indexOf(BACKSLASH, at);
      this.#backslash = found < 0 ? Number.POSITIVE_INFINITY : found;
      this.#backslashFrom = at;
    }
    return this.#backslash;
  }
}

function hasControls(bytes: Buffer): boolean {
  const misaligned = -bytes.byteOffset & 3;
  const words = bytes.length < misaligned + 4 ? 0 : (bytes.length - misaligned) >> 2;
  const four = new Int32Array(bytes.buffer, bytes.byteOffset + (words > 0 ? misaligned : -bytes.byteOffset), words);
  // Subtracting 0x20 sets the high bit of a byte below 0x20; bytes whose high bit was set already are masked out.
  let found = 0;
  for (let i = 0; i < words; i++) {
    const word = four[i] as number;
    found |= (word - 0x20202020) & ~word;
  }
  if ((found & 0x80808080) !== 0) return true;
  const rest = words > 0 ? [bytes.subarray(0, misaligned), bytes.subarray(misaligned + words * 4)] : [bytes];
  return rest.some((part) => part.some((byte) => byte < 0x20));
}

/** Whether bytes [start, end) are exactly this ASCII text. */
export function bytesAre(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text[i]) return false;
  return true;
}

/** The scanner of the current call. Scans never nest, so one variable and one stack are enough. */
let scanner: JsonScanner;
/** For each open container, by depth: 1 for an object, 0 for an array. */
const stack = new Uint8Array(4096);

/** @returns the position after the value that starts at `from`; -1 when it is not well-formed or nested too deep. */
function skipValue(bytes: Uint8Array, from: number, end: number, maxDepth: number): number {
  let at = from;
  let depth = 0;
  for (;;) {
    // A value starts here.
    if (at >= end) return -1;
    const code = bytes[at] as number;
    if (code === QUOTE) {
      at = skipString(bytes, at, end);
      if (at < 0) return -1;
    } else if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      const object = code === OPEN_OBJECT;
      if (depth >= maxDepth || depth >= stack.length) return -1;
      at = skipSpace(bytes, at + 1, end);
      if (at < end && bytes[at] === (object ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        at++;
      } else {
        stack[depth++] = object ? 1 : 0;
        if (object) {
          at = skipKey(bytes, at, end);
          if (at < 0) return -1;
        }
        continue;
      }
    } else {
      at = skipLiteralOrNumber(bytes, at, end);
      if (at < 0) return -1;
    }
    // A value has ended, and with it perhaps the containers around it.
    for (;;) {
      if (depth === 0) return at;
      at = skipSpace(bytes, at, end);
      if (at >= end) return -1;
      const next = bytes[at] as number;
      const object = stack[depth - 1] === 1;
      if (next === COMMA) {
        at = skipSpace(bytes, at + 1, end);
        if (object) {
          at = skipKey(bytes, at, end);
          if (at < 0) return -1;
        }
        break;
      }
      if (next !== (object ? CLOSE_OBJECT : CLOSE_ARRAY)) return -1;
      depth--;
      at++;
    }
  }
}

function skipKey(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end || bytes[at] !== QUOTE) return -1;
  const afterKey = skipString(bytes, at, end);
  if (afterKey < 0) return -1;
  const colon = skipSpace(bytes, afterKey, end);
  return colon < end && bytes[colon] === COLON ? skipSpace(bytes, colon + 1, end) : -1;
}

function skipString(bytes: Uint8Array, from: number, end: number): number {
  let at = from + 1;
  const stop = at + SHORT_STRING < end ? at + SHORT_STRING : end;
  while (at < stop) {
    const code = bytes[at] as number;
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return -1;
    if (code === BACKSLASH) return skipEscapedString(bytes, at, end);
    at++;
  }
  return scanner.skipLongString(at, end);
}

/** The same as {@link JsonScanner.skipLongString}, byte by byte. */
function skipEscapedString(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const code = bytes[at] as number;
    if (code === QUOTE) return at + 1;
    if (code < 0x20) return -1;
    if (code === BACKSLASH) {
      const escaped = bytes[at + 1] as number;
      if (escaped === 0x75) {
        if (!isHex(bytes[at + 2]) || !isHex(bytes[at + 3]) || !isHex(bytes[at + 4]) || !isHex(bytes[at + 5])) return -1;
        at += 6;
      } else if (SHORT_ESCAPES.has(escaped)) {
        at += 2;
      } else {
        return -1;
      }
    } else {
      at++;
    }
  }
  return -1;
}

const SHORT_ESCAPES: ReadonlySet<number> = new Set([QUOTE, BACKSLASH, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);

function skipLiteralOrNumber(bytes: Uint8Array, at: number, end: number): number {
  switch (bytes[at]) {
    case 0x74:
      return skipWord(bytes, at, end, TRUE);
    case 0x66:
      return skipWord(bytes, at, end, FALSE);
    case 0x6e:
      return skipWord(bytes, at, end, NULL);
    default:
      return skipNumber(bytes, at, end);
  }
}

const TRUE = new TextEncoder().encode('true');
const FALSE = new TextEncoder().encode('false');
const NULL = new TextEncoder().encode('null');

function skipWord(bytes: Uint8Array, at: number, end: number, word: Uint8Array): number {
  const stop = at + word.length;
  return stop <= end && bytesAre(bytes, at, stop, word) ? stop : -1;
}

function skipNumber(bytes: Uint8Array, from: number, end: number): number {
  let at = bytes[from] === 0x2d ? from + 1 : from;
  const first = at;
  at = skipDigits(bytes, at, end);
  if (at === first || (at - first > 1 && bytes[first] === 0x30)) return -1;
  if (at < end && bytes[at] === 0x2e) {
    const fraction = skipDigits(bytes, at + 1, end);
    if (fraction === at + 1) return -1;
    at = fraction;
  }
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    const sign = bytes[at + 1];
    const digits = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1;
    at = skipDigits(bytes, digits, end);
    if (at === digits) return -1;
  }
  return at;
}

function skipDigits(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] as number) >= 0x30 && (bytes[at] as number) <= 0x39) at++;
  return at;
}

function skipSpace(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end) {
    const code = bytes[at];
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) break;
    at++;
  }
  return at;
}

function isHex(code: number | undefined): boolean {
  return code !== undefined && ((code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66));
}
