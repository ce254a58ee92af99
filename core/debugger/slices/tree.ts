import type { ChangeKind, TreeRow, TreeRows, TreeWant, WrittenRow } from '../../contract/slices/tree.ts';
import { artifactReference } from '../../jamjet/artifact.ts';
import { childPointer } from '../../json/pointer.ts';
import { compareKeys, equalJson, isArray, isObject, type Json, sizeOf, sortedKeys, typeOf } from '../../json/value.ts';
import { causesAt } from '../../replay/blame.ts';
import { writerOf } from '../value-changes.ts';
import { describe, keyText, valueText } from '../value-text.ts';
import type { FrameMoment, SliceMaker } from './slice.ts';

/** The state as a tree that marks what the event at the cursor changed, or, in another reading, what differs from replay. */
export const treeSlice: SliceMaker<'tree'> = async (moment, want) => {
  if (moment.basis === 'waiting') return undefined;
  const { state, comparedWith } = await moment.shown();
  const tree = treeRows(state, comparedWith, want);
  return { ...tree, writers: moment.basis === 'index' && moment.reading === 'replay' ? writersSoon(moment, tree, want.written) : undefined };
};

/** How long writers may be sought for a frame, in milliseconds. From a moment to the next one they mostly are known. */
const MAX_SEARCH = 8;
/** How far from a row in the middle the others on screen are, as a share of their number. */
const NEAR = 0.75;

function writersSoon({ execution, position }: FrameMoment, { from, rows, firstChange }: Tree, wanted: TreeWant['written']): readonly WrittenRow[] | undefined {
  if (wanted === undefined) return undefined;
  const isInView = (row: number): boolean => row >= wanted.from && row < wanted.from + wanted.count;
  // The tree scrolls to its first change, which is then near the middle.
  const isWanted = firstChange < 0 || isInView(firstChange) ? isInView : (row: number) => Math.abs(row - firstChange) <= wanted.count * NEAR;
  const pointers = rows.flatMap(({ pointer }, i) => (isWanted(from + i) ? [pointer] : []));
  const steps = causesAt(execution.history, pointers, position);
  for (const end = performance.now() + MAX_SEARCH; performance.now() < end; ) {
    const { done, value } = steps.next();
    if (done) return value.map((cause, i) => ({ pointer: pointers[i] as string, writer: cause === undefined ? null : writerOf(cause) }));
  }
  return undefined;
}

type Tree = Omit<TreeRows, 'writers'>;

/** The size up to which a container is open by default, by its depth. Deeper ones are closed. */
const OPEN_SIZES: readonly number[] = [40, 8];

/** How deep a key is, and at which depths from there up the keys are indexes. */
interface Place {
  readonly depth: number;
  readonly indexDepths: readonly number[];
}

/**
 * The rows of a state that are on screen, with the changes since `before`. Removed members are shown among the others.
 * Containers that the two states share are never compared.
 */
function treeRows(state: Json, before: Json, view: TreeWant): Tree {
  const opened = new Set(view.opened);
  const closed = new Set(view.closed);
  const rows: TreeRow[] = [];
  let index = 0;
  let firstChange = -1;

  const isOpen = (pointer: string, depth: number, size: number, changed: boolean): boolean => {
    if (opened.has(pointer)) return true;
    if (closed.has(pointer)) return false;
    if (view.unfolded === 'all') return true;
    return (view.reveal && changed) || (view.unfolded !== 'none' && size <= (OPEN_SIZES[depth] ?? 0));
  };

  const visit = (parent: string, key: string | number, { depth, indexDepths }: Place, now: Json | undefined, old: Json | undefined): void => {
    const value = (now ?? old) as Json;
    const container = isObject(value) || isArray(value);
    const change = changeOf(now, old);
    const pointer = childPointer(parent, key);
    const size = sizeOf(value);
    const open = container && change !== 'removed' && size > 0 && isOpen(pointer, depth, size, change === 'inside');
    if (firstChange < 0 && change !== null && change !== 'inside') firstChange = index;
    if (index >= view.from && rows.length < view.count) {
      const artifact = size === 1 ? artifactReference(value) : undefined;
      rows.push({
        pointer,
        key: String(key),
        label: keyText(String(key)),
        depth,
        indexDepths,
        type: typeOf(value),
        ...valueText(value),
        size,
        open,
        change,
        old: change === 'changed' ? describe(old as Json) : null,
        ...(artifact === undefined ? {} : { artifact }),
      });
    }
    index++;
    if (open) children(pointer, { depth: depth + 1, indexDepths }, value, old);
  };

  const children = (pointer: string, place: Place, value: Json, old: Json | undefined): void => {
    if (isObject(value)) {
      const past = isObject(old) ? old : undefined;
      for (const key of keysOfBoth(value, past)) visit(pointer, key, place, value.get(key), past === value ? value.get(key) : past?.get(key));
    } else if (isArray(value)) {
      const past = isArray(old) ? old : undefined;
      const length = Math.max(value.length, past?.length ?? 0);
      const inside = { ...place, indexDepths: [...place.indexDepths, place.depth] };
      for (let i = 0; i < length; i++) visit(pointer, i, inside, value[i], past?.[i]);
    }
  };

  if (isObject(state) || isArray(state)) {
    children('', { depth: 0, indexDepths: [] }, state, before);
  } else {
    const change = changeOf(state, before);
    rows.push({
      pointer: '',
      key: '',
      label: '',
      depth: 0,
      indexDepths: [],
      type: typeOf(state),
      ...valueText(state),
      size: 0,
      open: false,
      change,
      old: change === 'changed' ? describe(before) : null,
    });
    index = 1;
    firstChange = change === null ? -1 : 0;
  }
  return { from: view.from, total: index, rows, firstChange };
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
