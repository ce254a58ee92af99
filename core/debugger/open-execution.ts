import { checkSnapshot, type Verdict } from '../audit/snapshot-check.ts';
import { FaultError } from '../fault.ts';
import { readEvent } from '../jamjet/event.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { SnapshotHeader, SnapshotRow } from '../jamjet/rows.ts';
import { readJson } from '../json/read.ts';
import type { Json } from '../json/value.ts';
import { DifferenceCounter } from '../replay/differences.ts';
import { History } from '../replay/history.ts';
import { type Recovered, recoverAt, recoveryBase } from '../replay/recovery.ts';
import type { ExecutionDetail, RunCheck, SnapshotPlaces, Source } from '../source/port.ts';
import type { Integrity, Reading, SnapshotVerdict } from '../vocabulary.ts';
import { DiffText } from './diff-text.ts';
import { ExecutionGraph } from './execution-graph.ts';
import { noPause, Pacer, type Pause } from './pacing.ts';
import { RunDefinition } from './run-definition.ts';
import { type Refusal, RuntimeCheck } from './runtime-check.ts';
import { SetAsideFile } from './set-aside-file.ts';
import { StateText } from './state-text.ts';

/** The bytes of patches that are folded between two pauses, which takes a few milliseconds. */
const FOLD_BYTES = 128 * 1024;
/** How many gaps in the log, the last ones, are looked at for events that come late. */
const MAX_GAPS = 200;

/** Bytes of the patches of one execution that stay in memory: those of some two million events of an agent. */
const PATCHES_IN_MEMORY = 256 * 1024 * 1024;

const NEVER = new AbortController().signal;

/** An open execution: its row, its history, which grows while it is indexed, and its snapshots. {@link Indexer} drives it. */
export class OpenExecution {
  readonly id: ExecutionId;
  readonly row: ExecutionDetail;
  readonly history: History;
  /** Empty until the log is indexed, because reading them all would make opening slow. */
  snapshots: readonly SnapshotHeader[] = [];
  /** The highest sequence in the log when the execution was opened. */
  readonly openedAt: number;
  #lastSequence: number;
  #status: string;
  /** The number of rows that no scan returns, because their sequence is NULL, text, below 1 or too large. */
  readonly #outOfOrder: number;
  /** Why the initial input cannot be read, in which case `{}` is used instead; undefined when it can. */
  readonly inputProblem: string | undefined;
  readonly verdicts = new Map<number, Verdict>();
  /** Checked snapshots that hold the state alone, as generation 3 wrote them. */
  readonly stateOnly = new Set<number>();
  readonly source: Source;
  /** Lets other requests be answered during long work for this execution. */
  readonly pause: Pause;
  readonly runtime: RuntimeCheck;
  readonly definition: RunDefinition;
  readonly graph: ExecutionGraph;
  /** Counts the differences between *given* and *replay*. */
  readonly givenDifferences = new DifferenceCounter();
  /** Caches the text of the state that was requested last. */
  readonly text = new StateText();
  readonly diffText = new DiffText();
  indexed = false;
  #snapshotsChecked = false;
  /** Whether the index of the database is damaged; undefined while that is not known. */
  check: RunCheck | undefined;
  /** How many events were known when the index of the database was checked. */
  #checkedCount = 0;
  /** Those that were found by an answer that reads the log without indexing it. */
  badSequencesStreamed = 0;
  readonly #outputs: Pacer;
  /** Aborted when the source is closed. */
  readonly closed: AbortSignal;
  /** The error that stopped the indexing; what comes after it cannot be shown. */
  failure: unknown;

  private constructor(source: Source, row: ExecutionDetail, lastSequence: number, outOfOrder: number, pause: Pause, closed: AbortSignal) {
    this.source = source;
    this.closed = closed;
    this.pause = pause;
    this.#outputs = new Pacer(pause);
    this.id = row.id;
    this.row = row;
    this.runtime = new RuntimeCheck(source, row, pause);
    this.openedAt = lastSequence;
    this.#lastSequence = lastSequence;
    this.#status = row.status;
    this.#outOfOrder = outOfOrder;
    const input = readJson(row.initialInputJson);
    this.inputProblem = row.inputUnreadable ?? (input.ok ? undefined : input.problem.reason);
    this.history = new History(input.ok ? input.value : new Map(), this.startsWithInput, undefined, {
      memory: PATCHES_IN_MEMORY,
      file: new SetAsideFile(),
    });
    this.definition = new RunDefinition(source, row);
    this.graph = new ExecutionGraph(this);
  }

