import { hyphenated, idDigits } from '../jamjet/ids.ts';
import { asRuntimeReads } from '../jamjet/number.ts';
import { isStatus, type Status } from '../jamjet/status.ts';
import { normalTime } from '../jamjet/time.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import { printScalar } from '../json/print.ts';
import { parseJson } from '../json/read.ts';
import { inKeyOrder, isArray, type Json, JsonNumber } from '../json/value.ts';
import { DatabaseError, SerializationError } from './errors.ts';

/** Checks of what is to be stored. One row that the runtime cannot read makes it refuse the whole execution. */

/** The runtime refuses deeper nesting (docs/format.md, What the runtime refuses). */
const MAX_LEVELS = 127;

/** An id as it is stored. @throws DatabaseError when the text is not a UUID. */
export function requireId(text: string, what: string): string {
  const id = parseId(text);
  if (id === undefined) throw new DatabaseError(`"${text}" is not the id of ${what}: a UUID is required.`);
  return id;
}

/** The same for a search: undefined when the text is not a UUID, and so not the id of anything. */
export function parseId(text: string): string | undefined {
  if (PLAIN_ID.test(text)) return text;
  const digits = idDigits(text);
  return digits?.length === 32 ? hyphenated(digits) : undefined;
}

const PLAIN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A time as it is stored. @throws DatabaseError when the text is not an RFC 3339 time. */
export function requireTime(text: string): string {
  const time = normalTime(text);
  if (time === undefined) throw new DatabaseError(`"${text}" is not a time: RFC 3339 is required, such as 2026-06-01T12:00:00+00:00.`);
  return time;
}

/** @throws DatabaseError when the text is not a status. */
export function requireStatus(text: string): Status {
  if (!isStatus(text)) throw new DatabaseError(`"${text}" is not a status of an execution.`);
  return text;
}

/**
 * The text of a value as it is stored: compact, with keys in the runtime's order. The value is checked and printed in one
 * walk; with two, batched appends took a quarter longer.
 *
 * @param where what the value is, for the error message.
 * @throws SerializationError when the value is not JSON, or the runtime could not read it back.
 */
export function jsonText(value: Plain, where: string): string {
  return printed(value, where, 1, true);
}

/** The value that {@link jsonText} would store, for a backend that keeps values instead of text. */
export function jsonValue(value: Plain, where: string): Json {
  return parseJson(jsonText(value, where));
}

/** The text of an event: `type` first, then its fields in the order given. @throws SerializationError */
export function eventText(kind: Plain): string {
  const keys = keysOf(kind);
  const type = keys?.includes('type') ? memberOf(kind, 'type') : undefined;
  if (keys === undefined || typeof type !== 'string') throw new SerializationError('An event must be a JSON object with a "type" that is a string.');
  let text = `{"type":${quoted(type, 'an event')}`;
  for (const key of keys) {
    const value = memberOf(kind, key);
    // Provenance is a record of the runtime, so its keys keep the order of declaration.
    if (key !== 'type' && value !== undefined) text += `,${quoted(key, 'an event')}:${printed(value, 'an event', 2, key !== 'provenance')}`;
  }
  return `${text}}`;
}

function printed(value: Plain, where: string, level: number, sorted: boolean): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quoted(value, where);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber) return numberOf(value, where);
  if (level > MAX_LEVELS) throw new SerializationError(`The value in ${where} is nested deeper than ${MAX_LEVELS} levels, which the runtime cannot read.`);
  let text = '';
  if (isArray(value as Json)) {
    for (const item of value as readonly Plain[]) text += `${text === '' ? '' : ','}${printed(item, where, level + 1, sorted)}`;
    return `[${text}]`;
  }
  const keys = keysOf(value);
  if (keys === undefined)
    throw new SerializationError(`The value in ${where} contains a ${Object.prototype.toString.call(value).slice(8, -1)}, which is not JSON.`);
  for (const key of sorted ? inKeyOrder(keys) : keys) {
    const member = memberOf(value, key);
    if (member !== undefined) text += `${text === '' ? '' : ','}${quoted(key, where)}:${printed(member, where, level + 1, sorted)}`;
  }
  return `{${text}}`;
}

/** The keys of a Map or a plain object; undefined for anything else, such as a Date or a function. */
function keysOf(value: Plain): string[] | undefined {
  if (value instanceof Map) return [...value.keys()];
  if (typeof value !== 'object' || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.keys(value) : undefined;
}

function memberOf(value: Plain, key: string): Plain {
  return value instanceof Map ? (value.get(key) as Plain) : (value as { readonly [key: string]: Plain })[key];
}

function quoted(text: string, where: string): string {
  if (!text.isWellFormed()) throw new SerializationError(`The text in ${where} contains a lone surrogate, which cannot be stored.`);
  return JSON.stringify(text);
}

function numberOf(value: number | bigint | JsonNumber, where: string): string {
  // JavaScript prints a safe integer exactly and without an exponent.
  if (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new SerializationError(`The value in ${where} contains ${value}, which is not JSON.`);
  const text = printScalar(fromPlain(value) as number | JsonNumber);
  if (asRuntimeReads(text) === undefined) throw new SerializationError(`The value in ${where} contains ${text}, a number that the runtime cannot read.`);
  return text;
}
