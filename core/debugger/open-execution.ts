import { checkSnapshot, type Verdict } from '../audit/snapshot-check.ts';
import { FaultError } from '../fault.ts';
import { readEvent } from '../jamjet/event.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { SnapshotHeader } from '../jamjet/rows.ts';
import { readJson } from '../json/read.ts';
import type { Json } from '../json/value.ts';
import { DifferenceCounter } from '../replay/differences.ts';
import { History } from '../replay/history.ts';
import { type Recovered, recoverAt, recoveryBase } from '../replay/recovery.ts';
import type { ExecutionDetail, Source } from '../source/port.ts';
import type { Reading, SnapshotVerdict } from '../vocabulary.ts';
import { noPause, type Pause } from './pacing.ts';
import { StateText } from './state-text.ts';

/** So many bytes of patches are folded in one turn: a few milliseconds. */
const FOLD_BYTES = 128 * 1024;

/** One execution that is being looked at: its row, its history (which grows while it is indexed), its snapshots. Nothing in it waits or runs by itself: see {@link Indexer}. */
export class OpenExecution {
  readonly id: ExecutionId;
  readonly row: ExecutionDetail;
  readonly history: History;
  /** Empty until the log is indexed: reading them all is no part of opening. */
  snapshots: readonly SnapshotHeader[] = [];
  /** The highest sequence in the log when it was opened. */
  readonly lastSequence: number;
  /** Rows whose sequence is no whole number from 1 on: they stand outside every order. Counted when the log is indexed. */
  badSequences = 0;
  /** Set when the row's own initial input cannot be read: then it counts as `{}`, and that is said. */
  readonly inputProblem: string | undefined;
  readonly verdicts = new Map<number, Verdict>();
  readonly source: Source;
  /** Between what nodes are given and what is true, at the moment that was looked at last. */
  readonly givenDifferences = new DifferenceCounter();
  /** The text of the state that was asked for last. */
  readonly text = new StateText();
  indexed = false;
  /** Why indexing stopped before its end: what lies behind cannot be shown. */
  failure: unknown;

  private constructor(source: Source, row: ExecutionDetail, lastSequence: number) {
    this.source = source;
    this.id = row.id;
    this.row = row;
    this.lastSequence = lastSequence;
    const input = readJson(row.initialInputJson);
    this.inputProblem = input.ok ? undefined : input.problem.reason;
    this.history = new History(input.ok ? input.value : new Map(), this.startsWithInput);
  }

  /** @throws FaultError `no-such-execution`. Costs the same for ten events and a million. */
  static async open(source: Source, id: ExecutionId, signal?: AbortSignal): Promise<OpenExecution> {
    const row = await source.execution(id, signal);
    if (row === undefined) throw new FaultError('no-such-execution', { subject: id });
    return new OpenExecution(source, row, await source.head(id, signal));
  }

  /** Whether the scheduler of this generation begins with the input of `workflow_started`. */
  get startsWithInput(): boolean {
    return this.source.generation > 3;
  }

  /** Nothing is left to do: all events are indexed, all states folded, all snapshots checked. */
  get isDone(): boolean {
    return this.indexed && this.history.foldedTo >= this.history.lastSequence && this.verdicts.size >= this.snapshots.length;
  }

  /** Indexes as much as a moment at `sequence` needs; what comes after it is not read. */
  async indexTo(sequence: number, signal?: AbortSignal): Promise<void> {
    if (this.reaches(sequence)) return;
    for await (const chunk of this.source.scan(this.id, this.history.lastSequence, signal)) {
      this.history.append(chunk);
      if (this.history.lastSequence >= sequence) return;
    }
  }

  /**
   * Indexes every event; states are folded when they are asked for, or by {@link fold}. Between chunks `pause` is awaited:
   * the engine answers other requests there.
   */
  async index(signal?: AbortSignal, pause: Pause = noPause): Promise<void> {
    if (this.indexed) return;
    this.failure = undefined;
    try {
      for await (const chunk of this.source.scan(this.id, this.history.lastSequence, signal)) {
        this.history.append(chunk);
        await pause();
        signal?.throwIfAborted();
      }
      this.history.trim();
      this.snapshots = await this.source.snapshots(this.id, signal);
      this.badSequences = this.history.badSequences + (await this.source.outOfOrder(this.id, signal));
      this.indexed = true;
    } catch (error) {
      // What somebody stopped can go on later.
      if (!signal?.aborted) this.failure = error;
      throw error;
    }
  }