  /** Takes the same time for ten events as for a million. @param signal also ends work that several requests share. @throws FaultError `no-such-execution`. */
  static async open(source: Source, id: ExecutionId, signal?: AbortSignal, pause: Pause = noPause): Promise<OpenExecution> {
    const [row, head, outOfOrder] = await Promise.all([source.execution(id, signal), source.head(id, signal), source.outOfOrder(id, signal)]);
    if (row === undefined) throw new FaultError('no-such-execution', { subject: id });
    return new OpenExecution(source, row, head, outOfOrder, pause, signal ?? NEVER);
  }

  /** The highest sequence in the log when the execution was opened, was indexed, or last grew. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** The status in its row, likewise. */
  get status(): string {
    return this.#status;
  }

  /** Whether the rows of all events that are known have been compared with the index of the database, and what came of it. */
  get integrity(): Integrity {
    const { check } = this;
    return check?.verdict === 'sound' && this.#checkedCount < this.history.count ? 'unchecked' : (check?.verdict ?? 'unchecked');
  }

  /** Rows that are left out, because their sequence is not an integer from 1 on; fractions are found while the log is indexed. */
  get badSequences(): number {
    return this.#outOfOrder + Math.max(this.history.badSequences, this.badSequencesStreamed);
  }

  /**
   * The sequence from which the state is incomplete: the first one that is missing or cannot be read; 0 when the initial input
   * cannot be read, or when there are rows of which nobody knows where they belong.
   */
  get incompleteFrom(): number | undefined {
    if (this.inputProblem !== undefined || this.badSequences > 0) return 0;
    const [log, file] = [this.history.incompleteFrom, this.check?.incompleteFrom];
    return log === undefined || file === undefined ? (log ?? file) : Math.min(log, file);
  }

  /** What an answer about this execution does not show by itself, as sentences. */
  get warnings(): readonly string[] {
    const warnings: string[] = [];
    if (this.inputProblem !== undefined) warnings.push(`The initial input cannot be read (${this.inputProblem}): every state is incomplete.`);
    if (this.badSequences > 0) {
      const rows = this.badSequences === 1 ? '1 row has' : `${this.badSequences.toLocaleString('en')} rows have`;
      warnings.push(`${rows} no usable sequence and cannot be placed: every state is incomplete.`);
    }
    if (this.check?.verdict === 'damaged') {
      warnings.push(`The database is damaged: ${this.check.detail}. From sequence ${this.check.incompleteFrom} on, every state is incomplete.`);
    } else if (warnings.length === 0 && this.incompleteFrom !== undefined) {
      warnings.push(`From sequence ${this.incompleteFrom} on, every state is incomplete: an event is missing or cannot be read.`);
    }
    if (this.history.patches.setAside > 0) {
      const size = Math.ceil(this.history.patches.setAside / 1024 / 1024).toLocaleString('en');
      warnings.push(`The changes of this execution are larger than memory allows: ${size} MB of them are in a temporary file, so some answers take longer.`);
    }
    return warnings;
  }

  /** Whether the given state starts with the input of `workflow_started`, as it does after generation 3. */
  get startsWithInput(): boolean {
    return this.source.generation > 3;
  }

  /** Whether all events are indexed, all states folded, and everything is checked. */
  get isDone(): boolean {
    return this.indexed && this.history.foldedTo >= this.history.lastSequence && this.#snapshotsChecked && this.check !== undefined && this.runtime.isComplete;
  }

  /** Indexes the log up to `sequence`. */
  async indexTo(sequence: number, signal?: AbortSignal): Promise<void> {
    if (this.isIndexedTo(sequence)) return;
    for await (const chunk of this.source.scan(this.id, this.history.lastSequence, signal)) {
      this.history.append(chunk);
      if (this.history.lastSequence >= sequence) return;
    }
  }

  /**
   * Indexes every event. States are folded when they are requested, or by {@link fold}.
   *
   * @param pause awaited between chunks, so that other requests can be answered.
   */
  async index(signal?: AbortSignal, pause: Pause = this.pause): Promise<void> {
    if (this.indexed) return;
    this.failure = undefined;
    try {
      for await (const chunk of this.source.scan(this.id, this.history.lastSequence, signal)) {
        this.history.append(chunk);
        await pause();
        signal?.throwIfAborted();
      }
      this.history.trim();
      // Events may have been written since the execution was opened.
      this.#lastSequence = Math.max(this.#lastSequence, this.history.lastSequence);
      this.snapshots = await this.source.snapshots(this.id, signal);
      this.indexed = true;
    } catch (error) {
      // An aborted indexing can continue later.
      if (!signal?.aborted) this.failure = error;
      throw error;
    }
  }

