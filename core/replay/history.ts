import type { Finding } from '../finding.ts';
import type { EventChunk } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import { CATEGORIES, type Category, type Kind, kindOf, unknownKind } from '../jamjet/kinds.ts';
import { canonicalJson } from '../json/print.ts';
import { MAX_DEPTH } from '../json/read.ts';
import { bytesAre, JsonScanner } from '../json/scan.ts';
import { compareKeys, equalJson, type Json, type JsonObject } from '../json/value.ts';
import { CategoryTotals } from './category-totals.ts';
import { Column } from './column.ts';
import { ByteNames } from './names.ts';
import { NodePostings } from './nodes.ts';
import { GIVES, type KeyframeLimits, MERGES, PatchLog, REPLACES } from './patches.ts';
import { Sequences } from './sequences.ts';
import { StatusLog } from './status-log.ts';

/** The number that stands in the kind column for an event that cannot be read. */
const UNREADABLE = 0xffff;
const NO_NODE = 0xffffffff;
/** So many findings of an execution are kept one by one; all are counted. */
const MOST_FINDINGS = 1000;

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const TYPE = ascii('type');
const NODE_ID = ascii('node_id');
const STATE_PATCH = ascii('state_patch');
const FINAL_STATE = ascii('final_state');
const INITIAL_INPUT = ascii('initial_input');
const NULL = ascii('null');
/** A byte-order mark is kept: it makes a text that the runtime refuses. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * The index of one execution's events (performance.md §9): header columns, every patch, node and status postings.
 * Fed with chunks in sequence order, it answers for any row that it has seen, and grows in place.
 *
 * A "row" is an event's place in the order of the log, from 0; -1 is before the first event.
 */
export class History {
  readonly patches: PatchLog;
  readonly nodes = new NodePostings();
  readonly status = new StatusLog();
  readonly #categories = new CategoryTotals();
  readonly findings: Finding[] = [];
  /** Rows that were left out, because their sequence is no whole number. */
  strays = 0;
  findingCount = 0;
  /** The first sequence from which the state may lack something: an event is missing or cannot be read. */
  incompleteFrom: number | undefined;

  readonly #sequences = new Sequences();
  readonly #times = new Column(new Float64Array(64));
  readonly #kindNumbers = new Column(new Uint16Array(64));
  readonly #nodeNumbers = new Column(new Uint32Array(64));
  readonly #sizes = new Column(new Uint32Array(64));
  readonly #kindNames = new ByteNames();
  readonly #kinds: Kind[] = [];
  /** The place of each kind's category among CATEGORIES. */
  readonly #categoryNumbers: number[] = [];
  readonly #nodeNames = new ByteNames();
  readonly #fields = new EventFields();

  readonly #startsWithInput: boolean;

  /** @param startsWithInput whether nodes are given the input of `workflow_started`: from 0.5.0 on. */
  constructor(initialInput: Json, startsWithInput = true, limits?: KeyframeLimits) {
    this.patches = new PatchLog(initialInput, limits);
    this.#startsWithInput = startsWithInput;
  }

  get count(): number {
    return this.#sequences.length;
  }

  /** 0 when there is no event. */
  get lastSequence(): number {
    return this.#sequences.last() ?? 0;
  }

  /** The last row whose sequence is ≤ `sequence`; -1 when there is none. */
  rowAt(sequence: number): number {
    return this.#sequences.countUpTo(sequence) - 1;
  }

  /**
   * Where `sequence` lies in the log: the last row up to it, and the row before what happened there.
   * The two are one where no event has this sequence.
   */
  placeOf(sequence: number): { readonly row: number; readonly before: number } {
    const row = this.rowAt(sequence);
    return { row, before: row >= 0 && this.sequenceOf(row) === sequence ? row - 1 : row };
  }

  sequenceOf(row: number): number {
    return this.#sequences.at(row);
  }

  timeOf(row: number): number {
    return this.#times.at(row);
  }

