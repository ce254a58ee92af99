import { hyphenated, idDigits } from '../jamjet/ids.ts';
import { asRuntimeReads } from '../jamjet/number.ts';
import { isStatus, type Status } from '../jamjet/status.ts';
import { normalTime } from '../jamjet/time.ts';
import { fromPlain, type Plain } from '../json/plain.ts';
import { printJson } from '../json/print.ts';
import { isArray, type Json, JsonNumber, type JsonObject, sortedKeys } from '../json/value.ts';
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
 * A value as it is stored: a copy, with the keys in the runtime's order.
 *
 * @param where what it is, for the message.
 * @throws SerializationError when it holds what is not JSON, or what the runtime could not read back.
 */
export function jsonOf(value: Plain, where: string): Json {
  return copied(value, where, 1);
}

/** Its text. */
export function textOf(value: Plain, where: string): string {
  return printJson(jsonOf(value, where));
}

/** An event: `type` first, then its fields as they were given. */
export function kindOf(kind: Plain): JsonObject {
  const members = membersOf(kind);
  const type = members?.find(([key]) => key === 'type')?.[1];
  if (members === undefined || typeof type !== 'string') throw new SerializationError('An event must be a JSON object with a "type" that is text.');
  const fields = new Map<string, Json>([['type', wellFormed(type, 'an event')]]);
  // Provenance is a record, not a map: its keys have an order of their own.
  for (const [key, value] of members) {
    if (key !== 'type' && value !== undefined) fields.set(wellFormed(key, 'an event'), copied(value, `${key} of an event`, 2, key !== 'provenance'));
  }
  return fields;
}

function copied(value: Plain, where: string, level: number, sorted = true): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return wellFormed(value, where);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber) return readable(value, where);
  if (level > MAX_LEVELS) throw new SerializationError(`The value in ${where} is nested deeper than ${MAX_LEVELS} levels, which the runtime could not read.`);
  if (isArray(value as Json)) return (value as readonly Plain[]).map((item) => copied(item, where, level + 1, sorted));
  const members = membersOf(value);
  if (members === undefined)
    throw new SerializationError(`The value in ${where} holds a ${Object.prototype.toString.call(value).slice(8, -1)}, which is not JSON.`);
  const copy = new Map<string, Json>();
  for (const [key, member] of members) if (member !== undefined) copy.set(wellFormed(key, where), copied(member, where, level + 1, sorted));
  return sorted ? new Map(sortedKeys(copy).map((key) => [key, copy.get(key) as Json])) : copy;
}

/** undefined for everything that is no object of its own: an array, a Date, a function. */
function membersOf(value: Plain): readonly (readonly [string, Plain])[] | undefined {
  if (value instanceof Map) return [...value] as [string, Plain][];
  if (typeof value !== 'object' || value === null) return undefined;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? Object.entries(value as Record<string, Plain>) : undefined;
}

function wellFormed(text: string, where: string): string {
  if (!text.isWellFormed()) throw new SerializationError(`The text in ${where} holds half a surrogate pair, which no database keeps.`);
  return text;
}

function readable(value: number | bigint | JsonNumber, where: string): Json {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new SerializationError(`The value in ${where} holds ${value}, which is not JSON.`);
  const number = fromPlain(value);
  if (number instanceof JsonNumber && asRuntimeReads(number.text) === undefined) {
    throw new SerializationError(`The value in ${where} holds ${number.text}, which is no number that the runtime could read.`);
  }
  return number;
}
