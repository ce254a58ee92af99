import type { NodeCondition, NodePhase, WaitsFor } from '../vocabulary.ts';
import { type LaneShares, NodePosting, type Stretch } from './node-posting.ts';
import { type Wait, WaitPosting } from './wait-posting.ts';

/** The events that changed each node: active and completed nodes are looked up here, not folded. */
export class NodePostings {
  /** By node number; undefined for a node that no event changed. */
  readonly #postings: (NodePosting | undefined)[] = [];
  /** By node number; undefined for a node that never waited. */
  readonly #waits: (WaitPosting | undefined)[] = [];
  /** A running sum: the budget asks for it after every chunk, and there may be a hundred thousand nodes. */
  #bytes = 0;

  /** @param phase of the node's work after the event at `position`. */
  append(node: number, position: number, phase: NodePhase): void {
    const known = this.#postings[node];
    const posting = known ?? new NodePosting();
    this.#postings[node] = posting;
    this.#bytes -= known?.bytes ?? 0;
    posting.append(position, phase);
    this.#bytes += posting.bytes;
  }

  /** @param waits what the node waits for after the event at `position`. */
  appendWait(node: number, position: number, waits: WaitsFor | 'nothing'): void {
    const known = this.#waits[node];
    if (known === undefined && waits === 'nothing') return;
    const posting = known ?? new WaitPosting();
    this.#waits[node] = posting;
    this.#bytes -= known?.bytes ?? 0;
    posting.append(position, waits);
    this.#bytes += posting.bytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  trim(): void {
    const all = [...this.#postings, ...this.#waits];
    for (const posting of all) posting?.trim();
    this.#bytes = all.reduce((sum, posting) => sum + (posting?.bytes ?? 0), 0);
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

  /** What the node is after `position`. */
  conditionAt(node: number, position: number): NodeCondition {
    const phase = this.#postings[node]?.phaseAt(position);
    const waits = this.#waits[node]?.at(position);
    if (waits === 'person') return 'waiting';
    // A retry is scheduled for a time; any other node that waits for one is parked.
    if (waits === 'time') return phase === 'failed' ? 'scheduled' : 'parked';
    // A person decided about a node that did no work of its own, so that replay has not completed it.
    return phase ?? (waits === 'nothing' ? 'decided' : 'never');
  }

  /** As {@link NodePosting.attemptsAt}. */
  attemptsAt(node: number, position: number): number {
    return this.#postings[node]?.attemptsAt(position) ?? 0;
  }

  /** As {@link NodePosting.lastAt}; undefined for a node that no event changed. */
  lastAt(node: number, position: number): number | undefined {
    return this.#postings[node]?.lastAt(position);
  }

  /** As {@link NodePosting.countIn}. */
  countIn(node: number, from: number, to: number): number {
    return this.#postings[node]?.countIn(from, to) ?? 0;
  }

  /** As {@link NodePosting.stretches}. */
  stretches(node: number, from: number, to: number): Stretch[] {
    return this.#postings[node]?.stretches(from, to) ?? [];
  }

  /** As {@link NodePosting.shares}; undefined for a node that no event changed. */
  shares(node: number, edges: Uint32Array): LaneShares | undefined {
    return this.#postings[node]?.shares(edges);
  }

  /** The node's waits in the columns of a timeline, none shorter than an event. */
  waits(node: number, edges: Uint32Array): Wait[] {
    const [from, to] = [edges[0] as number, (edges.at(-1) as number) - 1];
    const posting = this.#waits[node];
    if (posting === undefined || to < from) return [];
    return posting.countIn(from, to) > edges.length ? posting.waitsByColumn(edges) : posting.waits(from, to);
  }

  #where(matches: (posting: NodePosting) => boolean): number[] {
    const nodes: number[] = [];
    this.#postings.forEach((posting, node) => {
      if (posting !== undefined && matches(posting)) nodes.push(node);
    });
    return nodes;
  }
}
