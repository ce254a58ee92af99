import type { EventChunk } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import { canonicalJson } from '../json/print.ts';
import { JsonScanner } from '../json/scan.ts';
import { type EventColumns, NO_NODE, UNREADABLE } from './event-columns.ts';
import { EventFields } from './event-fields.ts';
import type { LogFindings } from './log-findings.ts';
import type { NodePostings } from './nodes.ts';
import { GIVES, MERGES, REPLACES } from './patch.ts';
import type { PatchArena } from './patch-arena.ts';
import type { StatusLog } from './status-log.ts';

/** What every event is entered in. */
interface IndexParts {
  readonly events: EventColumns;
  readonly findings: LogFindings;
  readonly patches: PatchArena;
  readonly nodes: NodePostings;
  readonly status: StatusLog;
}

/** A byte-order mark is kept: it makes a text that the runtime refuses. */
const DECODER = new TextDecoder('utf-8', { ignoreBOM: true });

/** Reads events out of chunks and enters each where it belongs. */
export class EventIndexer {
  readonly #parts: IndexParts;
  readonly #startsWithInput: boolean;
  readonly #fields = new EventFields();

  /** @param startsWithInput whether nodes are given the input of `workflow_started`: from 0.5.0 on. */
  constructor(parts: IndexParts, startsWithInput: boolean) {
    this.#parts = parts;
    this.#startsWithInput = startsWithInput;
  }

  append(chunk: EventChunk): void {
    const { events, findings } = this.#parts;
    findings.badSequences += chunk.badSequences;
    const scanner = new JsonScanner(chunk.bytes);
    for (let i = 0; i < chunk.count; i++) {
      const sequence = chunk.sequences[i] as number;
      const time = chunk.times[i] as number;
      const start = chunk.offsets[i] as number;
      const end = chunk.offsets[i + 1] as number;
      findings.place(sequence, time);
      events.append(sequence, time, end - start);
      const reason = chunk.unreadable.get(i);
      if (reason !== undefined) this.#unreadable(reason);
      else if (this.#fields.read(scanner, start, end)) this.#scanned(chunk.bytes);
      else this.#unusual(DECODER.decode(chunk.bytes.subarray(start, end)));
    }
  }

  #scanned(bytes: Uint8Array): void {
    const { typeStart, typeEnd, nodeStart, nodeEnd } = this.#fields;
    const { kindNames, nodeNames } = this.#parts.events;
    const kind = kindNames.numberOf(bytes, typeStart, typeEnd);
    this.#enter(bytes, kind, nodeStart < 0 ? NO_NODE : nodeNames.numberOf(bytes, nodeStart, nodeEnd));
  }

  /** Damage, or only an unusual spelling (an escape in a key or a name), which the plain reader takes. */
  #unusual(text: string): void {
    const reading = readEvent(text);
    if (!reading.ok) return this.#unreadable(reading.reason);
    const { kindNames, nodeNames } = this.#parts.events;
    const { fields, kind, nodeId } = reading.event;
    const bytes = new TextEncoder().encode(canonicalJson(fields));
    this.#fields.read(new JsonScanner(bytes), 0, bytes.length);
    this.#enter(bytes, kindNames.numberOfText(kind.type), nodeId === undefined ? NO_NODE : nodeNames.numberOfText(nodeId));
  }

  #unreadable(reason: string): void {
    const { events, findings } = this.#parts;
    events.identify(UNREADABLE, NO_NODE);
    findings.unreadable(events.lastSequence, reason);
  }

  /** @param bytes where the fields lie that were read last. */
  #enter(bytes: Uint8Array, kindNumber: number, node: number): void {
    const { events, findings, patches, nodes, status } = this.#parts;
    const position = events.count - 1;
    const { category, effect, type } = events.kindNumbered(kindNumber);
    events.identify(kindNumber, node);
    if (category === 'unknown') findings.unknownKind(events.lastSequence, type);
    if (effect.status !== undefined || effect.pauses) status.append(position, effect);
    if (effect.node !== undefined && node !== NO_NODE) nodes.append(node, position, effect.node, category === 'failure');
    const { patchStart, patchEnd, finalStart, finalEnd, inputStart, inputEnd } = this.#fields;
    if (effect.merges && patchStart >= 0) patches.append(position, bytes, patchStart, patchEnd, effect.gives === 'state_patch' ? MERGES | GIVES : MERGES);
    if (effect.replaces && finalStart >= 0) patches.append(position, bytes, finalStart, finalEnd, REPLACES);
    if (effect.gives === 'initial_input' && this.#startsWithInput && inputStart >= 0) patches.append(position, bytes, inputStart, inputEnd, GIVES);
  }
}
