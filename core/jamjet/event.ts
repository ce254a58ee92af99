import { printJson } from '../json/print.ts';
import { type JsonProblem, type ReadOptions, readJson } from '../json/read.ts';
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { fits, isRequired } from './fits.ts';
import { type Kind, kindOf, unknownKind } from './kinds.ts';
import { MAX_RUNTIME_DEPTH } from './number.ts';

/** An event whose text could be read: a kind and its fields. */
export interface Event {
  readonly kind: Kind;
  readonly fields: JsonObject;
  /** The node it is about, if it names one. */
  readonly nodeId: string | undefined;
  readonly duplicateKeys: readonly string[];
  readonly depth: number;
}

export type EventReading = { readonly ok: true; readonly event: Event } | { readonly ok: false; readonly reason: string };

/**
 * Reads the text of an event's `kind_json`.
 *
 * @param number as in {@link ReadOptions}; by default numbers are kept as they are stored.
 */
export function readEvent(text: string, number?: ReadOptions['number']): EventReading {
  const result = readJson(text, number === undefined ? {} : { number });
  if (!result.ok) return { ok: false, reason: whyUnreadable(result.problem) };
  const { value, duplicates, depth } = result;
  if (!isObject(value)) return { ok: false, reason: 'it is JSON, but not an object' };
  return eventOf(value, duplicates, depth);
}

/** An event from its fields. */
export function eventOf(fields: JsonObject, duplicateKeys: readonly string[] = [], depth = 0): EventReading {
  const type = fields.get('type');
  if (typeof type !== 'string') return { ok: false, reason: 'it has no "type" that is a string' };
  const node = fields.get('node_id');
  return { ok: true, event: { kind: kindOf(type) ?? unknownKind(type), fields, nodeId: typeof node === 'string' ? node : undefined, duplicateKeys, depth } };
}

function whyUnreadable(problem: JsonProblem): string {
  return problem.tooDeep ? problem.reason : `it is not JSON: ${problem.reason} at character ${problem.position + 1}`;
}

const SUMMARY_LENGTH = 160;

/** One line about an event, not including its kind and node. */
export function summaryOf(event: Event): string {
  return cut(
    event.kind.summary((name) => shortText(event.fields.get(name))),
    SUMMARY_LENGTH,
  );
}

/** A value as short text: strings without quotes, containers as the beginning of their JSON. */
function shortText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return cut(value, SUMMARY_LENGTH);
  if (isObject(value)) return value.size === 0 ? '{}' : `{${[...value.keys()].slice(0, 4).join(', ')}${value.size > 4 ? ', …' : ''}}`;
  if (isArray(value)) return value.length === 0 ? '[]' : `[${value.slice(0, 4).map(shortItem).join(', ')}${value.length > 4 ? ', …' : ''}]`;
  return printJson(value);
}

function shortItem(value: Json): string {
  if (isObject(value)) return `{${value.size}}`;
  if (isArray(value)) return `[${value.length}]`;
  return shortText(value) || 'null';
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/**
 * Why the runtime would refuse an event that can be read here: a field that is missing or has the wrong type, a number or
 * a depth beyond its reader. One such event makes it refuse the whole execution.
 */
export function runtimeObjections(event: Event): readonly string[] {
  const objections: string[] = [];
  if (event.kind.category === 'unknown') objections.push(`the runtime does not know the kind "${event.kind.type}"`);
  if (event.depth > MAX_RUNTIME_DEPTH) objections.push(`it is nested deeper than ${MAX_RUNTIME_DEPTH} levels`);
  for (const field of event.kind.fields) {
    const value = event.fields.get(field.name);
    if (value === undefined) {
      if (isRequired(field)) objections.push(`"${field.name}" is missing`);
    } else if (!fits(value, field)) {
      objections.push(`"${field.name}" has a value of the wrong type or range`);
    }
  }
  return objections;
}
