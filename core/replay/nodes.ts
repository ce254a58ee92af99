import type { Outcome } from '../vocabulary.ts';
import { NodePosting, type Stretch } from './node-posting.ts';

/** The events that changed each node: active and completed nodes are looked up here, not folded. */
export class NodePostings {
  /** By node number; undefined for a node that no event changed. */
  readonly #postings: (NodePosting | undefined)[] = [];
  /** A running sum: the budget asks for it after every chunk, and there may be a hundred thousand nodes. */
  #bytes = 0;

  /** @param failed whether the event deactivates the node because it failed. */
  append(node: number, position: number, effect: 'activates' | 'completes' | 'deactivates', failed: boolean): void {
    const known = this.#postings[node];
    const posting = known ?? new NodePosting();
    this.#postings[node] = posting;
    this.#bytes -= known?.bytes ?? 0;
    posting.append(position, effect === 'activates' ? 'open' : effect === 'completes' ? 'completed' : failed ? 'failed' : 'waiting');
    this.#bytes += posting.bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  trim(): void {
    for (const posting of this.#postings) posting?.trim();
    this.#bytes = this.#postings.reduce((sum, posting) => sum + (posting?.bytes ?? 0), 0);
  }

  /** Node numbers. @param after only events at positions after this one count. */
  activeAt(position: number, after = -1): number[] {
    return this.#where((posting) => posting.isActive(position, after) === true);
  }

  /** Nodes whose last change in positions (after, position] deactivated them, although a snapshot before it may list them as active. */
  deactivatedAt(position: number, after: number): number[] {
    return this.#where((posting) => posting.isActive(position, after) === false);
  }

  completedAt(position: number, after = -1): { node: number; position: number }[] {
    const completed: { node: number; position: number }[] = [];
    this.#postings.forEach((posting, node) => {
      const at = posting?.completedAt(position, after);
      if (at !== undefined) completed.push({ node, position: at });
    });
    return completed;
  }

  /** As {@link NodePosting.countIn}. */
  countIn(node: number, from: number, to: number): number {
    return this.#postings[node]?.countIn(from, to) ?? 0;
  }

  /** As {@link NodePosting.stretches}. */
  stretches(node: number, from: number, to: number): Stretch[] {
    return this.#postings[node]?.stretches(from, to) ?? [];
  }

  /** As {@link NodePosting.outcomes}. */
  outcomes(node: number, edges: Uint32Array): (Outcome | undefined)[] {
    return this.#postings[node]?.outcomes(edges) ?? new Array(edges.length - 1).fill(undefined);
  }

  #where(matches: (posting: NodePosting) => boolean): number[] {
    const nodes: number[] = [];
    this.#postings.forEach((posting, node) => {
      if (posting !== undefined && matches(posting)) nodes.push(node);
    });
    return nodes;
  }
}
