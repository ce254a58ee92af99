import { isObject, type Json } from '../json/value.ts';
import { diffJson } from './diff.ts';

const MOST = 1000;

/** How many paths differ; there are more where not all of them were counted. */
export interface Differences {
  readonly paths: number;
  readonly more: boolean;
}

/**
 * Counts the paths in which two states differ, moment after moment. What it found for a top-level key is kept for as
 * long as both values stay the same, so that the next moment costs what changed.
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
  const { changes, more } = diffJson(a, b, MOST);
  return changes.length + (more ? 1 : 0);
}

function result(paths: number): Differences {
  return { paths: Math.min(paths, MOST), more: paths > MOST };
}