  /** UTF-8 bytes of the stored event. */
  sizeOf(row: number): number {
    return this.#sizes.at(row);
  }

  /** undefined for an event that cannot be read. */
  kindOf(row: number): Kind | undefined {
    const number = this.#kindNumbers.at(row);
    return number === UNREADABLE ? undefined : this.#kinds[number];
  }

  /** How many events of each category lie before row `end`, as {@link CategoryTotals.before}; returns their bytes. */
  totalsBefore(end: number, counts: Float64Array): number {
    return this.#categories.before(end, counts, (row) => this.sizeOf(row));
  }

  categoryOf(row: number): Category {
    return this.kindOf(row)?.category ?? 'unknown';
  }

  nodeOf(row: number): string | undefined {
    const number = this.#nodeNumbers.at(row);
    return number === NO_NODE ? undefined : this.#nodeNames.names[number];
  }

  /** All nodes that events name, in the order of their first event. */
  get nodeNames(): readonly string[] {
    return this.#nodeNames.names;
  }

  /** Whether the state after `row` can be given without a long fold. */
  isFolded(row: number): boolean {
    return this.patches.isFolded(this.patches.countAtRow(row));
  }

  /** The sequence up to which states have been folded; seeks beyond it fold on. */
  get foldedTo(): number {
    const { folded, count } = this.patches;
    return folded < count ? this.sequenceOf(this.patches.rowOf(folded)) - 1 : this.lastSequence;
  }

  stateAt(row: number): Json {
    return this.patches.stateAfter(this.patches.countAtRow(row));
  }

  /** What the scheduler hands to nodes after `row`: its own fold, see {@link give}. */
  givenAt(row: number): JsonObject {
    return this.patches.givenAfter(this.patches.countAtRow(row));
  }

  /** Whether the event in `row` left another state than it found. */
  changedAt(row: number): boolean {
    return !equalJson(this.stateAt(row - 1), this.stateAt(row));
  }

