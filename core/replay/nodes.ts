import { NodePosting, type Outcome, type Stretch } from './node-posting.ts';

/** The events that changed each node: active and completed nodes are looked up here, not folded. */
export class NodePostings {
  /** By node number; undefined for a node that no event changed. */
  readonly #postings: (NodePosting | undefined)[] = [];

  /** @param failed whether the event deactivates the node because it failed. */
  append(node: number, position: number, effect: 'activates' | 'completes' | 'deactivates', failed: boolean): void {
    this.#postings[node] ??= new NodePosting();
    this.#postings[node].append(position, effect === 'activates' ? 'open' : effect === 'completes' ? 'completed' : failed ? 'failed' : 'waiting');
  }

  get bytes(): number {
    return this.#postings.reduce((sum, posting) => sum + (posting?.bytes ?? 0), 0);
  }

  trim(): void {
    for (const posting of this.#postings) posting?.trim();
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
