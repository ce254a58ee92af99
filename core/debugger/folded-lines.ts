import { childPointer, type Pointer, pointerKeys } from '../json/pointer.ts';
import { isArray, isObject, type Json, sortedKeys } from '../json/value.ts';

/**
 * The lines of the pretty text of a value, by the lines on which its containers begin and end. A container that has members
 * begins on a line of its own; everything else is on one line.
 */
export interface ContainerLines {
  readonly value: Json;
  /** For each line the one on which the container ends that begins on it; 0 where none begins. */
  readonly ends: readonly number[];
}

/** The members of a container that begins on a line, with the lines on which they begin. */
function* members({ ends }: ContainerLines, container: Json, line: number): Generator<readonly [key: string | number, member: Json, line: number]> {
  let at = line + 1;
  const keys: Iterable<string | number> = isObject(container) ? sortedKeys(container) : isArray(container) ? container.keys() : [];
  for (const key of keys) {
    yield [key, (isObject(container) ? container.get(key as string) : (container as readonly Json[])[key as number]) as Json, at];
    at = Math.max(at, ends[at] ?? 0) + 1;
  }
}

/** The path of the container that begins on a line; undefined when none begins there. */
export function containerAt(lines: ContainerLines, line: number): Pointer | undefined {
  if (!((lines.ends[line] ?? 0) > 0)) return undefined;
  let [pointer, value, at] = ['', lines.value, 0];
  while (at !== line) {
    // The last member that does not begin behind the line is the one that it is in.
    for (const [key, member, start] of members(lines, value, at)) {
      if (Math.max(start, lines.ends[start] ?? 0) < line) continue;
      [pointer, value, at] = [childPointer(pointer, key), member, start];
      break;
    }
  }
  return pointer;
}

/**
 * The lines on which the containers at some paths begin, in order, without those that are not there or have no members. Each
 * container is walked through once.
 */
function linesOf(lines: ContainerLines, paths: readonly (readonly string[])[], value: Json = lines.value, at = 0, depth = 0): number[] {
  if (!((lines.ends[at] ?? 0) > 0)) return [];
  const found = paths.some(({ length }) => length === depth) ? [at] : [];
  const sought = new Map<string, (readonly string[])[]>();
  for (const keys of paths) {
    const key = keys[depth];
    if (key === undefined) continue;
    const others = sought.get(key);
    if (others === undefined) sought.set(key, [keys]);
    else others.push(keys);
  }
  if (sought.size === 0) return found;
  for (const [key, member, start] of members(lines, value, at)) {
    const inMember = sought.get(String(key));
    if (inMember === undefined) continue;
    found.push(...linesOf(lines, inMember, member, start, depth + 1));
    sought.delete(String(key));
    if (sought.size === 0) break;
  }
  return found;
}

/** The rows that are left of the lines of a text when some of its containers are folded into the lines on which they begin. */
export class FoldedLines {
  /** The first and the last line of each folded container that is in no other one, in order. */
  readonly #folded: readonly (readonly [first: number, last: number])[];
  readonly total: number;

  /** @param pointers of the folded containers. Those that are not there are left out. */
  constructor(lines: ContainerLines, pointers: readonly Pointer[]) {
    const paths = pointers.map(pointerKeys).filter((keys) => keys !== undefined);
    const folded: [number, number][] = [];
    for (const first of linesOf(lines, paths)) {
      if (first > (folded.at(-1)?.[1] ?? -1)) folded.push([first, lines.ends[first] as number]);
    }
    this.#folded = folded;
    this.total = lines.ends.length - folded.reduce((sum, [first, last]) => sum + last - first, 0);
  }

  /** The line that a row shows, and the last one that is folded into it. */
  at(row: number): { readonly line: number; readonly last: number | undefined } {
    let line = row;
    for (const [first, last] of this.#folded) {
      if (line < first) break;
      if (line === first) return { line, last };
      line += last - first;
    }
    return { line, last: undefined };
  }
}