  /** The rows whose kind and node are wanted; each pair is asked about once. An unreadable event has the kind `unreadable`. */
  rowsWhere(wanted: (type: string, node: string | undefined) => boolean): Uint32Array {
    const [UNASKED, YES, NO] = [0, 1, 2];
    const nodes = this.#nodeNames.names.length + 1;
    const answers = new Uint8Array((this.#kinds.length + 1) * nodes);
    const rows = new Uint32Array(this.count);
    let count = 0;
    for (let row = 0; row < this.count; row++) {
      // What has no readable kind, or no node, takes the last place of its axis.
      const pair = Math.min(this.#kindNumbers.at(row), this.#kinds.length) * nodes + Math.min(this.#nodeNumbers.at(row), nodes - 1);
      if (answers[pair] === UNASKED) answers[pair] = wanted(this.kindOf(row)?.type ?? 'unreadable', this.nodeOf(row)) ? YES : NO;
      if (answers[pair] === YES) rows[count++] = row;
    }
    return rows.slice(0, count);
  }

  /** Nodes that are active after `row`, by name in code-point order. */
  activeAt(row: number): string[] {
    return this.nodes
      .activeAt(row)
      .map((node) => this.#nodeNames.names[node] as string)
      .sort(compareKeys);
  }

  /** Each node that has completed by `row`, with the row of its last completion: its output is read from there. */
  completedAt(row: number, after = -1): Map<string, number> {
    const completed = new Map<string, number>();
    for (const { node, row: at } of this.nodes.completedAt(row, after)) completed.set(this.#nodeNames.names[node] as string, at);
    return completed;
  }

  /** Gives back the room that growing has left over. Called when the log is read; it may grow again afterwards. */
  trim(): void {
    for (const column of [this.#sequences, this.#times, this.#kindNumbers, this.#nodeNumbers, this.#sizes]) column.trim();
    this.patches.trim();
    this.nodes.trim();
    this.#categories.trim();
  }

  append(chunk: EventChunk): void {
    this.strays += chunk.strays;
    const scanner = new JsonScanner(chunk.bytes);
    for (let i = 0; i < chunk.count; i++) {
      const sequence = chunk.sequences[i] as number;
      this.#checkOrder(sequence, chunk.times[i] as number);
      const start = chunk.offsets[i] as number;
      const end = chunk.offsets[i + 1] as number;
      this.#sequences.push(sequence);
      this.#times.push(chunk.times[i] as number);
      this.#sizes.push(end - start);
      const reason = chunk.unreadable.get(i);
      if (reason !== undefined) this.#appendUnreadable(reason);
      else if (this.#fields.read(scanner, start, end)) this.#appendScanned(chunk.bytes);
      else this.#appendUnusual(DECODER.decode(chunk.bytes.subarray(start, end)));
    }
  }

  #appendScanned(bytes: Uint8Array): void {
    const { typeStart, typeEnd, nodeStart, nodeEnd } = this.#fields;
    const kind = this.#kindNames.numberOf(bytes, typeStart, typeEnd);
    const node = nodeStart < 0 ? NO_NODE : this.#nodeNames.numberOf(bytes, nodeStart, nodeEnd);
    this.#appendEvent(bytes, kind, node);
  }

  /** Damage, or only an unusual spelling (an escape in a key or a name), which the plain reader takes. */
  #appendUnusual(text: string): void {
    const reading = readEvent(text);
    if (!reading.ok) return this.#appendUnreadable(reading.reason);
    const { event } = reading;
    const bytes = new TextEncoder().encode(canonicalJson(event.fields));
    this.#fields.read(new JsonScanner(bytes), 0, bytes.length);
    const node = event.nodeId === undefined ? NO_NODE : this.#nodeNames.numberOfText(event.nodeId);
    this.#appendEvent(bytes, this.#kindNames.numberOfText(event.kind.type), node);
  }

  #appendEvent(bytes: Uint8Array, kindNumber: number, node: number): void {
    const row = this.count - 1;
    const kind = this.#kind(kindNumber);
    this.#kindNumbers.push(kindNumber);
    this.#categories.append(this.#categoryNumbers[kindNumber] as number, this.sizeOf(row));
    this.#nodeNumbers.push(node);
    if (kind.category === 'unknown') {
      this.#find({ kind: 'unknown-kind', sequence: this.lastSequence, detail: `The kind "${kind.type}" is not known; it changes nothing.` });
    }
    const { effect } = kind;
    const { patchStart, patchEnd, finalStart, finalEnd, inputStart, inputEnd } = this.#fields;
    if (effect.status !== undefined || effect.pauses) this.status.append(row, effect);
    if (effect.node !== undefined && node !== NO_NODE) this.nodes.append(node, row, effect.node, kind.category === 'failure');
    if (effect.merges && patchStart >= 0 && !bytesAre(bytes, patchStart, patchEnd, NULL)) {
      this.patches.append(row, bytes, patchStart, patchEnd, effect.gives === 'state_patch' ? MERGES | GIVES : MERGES);
    }
    if (effect.replaces && finalStart >= 0) this.patches.append(row, bytes, finalStart, finalEnd, REPLACES);
    if (effect.gives === 'initial_input' && this.#startsWithInput && inputStart >= 0) this.patches.append(row, bytes, inputStart, inputEnd, GIVES);
  }

  #kind(number: number): Kind {
    if (number === this.#kinds.length) {
      if (number >= UNREADABLE) throw new Error('an execution has more than 65,000 event kinds');
      const type = this.#kindNames.names[number] as string;
      const kind = kindOf(type) ?? unknownKind(type);
      this.#kinds.push(kind);
      this.#categoryNumbers.push(CATEGORIES.indexOf(kind.category));
    }
    return this.#kinds[number] as Kind;
  }

  #appendUnreadable(reason: string): void {
    this.#kindNumbers.push(UNREADABLE);
    this.#categories.append(CATEGORIES.indexOf('unknown'), this.sizeOf(this.count - 1));
    this.#nodeNumbers.push(NO_NODE);
    this.#find({ kind: 'unreadable-event', sequence: this.lastSequence, detail: `The event cannot be read: ${reason}.` });
    this.incompleteFrom ??= this.lastSequence;
  }

  #checkOrder(sequence: number, time: number): void {
    const before = this.lastSequence;
    if (sequence > before + 1) {
      const [from, until] = [before + 1, sequence - 1];
      this.#find({
        kind: 'gap',
        sequence: from,
        until,
        detail: from === until ? `Event ${from} is missing.` : `Events ${from} to ${until} are missing.`,
      });
      this.incompleteFrom ??= from;
    } else if (sequence === before && this.count > 0) {
      this.#find({ kind: 'duplicate-sequence', sequence, detail: `The sequence ${sequence} stands more than once.` });
    }
    const previous = this.#times.last();
    if (previous !== undefined && time < previous) {
      this.#find({ kind: 'out-of-order-time', sequence, detail: `The clock went back by ${((previous - time) / 1000).toFixed(3)} s.` });
    }
  }

  #find(finding: Finding): void {
    this.findingCount++;
    if (this.findings.length < MOST_FINDINGS) this.findings.push(finding);
  }
}

