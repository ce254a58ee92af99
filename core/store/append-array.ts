import type { Plain } from '../json/plain.ts';
import { parseJson } from '../json/read.ts';
import { copyOf, isArray, isObject, type Json, type JsonObject } from '../json/value.ts';
import { DatabaseError } from './errors.ts';
import { jsonText } from './validate.ts';

/** The state of an execution with an item appended to the array under `key`. @throws DatabaseError when that is not an array. */
export function withAppended(state: Json, executionId: string, key: string, value: Plain): JsonObject {
  if (!isObject(state)) throw new DatabaseError(`The state of ${executionId} is not a JSON object.`);
  const array = state.get(key) ?? [];
  if (!isArray(array)) throw new DatabaseError(`The key "${key}" in the state of ${executionId} is not an array.`);
  return copyOf(state).set(key, [...array, parseJson(jsonText(value, `the array "${key}" of ${executionId}`))]);
}
