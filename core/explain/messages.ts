import { equalJson, isArray, isObject, type Json, type JsonArray } from '../json/value.ts';
import { align } from '../replay/align.ts';
import type { History } from '../replay/history.ts';
import { SETS_GIVEN } from '../replay/patch.ts';
import { ESCAPE } from '../replay/patch-arena.ts';
import type { Steps } from '../replay/steps.ts';

/** How an item of a list came about: it is as before, was added, or was changed. */
interface AlignedItem {
  /** The index before; undefined for an item that was added. */
  readonly before: number | undefined;
  readonly isChanged: boolean;
}

export interface AlignedList {
  /** For each item of the list after. */
  readonly items: readonly AlignedItem[];
  /** The indexes before of the items that were removed. */
  readonly removed: readonly number[];
}

/** Aligns two lists of messages item by item, so that a list that was written anew with three more shows three more. */
export function alignMessages(before: JsonArray, after: JsonArray): AlignedList {
  const { pairs } = align(before, after);
  const matched = new Map<number, number | undefined>();
  const removed: number[] = [];
  for (const pair of pairs) {
    if (pair.after !== undefined) matched.set(pair.after, pair.before);
    else if (pair.before !== undefined) removed.push(pair.before);
  }
  // Equal items at both ends are left out of the pairs.
  let start = 0;
  while (start < before.length && start < after.length && !matched.has(start) && equalJson(before[start], after[start])) start++;
  const items = after.map((item, index): AlignedItem => {
    const from = matched.has(index) ? matched.get(index) : index < start ? index : index - after.length + before.length;
    return { before: from, isChanged: from !== undefined && !equalJson(before[from], item) };
  });
  return { items, removed };
}

const MESSAGES = Buffer.from('"messages"');
/** The list after a patch that wrote it: the messages and the sequences of the events that wrote them. */
interface Written {
  readonly patch: number;
  readonly messages: JsonArray;
  readonly writers: readonly number[];
}

const NOTHING: Written = { patch: -1, messages: [], writers: [] };
/** The numbers that are kept between two answers. */
const MAX_KEPT = 1_000_000;

/** Which event wrote each message of the list that nodes are given: each turn writes all of them anew, so they are aligned. */
export class MessageWriters {
  readonly #history: History;
  #kept: Written[] = [];
  #numbers = 0;

  constructor(history: History) {
    this.#history = history;
  }

  /** The sequences of the events that wrote the messages given after `position`, in their order. */
  *at(position: number): Steps<readonly number[]> {
    const { patches } = this.#history;
    const end = patches.countUpTo(position);
    let last = this.#kept.findLast(({ patch }) => patch < end) ?? NOTHING;
    for (let index = last.patch + 1; index < end; index++) {
      if (index % 1024 === 0) yield;
      if (!(patches.usesOf(index) & SETS_GIVEN) || !(patches.includes(index, MESSAGES) || patches.includes(index, ESCAPE))) continue;
      yield;
      const patch = patches.read(index);
      const written = isObject(patch) ? patch.get('messages') : undefined;
      if (written === undefined) continue;
      const messages = itemsOf(written);
      const sequence = this.#history.sequenceOf(patches.positionOf(index));
      const previous = last;
      const aligned = alignMessages(previous.messages, messages).items;
      const writers = aligned.map(({ before, isChanged }) => (before === undefined || isChanged ? sequence : (previous.writers[before] ?? sequence)));
      last = { patch: index, messages, writers };
      if (index > (this.#kept.at(-1)?.patch ?? -1)) this.#keep(last);
    }
    return last.writers;
  }

  #keep(entry: Written): void {
    this.#numbers += entry.writers.length;
    // One list is enough to continue from; the others make steps backwards short.
    if (this.#numbers > MAX_KEPT) {
      this.#kept = this.#kept.filter((_, i) => i % 2 === 0);
      this.#numbers = this.#kept.reduce((sum, { writers }) => sum + writers.length, entry.writers.length);
    }
    this.#kept.push(entry);
  }
}

function itemsOf(value: Json): JsonArray {
  return isArray(value) ? value : [];
}
