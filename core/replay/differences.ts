import { isObject, type Json } from '../json/value.ts';
import { diffJson } from './diff.ts';

const MAX_PATHS = 1000;

/** How many paths differ; `more` when there are more than were counted. */
export interface Differences {
  readonly paths: number;
  readonly more: boolean;
}

/**
 * Counts the paths at which two states differ, moment after moment. The count of a top-level key is kept while both
 * values stay the same, so that the next moment takes time only for what changed.
 */
export class DifferenceCounter {
  #known = new Map<string, { readonly a: Json | undefined; readonly b: Json | undefined; readonly paths: number }>();

  count(a: Json, b: Json): Differences {
    if (!isObject(a) || !isObject(b)) return result(pathsOf(a, b));
    const known = new Map<string, { readonly a: Json | undefined; readonly b: Json | undefined; readonly paths: number }>();
    let paths = 0;
    for (const key of new Set([...a.keys(), ...b.keys()])) {
      const [left, right] = [a.get(key), b.get(key)];
      const before = this.#known.get(key);
      const found = before !== undefined && before.a === left && before.b === right ? before : { a: left, b: right, paths: pathsOf(left, right) };
      known.set(key, found);
      paths += found.paths;
    }
    this.#known = known;
    return result(paths);
  }
}

function pathsOf(a: Json | undefined, b: Json | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : 1;
  const { changes, more } = diffJson(a, b, MAX_PATHS);
  return changes.length + (more ? 1 : 0);
}

function result(paths: number): Differences {
  return { paths: Math.min(paths, MAX_PATHS), more: paths > MAX_PATHS };
}
