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

/** The text of a value that has no members. */
export function printScalar(value: null | boolean | string | number | JsonNumber): string {
  if (value instanceof JsonNumber) return value.text;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
