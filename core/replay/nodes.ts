import { Column } from './column.ts';

type NodeEffect = 'activates' | 'completes' | 'deactivates';
const CODES: Readonly<Record<NodeEffect, number>> = { deactivates: 0, activates: 1, completes: 2 };

interface Posting {
  readonly rows: Column<Uint32Array>;
  readonly codes: Column<Uint8Array>;
  /** The rows of its completions, and of its failures. */
  readonly completions: Column<Uint32Array>;
  readonly failures: Column<Uint32Array>;
}

/** What happened to each node, and when: completed and active nodes are looked up here, not folded (performance.md §9.5). */
export class NodePostings {
  /** By node number. A node that nothing happened to has none. */
  readonly #postings: (Posting | undefined)[] = [];

  /** @param failed whether it deactivates the node because it failed. */
  append(node: number, row: number, effect: NodeEffect, failed: boolean): void {
    this.#postings[node] ??= {
      rows: new Column(new Uint32Array(4)),
      codes: new Column(new Uint8Array(4)),
      completions: new Column(new Uint32Array(2)),
      failures: new Column(new Uint32Array(2)),
    };
    const posting = this.#postings[node];
    posting.rows.push(row);
    posting.codes.push(CODES[effect]);
    if (effect === 'completes') posting.completions.push(row);
    else if (failed) posting.failures.push(row);
  }

  trim(): void {
    for (const posting of this.#postings) {
      if (posting !== undefined) for (const column of [posting.rows, posting.codes, posting.completions, posting.failures]) column.trim();
    }
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
        if (row >= from) stretches.push({ start: start ?? row, end: row, outcome: outcomeAt(posting, i) });
        start = undefined;
      }
    }
    if (start !== undefined && start <= to) stretches.push({ start, end: to, outcome: 'open' });
    return stretches;
  }

  /** How often something happened to a node in rows `from` to `to`. */
  countIn(node: number, from: number, to: number): number {
    const posting = this.#postings[node];
    return posting === undefined ? 0 : posting.rows.countUpTo(to) - posting.rows.countUpTo(from - 1);
  }

  /**
   * What can be seen of a node where many of its stretches share a column: for each column its failure if it has one,
   * else a completion, else another end, else how what goes on there will end; undefined where it did not work.
   *
   * @param edges column c shows rows edges[c] to edges[c + 1] - 1.
   */
  outcomes(node: number, edges: Uint32Array): (Outcome | undefined)[] {
    const posting = this.#postings[node];
    const outcomes: (Outcome | undefined)[] = new Array(edges.length - 1).fill(undefined);
    if (posting === undefined) return outcomes;
    const { rows, codes, completions, failures } = posting;
    const before = (edges[0] as number) - 1;
    let [at, completed, failed] = [rows.countUpTo(before), completions.countUpTo(before), failures.countUpTo(before)];
    for (let column = 0; column < outcomes.length; column++) {
      const last = (edges[column + 1] as number) - 1;
      const [next, completedNext, failedNext] = [rows.countUpTo(last, at), completions.countUpTo(last, completed), failures.countUpTo(last, failed)];
      if (failedNext > failed) outcomes[column] = 'failed';
      else if (completedNext > completed) outcomes[column] = 'completed';
      else {
        const working = at > 0 && codes.at(at - 1) === CODES.activates;
        if (working || next > at) outcomes[column] = this.#endFrom(posting, at);
      }
      [at, completed, failed] = [next, completedNext, failedNext];
    }
    return outcomes;
  }

  /** How the work that goes on before posting `from` ends, or that begins there. */
  #endFrom(posting: Posting, from: number): Outcome {
    for (let i = from; i < posting.rows.length; i++) if (posting.codes.at(i) !== CODES.activates) return outcomeAt(posting, i);
    return 'open';
  }
}

function outcomeAt({ rows, codes, failures }: Posting, index: number): Outcome {
  if (codes.at(index) === CODES.completes) return 'completed';
  const row = rows.at(index);
  const place = failures.countUpTo(row) - 1;
  return place >= 0 && failures.at(place) === row ? 'failed' : 'waiting';
}

/** How a node's work ended; `waiting` for what neither completed nor failed, `open` when it still goes on. */
export type Outcome = 'completed' | 'failed' | 'waiting' | 'open';

/** A node's work from when it was scheduled until it ended. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly outcome: Outcome;
}
