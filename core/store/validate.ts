import { hyphenated, idDigits } from '../jamjet/ids.ts';
import { asRuntimeReads, MAX_RUNTIME_DEPTH } from '../jamjet/number.ts';
import { isStatus, type Status } from '../jamjet/status.ts';
import { normalTime } from '../jamjet/time.ts';
import { fromPlain, isPlainArray, keysOf, memberOf, nameOf, type Plain } from '../json/plain.ts';
import { printScalar } from '../json/print.ts';
import { inKeyOrder, JsonNumber } from '../json/value.ts';
import { DatabaseError, SerializationError } from './errors.ts';
import type { Fence, Optional } from './port.ts';

/** Checks of single values that are to be stored. One row that the runtime cannot read makes it refuse the whole execution. */

/** The runtime counts attempts and segments in 32 bits. */
export const MAX_COUNTED = 2 ** 32 - 1;

/** An id as it is stored. @throws DatabaseError when it is not a UUID. */
export function requireId(id: unknown, what: string): string {
  const known = parseId(id);
  if (known === undefined) throw new DatabaseError(`${shown(id)} is not the id of ${what}: a UUID is required.`);
  return known;
}

/** The same for a search: undefined when it is not a UUID, and so not the id of anything. */
export function parseId(id: unknown): string | undefined {
  if (typeof id !== 'string') return undefined;
  if (PLAIN_ID.test(id)) return id;
  const digits = idDigits(id);
  return digits?.length === 32 ? hyphenated(digits) : undefined;
}

const PLAIN_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * A time as it is stored.
 *
 * @param what the field and its record, for the error message.
 * @throws DatabaseError when it is not an RFC 3339 time.
 */
export function requireTime(time: unknown, what: string): string {
  const known = typeof time === 'string' && CLOCK_TIME.test(time) ? normalTime(time) : undefined;
  if (known === undefined || !YEAR.test(known)) {
    throw new DatabaseError(`The ${what} is ${shown(time)}, which is not a time: RFC 3339 text is required, such as 2026-06-01T12:00:00+00:00.`);
  }
  return known;
}

/** A time of day that exists, in a year that JavaScript does not take for one of the last century. */
const CLOCK_TIME = /^(?!00)\d{4}-\d\d-\d\d[T ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)/i;
const YEAR = /^\d{4}-/;

export function optionalTime(time: unknown, what: string): string | undefined {
  return time === undefined || time === null ? undefined : requireTime(time, what);
}

/** @throws DatabaseError when it is not a status. */
export function requireStatus(status: unknown, what: string): Status {
  if (typeof status !== 'string' || !isStatus(status)) throw new DatabaseError(`The status of ${what} is ${shown(status)}, which is not one of an execution.`);
  return status;
}

/** A text for a column of its own. @throws DatabaseError when it is not a text, or no database could return it unchanged. */
export function requireText(text: unknown, what: string): string {
  if (typeof text !== 'string') throw new DatabaseError(`The ${what} is ${shown(text)}, which is not a text.`);
  const unstorable = text.includes('\0') ? 'NUL character' : text.isWellFormed() ? undefined : 'lone surrogate';
  if (unstorable !== undefined) throw new DatabaseError(`The ${what} contains a ${unstorable}, which cannot be stored.`);
  return text;
}

export function optionalText(text: unknown, what: string): string | undefined {
  return text === undefined || text === null ? undefined : requireText(text, what);
}

/** Whether a record can have this text. A search for another finds nothing. */
export function isStorable(text: unknown): text is string {
  return typeof text === 'string' && text.isWellFormed() && !text.includes('\0');
}

/** @throws DatabaseError when it is not an integer in the range. */
export function requireInteger(value: unknown, what: string, least = 0, most = Number.MAX_SAFE_INTEGER): number {
  if (!Number.isSafeInteger(value) || (value as number) < least || (value as number) > most) {
    throw new DatabaseError(`The ${what} is ${shown(value)}; an integer from ${least} to ${most} is required.`);
  }
  // −0 is the integer 0.
  return (value as number) + 0;
}

export function integerOr(byDefault: number, value: unknown, what: string, most?: number): number {
  return value === undefined || value === null ? byDefault : requireInteger(value, what, 0, most);
}

/** A fence in the form in which this store hands it out. @throws DatabaseError when it is not an integer that a claim can have. */
export function requireFence(fence: unknown, what: string): Fence {
  if (typeof fence !== 'bigint') return requireInteger(fence, `fence of ${what}`);
  if (fence < 0n || fence >= 2n ** 63n) throw new DatabaseError(`The fence of ${what} is ${fence}, which no claim can have.`);
  return toFence(String(fence));
}

export function optionalFence(fence: Optional<Fence>, what: string): Fence | undefined {
  return fence === undefined || fence === null ? undefined : requireFence(fence, what);
}

/** A fence from its digits: a number while it is a safe integer. */
export function toFence(digits: string): Fence {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits);
}

/** @throws DatabaseError when it is not a number of milliseconds. */
export function requireMilliseconds(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new DatabaseError(`The ${what} is ${shown(value)}; a number of milliseconds is required.`);
  }
  return value;
}

/** A value in an error message. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 100 ? `${value.slice(0, 99)}…` : value);
  if (typeof value === 'object' && value !== null) return `a ${nameOf(value)}`;
  return typeof value === 'function' ? 'a function' : String(value);
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

/** @param level that of the value, from 1. @param sorted whether keys are put in the runtime's order. */
export function printed(value: Plain, where: string, level: number, sorted: boolean): string {
  if (value === null || value === undefined) return 'null';
  if (typeof value === 'string') return quoted(value, where);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof JsonNumber) return numberOf(value, where);
  if (level > MAX_RUNTIME_DEPTH)
    throw new SerializationError(`The value in ${where} is nested deeper than ${MAX_RUNTIME_DEPTH} levels, which the runtime cannot read.`);
  let text = '';
  if (isPlainArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${printed(item, where, level + 1, sorted)}`;
    return `[${text}]`;
  }
  const keys = keysOf(value);
  if (keys === undefined) throw new SerializationError(`The value in ${where} contains a ${nameOf(value)}, which is not JSON.`);
  for (const key of sorted ? inKeyOrder(keys) : keys) {
    const member = memberOf(value, key);
    if (member !== undefined) text += `${text === '' ? '' : ','}${quoted(key, where)}:${printed(member, where, level + 1, sorted)}`;
  }
  return `{${text}}`;
}

export function quoted(text: string, where: string): string {
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