/** Where the fields that an index needs lie in one event. One is used again and again: no garbage. */
class EventFields {
  typeStart = -1;
  typeEnd = -1;
  nodeStart = -1;
  nodeEnd = -1;
  patchStart = -1;
  patchEnd = -1;
  finalStart = -1;
  finalEnd = -1;
  inputStart = -1;
  inputEnd = -1;
  #scanner = new JsonScanner(new Uint8Array());
  /** In most events there is no escape at all, and no name needs a look. */
  #hasEscape = false;
  #unusual = false;

  /** @returns false when the event is damaged or spelled in a way that needs the plain reader. */
  read(scanner: JsonScanner, start: number, end: number): boolean {
    this.#scanner = scanner;
    this.#hasEscape = scanner.hasEscape(start, end);
    this.typeStart = this.nodeStart = this.patchStart = this.finalStart = this.inputStart = -1;
    this.#unusual = false;
    return scanner.object(start, end, MAX_DEPTH, this.#visit) && this.typeStart >= 0 && !this.#unusual;
  }

  readonly #visit = (keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void => {
    const { bytes } = this.#scanner;
    switch (keyEnd - keyStart) {
      case 4:
        if (bytesAre(bytes, keyStart, keyEnd, TYPE)) {
          this.typeStart = this.#isString(valueStart) ? valueStart + 1 : -1;
          this.typeEnd = valueEnd - 1;
          this.#noticeEscapes(valueStart, valueEnd);
        }
        break;
      case 7:
        if (bytesAre(bytes, keyStart, keyEnd, NODE_ID)) {
          this.nodeStart = this.#isString(valueStart) ? valueStart + 1 : -1;
          this.nodeEnd = valueEnd - 1;
          this.#noticeEscapes(valueStart, valueEnd);
        }
        break;
      case 11:
        if (bytesAre(bytes, keyStart, keyEnd, STATE_PATCH)) {
          this.patchStart = valueStart;
          this.patchEnd = valueEnd;
        } else if (bytesAre(bytes, keyStart, keyEnd, FINAL_STATE)) {
          this.finalStart = valueStart;
          this.finalEnd = valueEnd;
        }
        break;
      case 13:
        if (bytesAre(bytes, keyStart, keyEnd, INITIAL_INPUT)) {
          this.inputStart = valueStart;
          this.inputEnd = valueEnd;
        }
        break;
      default:
        break;
    }
    this.#noticeEscapes(keyStart, keyEnd);
  };

  #noticeEscapes(start: number, end: number): void {
    if (this.#hasEscape && this.#scanner.hasEscape(start, end)) this.#unusual = true;
  }

  #isString(at: number): boolean {
    return this.#scanner.bytes[at] === 0x22;
  }
}