  /**
   * Whether the history has come as far as `sequence`.
   *
   * @throws what stopped the indexing, when it will never come there.
   */
  reaches(sequence: number): boolean {
    if (this.indexed || this.history.lastSequence >= sequence) return true;
    if (this.failure !== undefined) throw this.failure;
    return false;
  }

  /** Whether the state at `sequence` is at hand: it can be given without a long fold. Throws as {@link reaches} does. */
  standsAt(sequence: number): boolean {
    return this.reaches(sequence) && this.history.isFolded(this.history.positionAt(sequence));
  }

  /** Folds all states, so that every seek is short from then on; `pause` as in {@link index}. */
  async fold(signal?: AbortSignal, pause: Pause = noPause): Promise<void> {
    while (this.history.states.fold(FOLD_BYTES)) {
      await pause();
      signal?.throwIfAborted();
    }
  }

  /** Holds each stored snapshot against replay; `pause` as in {@link index}. */
  async checkSnapshots(signal?: AbortSignal, pause: Pause = noPause): Promise<void> {
    const { patches, states } = this.history;
    // They come in order: one walk is cheaper than a seek for each.
    const stateAfter = states.walk();
    for (const { atSequence } of this.snapshots) {
      await this.checkSnapshot(atSequence, (position) => stateAfter(patches.countUpTo(position)));
      await pause();
      signal?.throwIfAborted();
    }
  }

  async checkSnapshot(atSequence: number, stateAt = (position: number): Json => this.history.stateAt(position)): Promise<Verdict | undefined> {
    const known = this.verdicts.get(atSequence);
    if (known !== undefined) return known;
    const snapshot = await this.source.snapshot(this.id, atSequence);
    if (snapshot === undefined || snapshot.atSequence !== atSequence) return undefined;
    const verdict = await checkSnapshot(this.history, snapshot, stateAt, (position) => this.outputOf(position));
    this.verdicts.set(atSequence, verdict);
    return verdict;
  }

  /** The newest stored snapshot at or before `sequence`: where a recovery would start. */
  baseAt(sequence: number): SnapshotHeader | undefined {
    let low = 0;
    let high = this.snapshots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.snapshots[middle] as SnapshotHeader).atSequence <= sequence) low = middle + 1;
      else high = middle;
    }
    return this.snapshots[low - 1];
  }

  /** The moment at `sequence` as the runtime would rebuild it. */
  async recoverAt(sequence: number): Promise<Recovered> {
    const snapshot = await this.source.snapshot(this.id, sequence);
    const base = snapshot && recoveryBase(snapshot);
    if (snapshot !== undefined && base === undefined) {
      throw new FaultError('damaged', { subject: `The snapshot at ${snapshot.atSequence}`, detail: 'it cannot be read, and the runtime would refuse it' });
    }
    return recoverAt(this.history, this.history.positionAt(sequence), base, snapshot?.atSequence ?? 0);
  }

  /** The current state at `sequence` in a reading; the execution must be indexed that far. */
  async stateIn(sequence: number, reading: Reading): Promise<Json> {
    if (reading === 'recovery') return (await this.recoverAt(sequence)).currentState;
    const position = this.history.positionAt(sequence);
    return reading === 'given' ? this.history.givenAt(position) : this.history.stateAt(position);
  }

  verdictOf(atSequence: number): SnapshotVerdict {
    return this.verdicts.get(atSequence)?.kind ?? 'unchecked';
  }

  /** What a node_completed at a position of the log gave as its output. */
  async outputOf(position: number): Promise<Json | undefined> {
    const event = await this.source.payload(this.id, this.history.sequenceOf(position));
    const reading = event?.text === undefined ? undefined : readEvent(event.text);
    return reading?.ok === true ? (reading.event.fields.get('output') ?? null) : undefined;
  }
}
