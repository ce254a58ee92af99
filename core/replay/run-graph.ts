import { isTerminal } from '../jamjet/status.ts';
import type { Workflow } from '../jamjet/workflow.ts';
import { ACTIVE_CONDITIONS, NODE_CONDITIONS, type NodeCondition } from '../vocabulary.ts';
import { flowOrder } from './flow-order.ts';
import type { History } from './history.ts';
import type { Steps } from './steps.ts';

export interface GraphNode {
  readonly id: string;
  /** The type of its kind; undefined when the definition does not say it. */
  readonly kind: string | undefined;
  readonly description: string | undefined;
  /** Whether the definition has it. */
  readonly declared: boolean;
}

/** `from` and `to` are indices of nodes. */
export interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly condition: string | undefined;
}

/** The graph after a position: an entry for each node and each edge that was known then or is known now. */
export interface GraphMoment {
  /** Indices in NODE_CONDITIONS. */
  readonly conditions: Uint8Array;
  readonly attempts: Uint32Array;
  /** 1 for a node that may still run: the run has not ended, and a path leads to it from where the run is. */
  readonly reachable: Uint8Array;
  /** 1 for an edge that was taken up to the position. */
  readonly taken: Uint8Array;
}

/** A graph with more is not readable, and its layout takes long. */
const MAX_NODES = 2000;
const MAX_EDGES = 6000;
/** The number of events between two yields. */
const EVENTS_PER_STEP = 4096;
const NEVER = Number.POSITIVE_INFINITY;

/** What the walk over the log knows of a node; all as positions. */
interface Walked {
  begun: number;
  completed: number;
  /** When an edge from it was taken last. */
  left: number;
  isBusy: boolean;
  hasFailed: boolean;
}

/**
 * The nodes and edges of a run, from the definition, or from the order of events when there is none, and what they are at each
 * position. Nodes and edges are only added, in the order of the log, so their indices stay.
 */
export class RunGraph {
  readonly from: 'definition' | 'events';
  readonly nodes: GraphNode[] = [];
  readonly edges: GraphEdge[] = [];
  readonly #history: History;
  readonly #numbers = new Map<string, number>();
  readonly #edgesInto: number[][] = [];
  readonly #edgesFrom: number[][] = [];
  /** The position at which each edge was taken first. */
  readonly #takenAt: number[] = [];
  /** The number of each node in the history; -1 before its first event. */
  readonly #lanes: number[] = [];
  readonly #walked: Walked[] = [];
  readonly #leftOut = new Set<string>();
  /** The number of events, and of node names, that were walked over. */
  #events = 0;
  #names = 0;
  /** Without a definition: the nodes that completed since a node began last, and those to which the last ones to begin are joined. */
  #completedSince: number[] = [];
  #origins: readonly number[] = [];

  constructor(history: History, workflow: Workflow | undefined) {
    this.#history = history;
    this.from = workflow === undefined || workflow.nodes.length === 0 ? 'events' : 'definition';
    if (workflow !== undefined && this.from === 'definition') this.#declare(workflow);
  }

  /** How many nodes the graph does not have because it has too many. */
  get leftOut(): number {
    return this.#leftOut.size;
  }

