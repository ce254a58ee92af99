import { isArray, isObject, type Json, JsonNumber, sortedKeys } from './value.ts';

export interface PrintOptions {
  /** Keys in code-point order, as the runtime writes free values. Otherwise in the order in which they were read. */
  readonly sorted?: boolean;
  /** One member per line, indented by two spaces. */
  readonly pretty?: boolean;
}

/**
 * The text of a value. Numbers keep their spelling; strings are escaped as serde_json and `JSON.stringify` escape them
 * (short escapes, `\u00xx` in lower case, everything else unchanged). For every text that the runtime writes,
 * `printJson(parseJson(text))` is the same text.
 */
export function printJson(value: Json, options: PrintOptions = {}): string {
  const pieces: string[] = [];
  writeJson(value, (piece) => void pieces.push(piece), options);
  return pieces.join('');
}

/** Compact, with sorted keys: equal values have equal canonical texts. */
export function canonicalJson(value: Json): string {
  return printJson(value, { sorted: true });
}

/** The beginning of the canonical text: at least `length` UTF-16 units if it has that many, and little more. */
export function beginningOfJson(value: Json, length: number): string {
  let text = '';
  writeJson(
    value,
    (piece) => {
      text += piece;
      return text.length < length;
    },
    { sorted: true },
  );
  return text;
}

/** @param write takes the text in pieces; when it returns false, nothing more is written. */
function writeJson(value: Json, write: (piece: string) => unknown, { sorted = false, pretty = false }: PrintOptions = {}): void {
  const walk = (node: Json, indent: string): boolean => {
    if (isObject(node)) {
      if (node.size === 0) return write('{}') !== false;
      const inner = pretty ? `${indent}  ` : '';
      let separator = pretty ? `{\n${inner}` : '{';
      for (const key of sorted ? sortedKeys(node) : node.keys()) {
        if (write(separator + JSON.stringify(key) + (pretty ? ': ' : ':')) === false) return false;
        if (!walk(node.get(key) as Json, inner)) return false;
        separator = pretty ? `,\n${inner}` : ',';
      }
      return write(pretty ? `\n${indent}}` : '}') !== false;
    }
    if (isArray(node)) {
      if (node.length === 0) return write('[]') !== false;
      const inner = pretty ? `${indent}  ` : '';
      let separator = pretty ? `[\n${inner}` : '[';
      for (const item of node) {
        if (write(separator) === false || !walk(item, inner)) return false;
        separator = pretty ? `,\n${inner}` : ',';
      }
      return write(pretty ? `\n${indent}]` : ']') !== false;
    }
    return write(printScalar(node)) !== false;
  };
  walk(value, '');
}

/** About how many characters one piece has: it takes less than a millisecond to print. */
const PIECE = 64 * 1024;

/** The text of {@link printJson} in pieces, so that printing a large value can be interrupted. */
export function* jsonPieces(value: Json, options: PrintOptions = {}): Generator<string> {
  const out = { text: '' };
  yield* printParts(value, '', options, out);
  if (out.text !== '') yield out.text;
}

function* printParts(node: Json, indent: string, options: PrintOptions, out: { text: string }): Generator<string> {
  const pretty = options.pretty === true;
  const isMap = isObject(node);
  if (!isMap && !isArray(node)) {
    out.text += printScalar(node);
  } else if ((isMap ? node.size : node.length) === 0) {
    out.text += isMap ? '{}' : '[]';
  } else {
    const inner = pretty ? `${indent}  ` : '';
    const members: Iterable<string | number> = isMap ? (options.sorted ? sortedKeys(node) : node.keys()) : node.keys();
    let separator = (isMap ? '{' : '[') + (pretty ? `\n${inner}` : '');
    for (const member of members) {
      out.text += separator + (isMap ? JSON.stringify(member) + (pretty ? ': ' : ':') : '');
      yield* printParts((isMap ? node.get(member as string) : node[member as number]) as Json, inner, options, out);
      if (out.text.length >= PIECE) {
        yield out.text;
        out.text = '';
      }
      separator = pretty ? `,\n${inner}` : ',';
    }
    out.text += (pretty ? `\n${indent}` : '') + (isMap ? '}' : ']');
  }
}

/** The text of a value that has no members. */
export function printScalar(value: null | boolean | string | number | JsonNumber): string {
  if (value instanceof JsonNumber) return value.text;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
