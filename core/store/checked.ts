import { hyphenated, idDigits } from '../jamjet/ids.ts';
import { asRuntimeReads } from '../jamjet/number.ts';
import { isStatus, type Status } from '../jamjet/status.ts';
import { normalTime } from '../jamjet/time.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import { printScalar } from '../json/print.ts';
import { parseJson } from '../json/read.ts';
import { inKeyOrder, isArray, type Json, JsonNumber } from '../json/value.ts';
import { DatabaseError, SerializationError } from './errors.ts';

/** What comes in, checked before anything is written: a row that the runtime cannot read makes it refuse the whole run. */

/** The runtime's reader refuses what is nested deeper (jamjet-format.md §2). */
const MAX_LEVELS = 127;

/** An id as it stands in a column. @throws DatabaseError when it is no UUID. */
export function idOf(text: string, what: string): string {
  const id = knownId(text);
  if (id === undefined) throw new DatabaseError(`"${text}" is not the id of ${what}: it takes a UUID.`);
  return id;
}

/** The same for a search: what is no UUID is nobody's id. */
export function knownId(text: string): string | undefined {
  if (PLAIN_ID.test(text)) return text;
  const digits = idDigits(text);
  return digits?.length === 32 ? hyphenated(digits) : undefined;
}

const PLAIN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** @throws DatabaseError when it is no RFC 3339 time. */
export function timeOf(text: string): string {
  const time = normalTime(text);
  if (time === undefined) throw new DatabaseError(`"${text}" is not a time: it takes RFC 3339, such as 2026-06-01T12:00:00+00:00.`);
  return time;
}

/** @throws DatabaseError when there is no such status. */
export function statusOf(text: string): Status {
  if (!isStatus(text)) throw new DatabaseError(`"${text}" is not a status of an execution.`);
  return text;
}

/**
 * The text of a value as it is stored: compact, with the keys in the runtime's order. It is checked and written in one walk.
 *
 * @param where what it is, for the message.
 * @throws SerializationError when it holds what is not JSON, or what the runtime could not read back.
 */
export function textOf(value: Plain, where: string): string {
  return written(value, where, 1, true);
}

/** The value that {@link textOf} would store, for a backend that keeps values. */
export function jsonOf(value: Plain, where: string): Json {
  return parseJson(textOf(value, where));
}

/** An event's text: `type` first, then its fields as they were given. @throws SerializationError */
export function kindText(kind: Plain): string {
  const keys = keysOf(kind);
  const type = keys?.includes('type') ? memberOf(kind, 'type') : undefined;
  if (keys === undefined || typeof type !== 'string') throw new SerializationError('An event must be a JSON object with a "type" that is text.');
  let text = `{"type":${quoted(type, 'an event')}`;
  for (const key of keys) {
    const value = memberOf(kind, key);
    // Provenance is a record, not a map: its keys have an order of their own.
    if (key !== 'type' && value !== undefined) text += `,${quoted(key, 'an event')}:${written(value, 'an event', 2, key !== 'provenance')}`;
  }
  return `${text}}`;
}

function written(value: Plain, where: string, level: number, sorted: boolean): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quoted(value, where);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber) return numberOf(value, where);
  if (level > MAX_LEVELS) throw new SerializationError(`The value in ${where} is nested deeper than ${MAX_LEVELS} levels, which the runtime could not read.`);
  let text = '';
  if (isArray(value as Json)) {
    for (const item of value as readonly Plain[]) text += `${text === '' ? '' : ','}${written(item, where, level + 1, sorted)}`;
    return `[${text}]`;
  }
  const keys = keysOf(value);
  if (keys === undefined)
    throw new SerializationError(`The value in ${where} holds a ${Object.prototype.toString.call(value).slice(8, -1)}, which is not JSON.`);
  for (const key of sorted ? inKeyOrder(keys) : keys) {
    const member = memberOf(value, key);
    if (member !== undefined) text += `${text === '' ? '' : ','}${quoted(key, where)}:${written(member, where, level + 1, sorted)}`;
  }
  return `{${text}}`;
}

/** undefined for everything that is no object of its own: an array, a Date, a function. */
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
  if (!text.isWellFormed()) throw new SerializationError(`The text in ${where} holds half a surrogate pair, which no database keeps.`);
  return JSON.stringify(text);
}

function numberOf(value: number | bigint | JsonNumber, where: string): string {
  // A whole number that JavaScript writes without an exponent is read everywhere as it is.
  if (typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new SerializationError(`The value in ${where} holds ${value}, which is not JSON.`);
  const text = printScalar(fromPlain(value) as number | JsonNumber);
  if (asRuntimeReads(text) === undefined) throw new SerializationError(`The value in ${where} holds ${text}, which is no number that the runtime could read.`);
  return text;
}
