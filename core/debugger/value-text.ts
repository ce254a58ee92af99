import { beginningOfJson, printScalar } from '../json/print.ts';
import { beginningOf } from '../json/slice.ts';
import { isArray, isObject, type Json, type JsonNumber } from '../json/value.ts';
import { visible } from '../visible.ts';

const VALUE_LENGTH = 300;

/** A scalar as a tree shows it, cut to 300 characters; `''` for containers. */
export function valueText(value: Json): { text: string; cut: boolean } {
  if (isObject(value) || isArray(value)) return { text: '', cut: false };
  // Printing a long text takes longer than everything else on screen.
  const short = typeof value === 'string' ? value.slice(0, VALUE_LENGTH + 1) : value;
  const { text, cut } = cutText(printScalar(short as null | boolean | string | number | JsonNumber), VALUE_LENGTH);
  return { text: visible(text), cut };
}

/** A key as it is displayed: what is not seen is escaped, and a blank key is in quotes. */
export function keyText(key: string): string {
  return key.trim() === '' ? `"${visible(key)}"` : visible(key);
}

/** A short text: scalars as in a tree, containers by their size. */
export function describe(value: Json): string {
  if (isObject(value)) return `{${value.size}}`;
  if (isArray(value)) return `[${value.length}]`;
  return valueText(value).text;
}

/** A value as one line of JSON, cut to 300 characters. */
export function oneLine(value: Json): string {
  return isObject(value) || isArray(value) ? visible(cutText(beginningOfJson(value, VALUE_LENGTH + 1), VALUE_LENGTH).text) : valueText(value).text;
}

/** Cuts a text to `length` UTF-16 code units, but never inside a surrogate pair. */
export function cutText(text: string, length: number): { text: string; cut: boolean } {
  if (text.length <= length) return { text, cut: false };
  return { text: `${beginningOf(text, length)}…`, cut: true };
}
