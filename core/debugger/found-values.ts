import type { TreeRow } from '../contract/slices/tree.ts';
import { childPointer, type Pointer } from '../json/pointer.ts';
import { isArray, isObject, type Json, numberText, sizeOf, sortedKeys, typeOf } from '../json/value.ts';
import type { Steps } from '../replay/steps.ts';
import { keyText, valueText } from './value-text.ts';

/** How many rows are kept; all matches are counted. */
const MAX_ROWS = 20_000;
/** The values that are looked at between two yields, and the characters of a text that count as one of them. */
const VALUES_PER_STEP = 2000;
const CHARACTERS = 64 * 1024;

interface FoundValue {
  readonly pointer: Pointer;
  readonly key: string;
  readonly depth: number;
  readonly indexDepths: readonly number[];
  readonly value: Json;
}

/** The values of a state that contain a text, with the containers that lead to them, in the order of a tree. */
export interface FoundValues {
  readonly rows: readonly FoundValue[];
  /** Which of the rows match. */
  readonly matchRows: readonly number[];
  /** All of them, also those that have no row. */
  readonly matches: number;
}

/** A container that is being searched. */
interface Level {
  readonly pointer: Pointer;
  readonly depth: number;
  /** Of what is in it. */
  readonly indexDepths: readonly number[];
  readonly value: Json;
  readonly keys: readonly string[] | undefined;
  next: number;
}

/** Looks for a text, in any case, in keys and values, or, if it begins with a slash, in paths. */
export function* findValues(state: Json, text: string): Steps<FoundValues> {
  const sought = text.toLowerCase();
  const isPath = text.startsWith('/');
  const rows: FoundValue[] = [];
  const matchRows: number[] = [];
  let matches = 0;
  let isFull = false;
  let left = VALUES_PER_STEP;
  /** The containers above the value that is looked at which have no row yet. */
  let waiting: FoundValue[] = [];
  const levels: Level[] = isObject(state) || isArray(state) ? [levelOf('', 0, [], state)] : [];
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const { depth } = level;
    if (level.next >= sizeOf(level.value)) {
      levels.pop();
      waiting = waiting.filter((row) => row.depth < depth - 1);
      continue;
    }
    const index = level.next++;
    const key = level.keys?.[index] ?? index;
    const value = (isObject(level.value) ? level.value.get(key as string) : (level.value as readonly Json[])[index]) as Json;
    const pointer = childPointer(level.pointer, key);
    const found: FoundValue = { pointer, key: String(key), depth, indexDepths: level.indexDepths, value };
    const isMatch = isPath
      ? pointer.toLowerCase().includes(sought)
      : (level.keys !== undefined && String(key).toLowerCase().includes(sought)) || (yield* contains(value, sought));
    waiting.push(found);
    if (isMatch) {
      matches++;
      // Once a match does not fit, none of the later ones is added, because its containers may be missing.
      isFull ||= rows.length + waiting.length > MAX_ROWS;
      if (!isFull) {
        rows.push(...waiting);
        matchRows.push(rows.length - 1);
      }
      waiting = [];
    }
    if (isObject(value) || isArray(value)) levels.push(levelOf(pointer, depth + 1, level.indexDepths, value));
    else if (!isMatch) waiting.pop();
    if (--left > 0) continue;
    yield;
    left = VALUES_PER_STEP;
  }
  return { rows, matchRows, matches };
}

function levelOf(pointer: Pointer, depth: number, above: readonly number[], value: Json): Level {
  const indexDepths = isArray(value) ? [...above, depth] : above;
  return { pointer, depth, indexDepths, value, keys: isObject(value) ? sortedKeys(value) : undefined, next: 0 };
}

/** Whether a scalar contains a text in lower case. A long text is searched in parts. */
function* contains(value: Json, sought: string): Steps<boolean> {
  if (isObject(value) || isArray(value)) return false;
  if (typeof value !== 'string') return (value === null || typeof value === 'boolean' ? String(value) : numberText(value)).toLowerCase().includes(sought);
  for (let from = 0; from < value.length; from += CHARACTERS) {
    if (
      value
        .slice(from, from + CHARACTERS + sought.length)
        .toLowerCase()
        .includes(sought)
    )
      return true;
    if (from > 0) yield;
  }
  return false;
}

/** Some of the rows, as a tree shows them. */
export function foundRows({ rows }: FoundValues, from: number, count: number): readonly TreeRow[] {
  return rows.slice(from, from + count).map(({ pointer, key, depth, indexDepths, value }, i) => ({
    pointer,
    key,
    label: keyText(key),
    depth,
    indexDepths,
    type: typeOf(value),
    ...valueText(value),
    size: sizeOf(value),
    open: (rows[from + i + 1]?.depth ?? 0) > depth,
    change: null,
    old: null,
  }));
}
