import { Column } from './column.ts';

type NodeEffect = 'activates' | 'completes' | 'deactivates';
const CODES: Readonly<Record<NodeEffect, number>> = { deactivates: 0, activates: 1, completes: 2 };

interface Posting {
  readonly rows: Column<Uint32Array>;
  readonly codes: Column<Uint8Array>;
  /** The rows of its completions. */
  readonly completions: Column<Uint32Array>;
}

/** What happened to each node, and when: completed and active nodes are looked up here, not folded (performance.md §9.5). */
export class NodePostings {
  /** By node number. A node that nothing happened to has none. */
  readonly #postings: (Posting | undefined)[] = [];

  append(node: number, row: number, effect: NodeEffect): void {
    this.#postings[node] ??= { rows: new Column(new Uint32Array(4)), codes: new Column(new Uint8Array(4)), completions: new Column(new Uint32Array(2)) };
    const posting = this.#postings[node];
    posting.rows.push(row);
    posting.codes.push(CODES[effect]);
    if (effect === 'completes') posting.completions.push(row);
  }

  /** @param after only what happened in rows after this one counts. */
  activeAt(row: number, after = -1): number[] {
    const active: number[] = [];
    this.#postings.forEach((posting, node) => {
      const last = (posting?.rows.countUpTo(row) ?? 0) - 1;
      if (posting !== undefined && last >= 0 && posting.rows.at(last) > after && posting.codes.at(last) === CODES.activates) active.push(node);
    });
    return active;
  }

  completedAt(row: number, after = -1): { node: number; row: number }[] {
    const completed: { node: number; row: number }[] = [];
    this.#postings.forEach((posting, node) => {
      const last = (posting?.completions.countUpTo(row) ?? 0) - 1;
      if (posting !== undefined && last >= 0 && posting.completions.at(last) > after) completed.push({ node, row: posting.completions.at(last) });
    });
    return completed;
  }

  /** Nodes whose last change in rows (after, row] was not an activation: an older base may still hold them as active. */
  deactivatedAt(row: number, after: number): number[] {
    const deactivated: number[] = [];
    this.#postings.forEach((posting, node) => {
      const last = (posting?.rows.countUpTo(row) ?? 0) - 1;
      if (posting !== undefined && last >= 0 && posting.rows.at(last) > after && posting.codes.at(last) !== CODES.activates) deactivated.push(node);
    });
    return deactivated;
  }

  /** The stretches in which a node was active, from row `from` to row `to`: where they began and ended, and how. */
  stretches(node: number, from: number, to: number): Stretch[] {
    const posting = this.#postings[node];
    if (posting === undefined) return [];
    const stretches: Stretch[] = [];
    let start: number | undefined;
    const first = Math.max(0, posting.rows.countUpTo(from) - 1);
    for (let i = first; i < posting.rows.length; i++) {
      const row = posting.rows.at(i);
      const code = posting.codes.at(i);
      if (code === CODES.activates) {
        if (start === undefined && row > to) break;
        start ??= row;
      } else {
        if ((start ?? row) > to) break;
        if (row >= from) stretches.push({ start: start ?? row, end: row, completed: code === CODES.completes, open: false });
        start = undefined;
      }
    }
    if (start !== undefined && start <= to) stretches.push({ start, end: to, completed: false, open: true });
    return stretches;
  }
}

/** A node's work from when it was scheduled until it completed, failed, was skipped or cancelled; `open` when it still runs. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly completed: boolean;
  readonly open: boolean;
}
