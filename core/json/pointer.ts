import { isArray, isObject, type Json } from './value.ts';

/** JSON Pointer (RFC 6901): `` refers to the whole value, `/a~1b/0` to the first item under the key `a/b`. */
export type Pointer = string;

export function childPointer(parent: Pointer, key: string | number): Pointer {
  if (typeof key === 'number') return `${parent}/${key}`;
  return `${parent}/${/[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key}`;
}

/**
 * The keys of a pointer, from the root down.
 *
 * @returns undefined when the text is not a pointer: it is not empty and does not start with `/`, or has a `~` that is
 *   followed by neither 0 nor 1.
 */
export function pointerKeys(pointer: Pointer): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value that a pointer refers to; undefined when there is none. */
export function valueAt(root: Json, pointer: Pointer): Json | undefined {
  const keys = pointerKeys(pointer);
  return keys === undefined ? undefined : valueUnder(root, keys);
}

/** The value that keys lead to, from the root down; undefined when there is none. @param from the first of them that counts. */
export function valueUnder(root: Json | undefined, keys: readonly string[], from = 0): Json | undefined {
  let value = root;
  for (let depth = from; depth < keys.length; depth++) {
    const key = keys[depth] as string;
    if (isObject(value)) value = value.get(key);
    else if (isArray(value)) value = /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
    else return undefined;
  }
  return value;
}
