import type { Finding } from '../finding.ts';
import type { EventChunk } from '../jamjet/chunk.ts';
import type { Category, Kind } from '../jamjet/kinds.ts';
import { compareKeys, equalJson, type Json, type JsonObject } from '../json/value.ts';
import { bytesOf } from './column.ts';
import { EventColumns } from './event-columns.ts';
import { EventIndexer } from './event-indexer.ts';
import type { Gaps } from './gaps.ts';
import type { KeyframeLimits } from './keyframes.ts';
import { LogFindings } from './log-findings.ts';
import { NodePostings } from './nodes.ts';
import { PatchArena } from './patch-arena.ts';
import { States } from './states.ts';
import { StatusLog } from './status-log.ts';

/** Bytes of memory, about: of what is in typed arrays exactly, of objects by estimate. */
interface HistoryBytes {
  readonly columns: number;
  /** Patches as they are stored. */
  readonly patches: number;
  /** Keyframes, which {@link History.release} gives up. */
  readonly states: number;
}

/**
 * The index of one execution's events (docs/replay.md, "The index"): header columns, every patch, node and status postings.
 * Fed with chunks in sequence order, it answers for any position that it has seen, and grows in place.
 *
 * A "position" is an event's place in the order of the log, from 0; -1 is before the first event.
 */
export class History {
  /** Every patch as it is stored. */
  readonly patches = new PatchArena();
  /** The states that they lead to. */
  readonly states: States;
  readonly nodes = new NodePostings();
  readonly status = new StatusLog();
  readonly #events = new EventColumns();
  readonly #findings = new LogFindings();
  readonly #indexer: EventIndexer;

  /** @param startsWithInput whether nodes are given the input of `workflow_started`: from 0.5.0 on. */
  constructor(initialInput: Json, startsWithInput = true, limits?: KeyframeLimits) {
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

  /** The first 1,000; {@link findingCount} says how many there are. */
  get findings(): readonly Finding[] {
    return this.#findings.kept;
  }

  get findingCount(): number {
    return this.#findings.count;
  }

  /** All sequences that are missing between those of the log, and before the first. */
  get gaps(): Gaps {
    return this.#findings.gaps;
  }

  /** Rows that were left out, because their sequence is no whole number. */
  get badSequences(): number {
    return this.#findings.badSequences;
  }

  /** The first sequence from which the state may lack something: an event is missing or cannot be read. */
  get incompleteFrom(): number | undefined {
    return this.#findings.incompleteFrom;
  }

  /** The last position whose sequence is ≤ `sequence`; -1 when there is none. */
  positionAt(sequence: number): number {
    return this.#events.positionAt(sequence);
  }

  /**
   * Where `sequence` lies in the log: the last position up to it, and the position before what happened there.
   * The two are one where no event has this sequence.
   */
  locate(sequence: number): { readonly position: number; readonly before: number } {
    const position = this.positionAt(sequence);
    return { position, before: position >= 0 && this.sequenceOf(position) === sequence ? position - 1 : position };
  }

  sequenceOf(position: number): number {
    return this.#events.sequenceOf(position);
  }

  timeOf(position: number): number {
    return this.#events.timeOf(position);
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

  /** All nodes that events name, in the order of their first event. */
  get nodeNames(): readonly string[] {
    return this.#events.nodeNames.names;
  }

  /** How many events of each category lie before position `end`, as {@link EventColumns.totalsBefore}; returns their bytes. */
  totalsBefore(end: number, counts: Float64Array): number {
    return this.#events.totalsBefore(end, counts);
  }

  /** The positions whose kind and node are wanted, as {@link EventColumns.positionsWhere}. */
  positionsWhere(wanted: (type: string, node: string | undefined) => boolean): Uint32Array {
    return this.#events.positionsWhere(wanted);
  }

  /** Whether the state after `position` can be given without a long fold. */
  isFolded(position: number): boolean {
    return this.states.isFolded(this.patches.countUpTo(position));
  }

  /** The sequence up to which states have been folded; seeks beyond it fold on. */
  get foldedTo(): number {
    const { folded, count } = this.states;
    return folded < count ? this.sequenceOf(this.patches.positionOf(folded)) - 1 : this.lastSequence;
  }

  stateAt(position: number): Json {
    return this.states.stateAfter(this.patches.countUpTo(position));
  }

  /** What the scheduler hands to nodes after `position`: its own fold, see {@link give}. */
  givenAt(position: number): JsonObject {
    return this.states.givenAfter(this.patches.countUpTo(position));
  }

  /** Whether the event in `position` left another state than it found. */
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

  /** Each node that has completed by `position`, with the position of its last completion: its output is read from there. */
  completedAt(position: number, after = -1): Map<string, number> {
    const completed = new Map<string, number>();
    for (const { node, position: at } of this.nodes.completedAt(position, after)) completed.set(this.nodeNames[node] as string, at);
    return completed;
  }

  /** What it holds in memory. */
  get bytes(): HistoryBytes {
    const { gaps, nodes, patches, states, status } = this;
    return { columns: bytesOf(this.#events, gaps, nodes, status), patches: patches.bytes, states: states.bytes };
  }

  /** Gives up all that can be folded again: {@link isFolded} then says so, and answers are the same as before, only later. */
  release(): void {
    this.states.release();
  }

  /** Gives back the room that growing has left over. Called when the log is read; it may grow again afterwards. */
  trim(): void {
    for (const part of [this.#events, this.gaps, this.patches, this.nodes]) part.trim();
  }

  /** Indexes the next events of the log; those of a chunk follow on those of the one before. */
  append(chunk: EventChunk): void {
    this.#indexer.append(chunk);
  }
}
