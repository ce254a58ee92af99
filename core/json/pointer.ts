import { isArray, isObject, type Json } from './value.ts';

/** JSON Pointer (RFC 6901): `` is the whole value, `/a~1b/0` the first item of the key `a/b`. */
export type Pointer = string;

export function childPointer(parent: Pointer, key: string | number): Pointer {
  if (typeof key === 'number') return `${parent}/${key}`;
  return `${parent}/${/[~/]/.test(key) ? key.replaceAll('~', '~0').replaceAll('/', '~1') : key}`;
}

/**
 * The keys a pointer names, from the root down.
 *
 * @returns undefined when the text is no pointer: it is not empty and does not start with `/`, or has a stray `~`.
 */
export function pointerKeys(pointer: Pointer): readonly string[] | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value a pointer leads to; undefined when there is none. */
export function valueAt(root: Json, pointer: Pointer): Json | undefined {
  const keys = pointerKeys(pointer);
  if (keys === undefined) return undefined;
  let value: Json | undefined = root;
  for (const key of keys) {
    if (isObject(value)) value = value.get(key);
    else if (isArray(value)) value = /^(0|[1-9]\d*)$/.test(key) ? value[Number(key)] : undefined;
    else return undefined;
  }
  return value;
}
