import { isArray, isObject, type Json, JsonNumber, sortedKeys } from './value.ts';

export interface PrintOptions {
  /** Keys in code-point order, as the runtime writes free values. Otherwise in the order they were read. */
  readonly sorted?: boolean;
  /** One member a line, indented by two spaces. */
  readonly pretty?: boolean;
}

/**
 * The text of a value. Numbers keep their spelling; strings are escaped as serde_json escapes them
 * (which is what `JSON.stringify` does, too: short escapes, `\u00xx` in lower case, the rest as it is).
 * For every text that the runtime writes, `printJson(read(text))` is that text again.
 */
export function printJson(value: Json, options: PrintOptions = {}): string {
  const pieces: string[] = [];
  writeJson(value, (piece) => pieces.push(piece), options);
  return pieces.join('');
}

/** Sorted and compact: equal values have equal canonical texts. */
export function canonicalJson(value: Json): string {
  return printJson(value, { sorted: true });
}

/** Hands the text to `write` in pieces, so that a large value never has to be one string. */
function writeJson(value: Json, write: (piece: string) => void, options: PrintOptions = {}): void {
  const { sorted = false, pretty = false } = options;
  const walk = (node: Json, indent: string): void => {
    if (isObject(node)) {
      if (node.size === 0) return write('{}');
      const inner = pretty ? `${indent}  ` : '';
      let separator = pretty ? `{\n${inner}` : '{';
      for (const key of sorted ? sortedKeys(node) : node.keys()) {
        write(separator + JSON.stringify(key) + (pretty ? ': ' : ':'));
        walk(node.get(key) as Json, inner);
        separator = pretty ? `,\n${inner}` : ',';
      }
      write(pretty ? `\n${indent}}` : '}');
    } else if (isArray(node)) {
      if (node.length === 0) return write('[]');
      const inner = pretty ? `${indent}  ` : '';
      let separator = pretty ? `[\n${inner}` : '[';
      for (const item of node) {
        write(separator);
        walk(item, inner);
        separator = pretty ? `,\n${inner}` : ',';
      }
      write(pretty ? `\n${indent}]` : ']');
    } else {
      write(printScalar(node));
    }
  };
  walk(value, '');
}

/** The text of a value that has no members. */
export function printScalar(value: null | boolean | string | number | JsonNumber): string {
  if (value instanceof JsonNumber) return value.text;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
