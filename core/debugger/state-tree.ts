import { childPointer } from '../json/pointer.ts';
import { beginningOfJson, printScalar } from '../json/print.ts';
import { compareKeys, equalJson, isArray, isObject, type Json, type JsonNumber, sizeOf, sortedKeys, typeOf } from '../json/value.ts';
import type { ChangeKind, TreeRow, TreeRows } from '../replies.ts';

export interface TreeView {
  readonly from: number;
  readonly count: number;
  /** Containers that a person opened or closed; all others are open while they are small and near the top. */
  readonly opened: readonly string[];
  readonly closed: readonly string[];
  /** Opens what holds a change. */
  readonly reveal: boolean;
}

/** How large a container may be to be open of itself, by its depth. Deeper ones are closed. */
const OPEN_SIZES: readonly number[] = [40, 8];
const VALUE_LENGTH = 300;

/**
 * The rows of a state that are on screen, with what changed since `before`: added and changed in place, removed ones
 * where they stood. Containers that the two states share are never compared.
 */
export function treeRows(state: Json, before: Json, view: TreeView): TreeRows {
  const opened = new Set(view.opened);
  const closed = new Set(view.closed);
  const rows: TreeRow[] = [];
  let place = 0;
  let firstChange = -1;

  const isOpen = (pointer: string, depth: number, size: number, changed: boolean): boolean => {
    if (opened.has(pointer)) return true;
    if (closed.has(pointer)) return false;
    return (view.reveal && changed) || size <= (OPEN_SIZES[depth] ?? 0);
  };

  const visit = (parent: string, key: string | number, depth: number, now: Json | undefined, old: Json | undefined): void => {
    const value = (now ?? old) as Json;
    const container = isObject(value) || isArray(value);
    const change = changeOf(now, old);
    const pointer = childPointer(parent, key);
    const size = sizeOf(value);
    const open = container && change !== 'removed' && size > 0 && isOpen(pointer, depth, size, change === 'inside');
    if (firstChange < 0 && change !== null && change !== 'inside') firstChange = place;
    if (place >= view.from && rows.length < view.count) {
      rows.push({
        pointer,
        key: String(key),
        depth,
        type: typeOf(value),
        ...valueText(value),
        size,
        open,
        change,
        old: change === 'changed' ? describe(old as Json) : null,
      });
    }
    place++;
    if (open) children(pointer, depth + 1, value, old);
  };

  const children = (pointer: string, depth: number, value: Json, old: Json | undefined): void => {
    if (isObject(value)) {
      const past = isObject(old) ? old : undefined;
      for (const key of keysOfBoth(value, past)) visit(pointer, key, depth, value.get(key), past === value ? value.get(key) : past?.get(key));
    } else if (isArray(value)) {
      const past = isArray(old) ? old : undefined;
      const length = Math.max(value.length, past?.length ?? 0);
      for (let i = 0; i < length; i++) visit(pointer, i, depth, value[i], past?.[i]);
    }
  };

  if (isObject(state) || isArray(state)) {
    children('', 0, state, before);
  } else {
    const change = changeOf(state, before);
    rows.push({
      pointer: '',
      key: '',
      depth: 0,
      type: typeOf(state),
      ...valueText(state),
      size: 0,
      open: false,
      change,
      old: change === 'changed' ? describe(before) : null,
    });
    place = 1;
    firstChange = change === null ? -1 : 0;
  }
  return { from: view.from, total: place, rows, firstChange };
}

function keysOfBoth(now: ReadonlyMap<string, Json>, past: ReadonlyMap<string, Json> | undefined): readonly string[] {
  const keys = sortedKeys(now);
  if (past === undefined || past === now) return keys;
  const gone = [...past.keys()].filter((key) => !now.has(key));
  return gone.length === 0 ? keys : [...keys, ...gone].sort(compareKeys);
}

function changeOf(now: Json | undefined, old: Json | undefined): ChangeKind | 'inside' | null {
  if (now === old) return null;
  if (now === undefined) return 'removed';
  if (old === undefined) return 'added';
  if (equalJson(now, old)) return null;
  return (isObject(now) && isObject(old)) || (isArray(now) && isArray(old)) ? 'inside' : 'changed';
}

function valueText(value: Json): { text: string; cut: boolean } {
  if (isObject(value) || isArray(value)) return { text: '', cut: false };
  return cutText(printScalar(value as null | boolean | string | number | JsonNumber), VALUE_LENGTH);
}

/** A value in few words: scalars as text, containers by their size. */
export function describe(value: Json): string {
  if (isObject(value)) return `{${value.size}}`;
  if (isArray(value)) return `[${value.length}]`;
  return valueText(value).text;
}

/** A value as one line of JSON, cut. */
export function oneLine(value: Json): string {
  return isObject(value) || isArray(value) ? cutText(beginningOfJson(value, VALUE_LENGTH + 1), VALUE_LENGTH).text : valueText(value).text;
}

/** Cuts between code points. */
export function cutText(text: string, length: number): { text: string; cut: boolean } {
  if (text.length <= length) return { text, cut: false };
  const last = text.charCodeAt(length - 1);
  return { text: `${text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)}…`, cut: true };
}