  /**
   * Whether the log is indexed up to `sequence`.
   *
   * @throws the error that stopped the indexing before `sequence`.
   */
  isIndexedTo(sequence: number): boolean {
    if (this.indexed || this.history.lastSequence >= sequence) return true;
    if (this.failure !== undefined) throw this.failure;
    return false;
  }

  /** Whether the state at `sequence` can be computed without a long fold. Throws as {@link isIndexedTo} does. */
  hasStateAt(sequence: number): boolean {
    return this.isIndexedTo(sequence) && this.history.isFolded(this.history.positionAt(sequence));
  }

  /** Folds all states, so that every seek is short afterwards; `pause` as in {@link index}. */
  async fold(signal?: AbortSignal, pause: Pause = this.pause): Promise<void> {
    while (this.history.states.fold(FOLD_BYTES)) {
      await pause();
      signal?.throwIfAborted();
    }
  }

  /**
   * Reads the events that have been written since everything was indexed, and what belongs to them; `pause` as in {@link index}.
   * After an error it goes on where it was.
   *
   * @returns `later` while the execution is still being indexed or checked; `among` when there are events before the last one
   *   that is known, so that the execution must be opened anew.
   */
  async grow(signal?: AbortSignal, pause: Pause = this.pause): Promise<'later' | 'grown' | 'among'> {
    if (!this.isDone) return 'later';
    const status = await this.source.status(this.id, signal);
    const head = await this.source.head(this.id, signal);
    if (head < this.history.lastSequence || (await this.#isGapFilled(signal))) return 'among';
    if (head > this.#lastSequence) {
      for await (const chunk of this.source.scan(this.id, this.history.lastSequence, signal)) {
        this.history.append(chunk);
        await pause();
        signal?.throwIfAborted();
      }
      await this.fold(signal, pause);
      await this.runtime.readOn(signal, pause);
    }
    if ((await this.source.snapshotCount(this.id, signal)) !== this.snapshots.length) {
      this.snapshots = await this.source.snapshots(this.id, signal);
      await this.#checkNewSnapshots(signal, pause);
    }
    this.#lastSequence = Math.max(head, this.history.lastSequence);
    this.#status = status ?? this.#status;
    return 'grown';
  }

  /** Whether an event has come that was missing: transactions may end in another order than that of their sequences. */
  async #isGapFilled(signal?: AbortSignal): Promise<boolean> {
    for (const [from, until] of this.history.gaps.in(1, this.history.lastSequence).slice(-MAX_GAPS)) {
      const [event] = await this.source.page(this.id, from - 1, 1, signal);
      if (event !== undefined && event.sequence <= until) return true;
    }
    return false;
  }

  /** Has the rows that came since the last check compared, too. */
  checkAgain(): boolean {
    if (this.integrity === this.check?.verdict || !this.isDone) return false;
    this.check = undefined;
    return true;
  }

  /** Compares what is read of the execution with what the tables contain; `pause` as in {@link index}. */
  async checkIntegrity(signal?: AbortSignal, pause: Pause = this.pause): Promise<void> {
    if (this.check !== undefined) return;
    const { count } = this.history;
    const check = await this.source.check(this.id, pause, signal);
    this.#checkedCount = count;
    // What was lost may be behind the last row that is left: then that is not the end.
    this.check = check.incompleteFrom === undefined ? check : { ...check, incompleteFrom: Math.min(check.incompleteFrom, this.lastSequence) };
  }

  /** Compares each stored snapshot with replay; `pause` as in {@link index}. */
  async checkSnapshots(signal?: AbortSignal, pause: Pause = this.pause): Promise<void> {
    if (this.#snapshotsChecked) return;
    await this.#checkNewSnapshots(signal, pause);
    this.#snapshotsChecked = true;
  }

  async #checkNewSnapshots(signal: AbortSignal | undefined, pause: Pause): Promise<void> {
    const { patches, states } = this.history;
    // One walk is cheaper than a seek for each snapshot.
    const stateAfter = states.walk();
    for (const { atSequence } of this.snapshots.filter((snapshot) => !this.verdicts.has(snapshot.atSequence))) {
      await this.checkSnapshot(atSequence, (position) => stateAfter(patches.countUpTo(position)));
      await pause();
      signal?.throwIfAborted();
    }
  }

  async checkSnapshot(atSequence: number, stateAt = (position: number): Json => this.history.stateAt(position)): Promise<Verdict | undefined> {
    const known = this.verdicts.get(atSequence);
    if (known !== undefined) return known;
    let snapshot: SnapshotRow | undefined;
    try {
      snapshot = await this.source.snapshot(this.id, atSequence);
    } catch (error) {
      // A part of the file that cannot be read is a verdict about the snapshots in it, not the end of the check.
      if (!(error instanceof FaultError) || error.fault.kind !== 'damaged') throw error;
      const unreadable: Verdict = { kind: 'unreadable', reason: error.fault.detail ?? 'the file is damaged' };
      this.verdicts.set(atSequence, unreadable);
      return unreadable;
    }
    if (snapshot === undefined || snapshot.atSequence !== atSequence) return undefined;
    const verdict = await checkSnapshot(this.history, snapshot, stateAt, (position) => this.outputOf(position));
    this.verdicts.set(atSequence, verdict);
    if (snapshot.materialized === undefined) this.stateOnly.add(atSequence);
    return verdict;
  }

  /** The newest stored snapshot at or before `sequence`: where a recovery would start. */
  baseAt(sequence: number): SnapshotHeader | undefined {
    return this.snapshots[this.#snapshotsUpTo(sequence) - 1];
  }

  #snapshotsUpTo(sequence: number): number {
    let low = 0;
    let high = this.snapshots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.snapshots[middle] as SnapshotHeader).atSequence <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The moment at `sequence` as the runtime would rebuild it. @throws FaultError `runtime-refuses` */
  async recoverAt(sequence: number, signal?: AbortSignal): Promise<Recovered> {
    const snapshot = await this.source.snapshot(this.id, sequence, signal);
    const base = snapshot && recoveryBase(snapshot);
    const refusal =
      snapshot !== undefined && base === undefined
        ? snapshotRefusal(snapshot.atSequence)
        : refusalText((await this.runtime.read(snapshot?.atSequence, sequence, signal)).refusal);
    if (refusal !== undefined) throw new FaultError('runtime-refuses', { subject: this.id, detail: refusal });
    return recoverAt(this.history, this.history.positionAt(sequence), base, snapshot?.atSequence ?? 0);
  }

  /** The current state at `sequence` in a reading; the execution must be indexed that far. */
  async stateIn(sequence: number, reading: Reading): Promise<Json> {
    if (reading === 'recovery') return (await this.recoverAt(sequence)).currentState;
    const position = this.history.positionAt(sequence);
    return reading === 'given' ? this.history.givenAt(position) : this.history.stateAt(position);
  }

  /** Which stored snapshots lie around `sequence`. */
  async snapshotsAround(sequence: number): Promise<SnapshotPlaces> {
    if (!this.indexed) return this.source.snapshotsAround(this.id, sequence);
    const at = (index: number): number | undefined => this.snapshots[index]?.atSequence;
    const upTo = this.#snapshotsUpTo(sequence);
    return { previous: at(this.#snapshotsUpTo(sequence - 1) - 1), base: at(upTo - 1), next: at(upTo) };
  }

  verdictOf(atSequence: number): SnapshotVerdict {
    return this.verdicts.get(atSequence)?.kind ?? 'unchecked';
  }

  /** The output of the node_completed at a position, read from the database. */
  async outputOf(position: number): Promise<Json | undefined> {
    // A moment may have tens of thousands of outputs.
    if (this.#outputs.isDue) await this.#outputs.pause();
    const event = await this.source.payload(this.id, this.history.sequenceOf(position));
    const reading = event?.text === undefined ? undefined : readEvent(event.text);
    return reading?.ok === true ? (reading.event.fields.get('output') ?? null) : undefined;
  }
}

/** Why the runtime would refuse an execution, as a part of a sentence. */
export function refusalText(refusal: Refusal | undefined): string | undefined {
  if (refusal === undefined) return undefined;
  return `${refusal.sequence === 0 ? 'of the initial input' : `of event ${refusal.sequence}`}: ${refusal.reason}`;
}

export function snapshotRefusal(atSequence: number): string {
  return `of the snapshot at ${atSequence}: it cannot be read`;
}