  /** Walks over the events up to `position` that were not walked over yet. */
  *extend(position: number): Steps<void> {
    for (; this.#events <= position; this.#events++) {
      if (this.#events % EVENTS_PER_STEP === 0) yield;
      this.#walk(this.#events);
    }
  }

  /** The graph after a position that {@link extend} has reached. */
  at(position: number): GraphMoment {
    const { nodes } = this.#history;
    const conditions = this.#lanes.map((lane) => (lane < 0 ? 'never' : nodes.conditionAt(lane, position)));
    const taken = Uint8Array.from(this.#takenAt, (at) => (at <= position ? 1 : 0));
    return {
      conditions: Uint8Array.from(conditions, (condition) => NODE_CONDITIONS.indexOf(condition)),
      attempts: Uint32Array.from(this.#lanes, (lane) => (lane < 0 ? 0 : nodes.attemptsAt(lane, position))),
      reachable: this.#reachable(conditions, taken, position),
      taken,
    };
  }

  #declare({ startNode, nodes, edges }: Workflow): void {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const targets = new Map<string, string[]>(edges.map(({ from }) => [from, []]));
    for (const { from, to } of edges) targets.get(from)?.push(to);
    const led = new Set(edges.map(({ to }) => to));
    const roots = [...(startNode === undefined ? [] : [startNode]), ...[...byId.keys()].filter((id) => id !== startNode && !led.has(id))];
    for (const id of flowOrder(roots, [...byId.keys(), ...targets.keys()], (node) => targets.get(node) ?? [])) {
      const node = byId.get(id);
      // `end` is no node, unless one has this name.
      if (node !== undefined || id !== 'end') this.#add({ id, kind: node?.type, description: node?.description, declared: node !== undefined });
    }
    for (const { from, to, condition } of edges) {
      const [source, target] = [this.#numbers.get(from), this.#numbers.get(to)];
      if (source !== undefined && target !== undefined) this.#join(source, target, condition);
    }
  }

  #add(node: GraphNode): number | undefined {
    if (this.nodes.length === MAX_NODES) {
      this.#leftOut.add(node.id);
      return undefined;
    }
    const number = this.nodes.push(node) - 1;
    this.#numbers.set(node.id, number);
    this.#edgesInto.push([]);
    this.#edgesFrom.push([]);
    this.#lanes.push(-1);
    this.#walked.push({ begun: -1, completed: -1, left: -1, isBusy: false, hasFailed: false });
    return number;
  }

  #join(from: number, to: number, condition?: string): number | undefined {
    if (this.edges.length === MAX_EDGES) return undefined;
    const edge = this.edges.push({ from, to, condition }) - 1;
    this.#takenAt.push(NEVER);
    (this.#edgesInto[to] as number[]).push(edge);
    (this.#edgesFrom[from] as number[]).push(edge);
    return edge;
  }

  #walk(position: number): void {
    const history = this.#history;
    const kind = history.kindOf(position);
    const id = history.nodeOf(position);
    if (id === undefined || kind === undefined) return;
    this.#name();
    const number = this.#numbers.get(id);
    const node = number === undefined ? undefined : this.#walked[number];
    if (number === undefined || node === undefined) return;
    const { phase, waits } = kind;
    const begins = phase === undefined ? waits === 'person' || waits === 'time' : phase !== 'skipped' && phase !== 'cancelled';
    if (begins && !node.isBusy) this.#begin(number, node, position);
    // A person decided about a node that does no work of its own.
    const isDecided = waits === 'nothing' && node.isBusy && this.#history.nodes.conditionAt(this.#lanes[number] as number, position) === 'decided';
    if (phase === 'completed' || isDecided) {
      node.completed = position;
      if (!this.#completedSince.includes(number)) this.#completedSince.push(number);
    }
    if (isDecided || (phase !== undefined && phase !== 'scheduled' && phase !== 'running')) node.isBusy = false;
    if (phase !== undefined) node.hasFailed = phase === 'failed';
  }

  /** Adds the nodes that events have named since. */
  #name(): void {
    const { nodeNames } = this.#history;
    for (; this.#names < nodeNames.length; this.#names++) {
      const id = nodeNames[this.#names] as string;
      const number = this.#numbers.get(id) ?? this.#add({ id, kind: undefined, description: undefined, declared: false });
      if (number !== undefined) this.#lanes[number] = this.#names;
    }
  }

  /** The node begins at `position`: the edges that led to it were taken. */
  #begin(number: number, node: Walked, position: number): void {
    node.isBusy = true;
    // A retry was led to before.
    if (node.hasFailed) return;
    if (this.from === 'events') this.#derive(number);
    const taken = (this.#edgesInto[number] as number[]).filter((edge) => this.#leads(edge, node));
    for (const edge of taken) {
      (this.#walked[(this.edges[edge] as GraphEdge).from] as Walked).left = position;
      this.#takenAt[edge] = Math.min(this.#takenAt[edge] as number, position);
    }
    node.begun = position;
  }

  /** Whether the source of an edge completed since its target began last. A condition leads to one target only, the first to begin. */
  #leads(edge: number, target: Walked): boolean {
    const { from } = this.edges[edge] as GraphEdge;
    const { completed, left } = this.#walked[from] as Walked;
    return completed > target.begun && (this.nodes[from]?.kind !== 'condition' || left < completed);
  }

  /** Joins a node that begins with those that completed just before. */
  #derive(number: number): void {
    if (this.#completedSince.length > 0) {
      this.#origins = this.#completedSince;
      this.#completedSince = [];
    }
    const known = new Set((this.#edgesInto[number] as number[]).map((edge) => this.edges[edge]?.from));
    for (const origin of this.#origins) if (!known.has(origin)) this.#join(origin, number);
  }

  /** The nodes to which paths lead from where the run is: what is active, what led to nothing yet, and what an event named last. */
  #reachable(conditions: readonly NodeCondition[], taken: Uint8Array, position: number): Uint8Array {
    const reachable = new Uint8Array(conditions.length);
    if (isTerminal(this.#history.status.at(position))) return reachable;
    const last = this.#numbers.get(this.#history.nodeNames[this.#history.lastNodeAt(position) ?? -1] ?? '');
    const started = conditions.some((condition) => condition !== 'never');
    const pending = [...conditions.keys()].filter((number) => {
      const condition = conditions[number] as NodeCondition;
      const ledOn = (this.#edgesFrom[number] as number[]).some((edge) => taken[edge] === 1);
      return !started || number === last || ACTIVE_CONDITIONS.has(condition) || ((condition === 'completed' || condition === 'decided') && !ledOn);
    });
    for (const number of pending) reachable[number] = 1;
    for (let number = pending.pop(); number !== undefined; number = pending.pop()) {
      for (const edge of this.#edgesFrom[number] as number[]) {
        const { to } = this.edges[edge] as GraphEdge;
        if (reachable[to] === 1) continue;
        reachable[to] = 1;
        pending.push(to);
      }
    }
    return reachable;
  }
}
