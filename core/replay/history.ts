import type { Finding } from '../finding.ts';
import type { EventChunk } from '../jamjet/chunk.ts';
import type { Category, Kind } from '../jamjet/kinds.ts';
import { compareKeys, equalJson, type Json, type JsonObject } from '../json/value.ts';
import type { Clock } from './clock.ts';
import { bytesOf } from './column.ts';
import { EventColumns, type FilteredPositions } from './event-columns.ts';
import { EventIndexer } from './event-indexer.ts';
import type { EventFilter } from './filter.ts';
import type { Gaps } from './gaps.ts';
import type { KeyframeLimits } from './keyframes.ts';
import { LogFindings } from './log-findings.ts';
import { NodePostings } from './nodes.ts';
import { PatchArena } from './patch-arena.ts';
import type { SlabLimits } from './slabs.ts';
import { States } from './states.ts';
import { StatusLog } from './status-log.ts';
import type { Steps } from './steps.ts';

/** Approximate bytes of memory: typed arrays are counted, objects are estimated. */
interface HistoryBytes {
  readonly columns: number;
  /** Patches as they are stored. */
  readonly patches: number;
  /** Keyframes, which {@link History.release} drops. */
  readonly states: number;
}

/**
 * The index of one execution's events (docs/replay.md, "The index"): header columns, patches, and postings of nodes and status.
 * It grows in place as chunks are appended in order of sequence, and answers for every position appended so far.
 *
 * A position is an event's index in the log, from 0; -1 is before the first event.
 */
export class History {
  readonly patches: PatchArena;
  readonly states: States;
  readonly nodes = new NodePostings();
  readonly status = new StatusLog();
  readonly #events = new EventColumns();
  readonly #findings = new LogFindings();
  readonly #indexer: EventIndexer;

  /**
   * @param startsWithInput whether the given state starts with the input of `workflow_started`, as it does from 0.5.0 on.
   * @param memory the limits of the patches that stay in memory.
   */
  constructor(initialInput: Json, startsWithInput = true, limits?: KeyframeLimits, memory?: SlabLimits) {
    this.patches = new PatchArena(memory);
    const { patches, nodes, status } = this;
    this.states = new States(patches, initialInput, limits);
    this.#indexer = new EventIndexer({ events: this.#events, findings: this.#findings, patches, nodes, status }, startsWithInput);
  }

  get count(): number {
    return this.#events.count;
  }

  /** 0 when there is no event. */
  get lastSequence(): number {
    return this.#events.lastSequence;
  }

  /** The first 1,000; {@link findingCount} counts all of them. */
  get findings(): readonly Finding[] {
    return this.#findings.kept;
  }

  get findingCount(): number {
    return this.#findings.count;
  }

  /** The missing sequences, including those before the first event. */
  get gaps(): Gaps {
    return this.#findings.gaps;
  }

  /** Rows that were left out, because their sequence is not an integer from 1 on. */
  get badSequences(): number {
    return this.#findings.badSequences;
  }

  /** The first sequence that is missing or cannot be read: from there on the state is incomplete. */
  get incompleteFrom(): number | undefined {
    return this.#findings.incompleteFrom;
  }

  /** The last position whose sequence is ≤ `sequence`; -1 when there is none. */
  positionAt(sequence: number): number {
    return this.#events.positionAt(sequence);
  }

  /**
   * The last position at or before `sequence`, and the position before the event at `sequence`. The two are equal when no
   * event has this sequence.
   */
  locate(sequence: number): { readonly position: number; readonly before: number } {
    const position = this.positionAt(sequence);
    return { position, before: position >= 0 && this.sequenceOf(position) === sequence ? position - 1 : position };
  }

  sequenceOf(position: number): number {
    return this.#events.sequenceOf(position);
  }

  /** Milliseconds since 1970; NaN where the stored time cannot be read. */
  timeOf(position: number): number {
    return this.#events.timeOf(position);
  }

  get clock(): Clock {
    return this.#events.clock;
  }

  /** UTF-8 bytes of the stored event. */
  sizeOf(position: number): number {
    return this.#events.sizeOf(position);
  }

  /** undefined for an event that cannot be read. */
  kindOf(position: number): Kind | undefined {
    return this.#events.kindOf(position);
  }

  categoryOf(position: number): Category {
    return this.#events.categoryOf(position);
  }

  nodeOf(position: number): string | undefined {
    return this.#events.nodeOf(position);
  }

  /** As {@link EventColumns.lastNodeAt}. */
  lastNodeAt(position: number): number | undefined {
    return this.#events.lastNodeAt(position);
  }

  /** The kinds in the order of their first event. */
  get kindNames(): readonly string[] {
    return this.#events.kindNames.names;
  }

  /** The nodes in the order of their first event. */
  get nodeNames(): readonly string[] {
    return this.#events.nodeNames.names;
  }

  /** As {@link EventColumns.totalsBefore}. */
  totalsBefore(end: number, counts: Float64Array): number {
    return this.#events.totalsBefore(end, counts);
  }

  /** As {@link EventColumns.positionsWhere}. */
  positionsWhere(filter: EventFilter, from?: number, to?: number): Steps<FilteredPositions> {
    return this.#events.positionsWhere(filter, from, to);
  }

  /** Whether the state after `position` can be computed without a long fold. */
  isFolded(position: number): boolean {
    return this.states.isFolded(this.patches.countUpTo(position));
  }

  /** The sequence up to which states have been folded; a seek beyond it continues the fold. */
  get foldedTo(): number {
    const { folded, count } = this.states;
    return folded < count ? this.sequenceOf(this.patches.positionOf(folded)) - 1 : this.lastSequence;
  }

  /** The state after `position`. It is never changed afterwards. */
  stateAt(position: number): Json {
    return this.states.stateAfter(this.patches.countUpTo(position));
  }

  /** The given state after `position`: what the scheduler hands to nodes. It is never changed afterwards. */
  givenAt(position: number): JsonObject {
    return this.states.givenAfter(this.patches.countUpTo(position));
  }

  /** Whether the event at `position` changed the state. */
  changedAt(position: number): boolean {
    return !equalJson(this.stateAt(position - 1), this.stateAt(position));
  }

  /** Nodes that are active after `position`, by name in code-point order. */
  activeAt(position: number): string[] {
    return this.nodes
      .activeAt(position)
      .map((node) => this.nodeNames[node] as string)
      .sort(compareKeys);
  }

  /** Node → position of its last completion in positions (after, position], from which its output can be read. */
  completedAt(position: number, after = -1): Map<string, number> {
    const completed = new Map<string, number>();
    for (const { node, position: at } of this.nodes.completedAt(position, after)) completed.set(this.nodeNames[node] as string, at);
    return completed;
  }

  /** How many nodes have completed by `position`. */
  completedCount(position: number): number {
    return this.nodes.completedAt(position).length;
  }

  get bytes(): HistoryBytes {
    const { gaps, nodes, patches, states, status } = this;
    return { columns: bytesOf(this.#events, gaps, nodes, states.keys, status), patches: patches.bytes, states: states.bytes };
  }

  /** Drops all states that can be folded again. Answers stay the same and take longer; see {@link isFolded}. */
  release(): void {
    this.states.release();
  }

  /** Frees the room for growth. Called when the whole log has been read; the index may still grow afterwards. */
  trim(): void {
    for (const part of [this.#events, this.gaps, this.patches, this.nodes]) part.trim();
  }

  /** Indexes the next events of the log. */
  append(chunk: EventChunk): void {
    this.#indexer.append(chunk);
  }
}
