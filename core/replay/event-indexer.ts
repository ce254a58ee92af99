import { type EventChunk, textAt } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import { canonicalJson } from '../json/print.ts';
import { JsonScanner } from '../json/scan.ts';
import { type EventColumns, NO_NODE, UNREADABLE } from './event-columns.ts';
import { EventFields } from './event-fields.ts';
import type { LogFindings } from './log-findings.ts';
import type { NodePostings } from './nodes.ts';
import { MERGES, REPLACES, SETS_GIVEN } from './patch.ts';
import type { PatchArena } from './patch-arena.ts';
import type { StatusLog } from './status-log.ts';

interface IndexParts {
  readonly events: EventColumns;
  readonly findings: LogFindings;
  readonly patches: PatchArena;
  readonly nodes: NodePostings;
  readonly status: StatusLog;
}

/** Reads the events of chunks and adds each to the parts of an index. */
export class EventIndexer {
  readonly #parts: IndexParts;
  readonly #startsWithInput: boolean;
  readonly #fields = new EventFields();

  /** @param startsWithInput whether the given state starts with the input of `workflow_started`, as it does from 0.5.0 on. */
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
      findings.addEvent(sequence, time);
      events.append(sequence, time, end - start);
      const reason = chunk.unreadable.get(i);
      if (reason !== undefined) this.#unreadable(reason);
      else if (this.#fields.read(scanner, start, end)) this.#scanned(chunk.bytes);
      else this.#unusual(textAt(chunk, i));
    }
  }

  #scanned(bytes: Uint8Array): void {
    const { typeStart, typeEnd, nodeStart, nodeEnd } = this.#fields;
    const { kindNames, nodeNames } = this.#parts.events;
    const kind = kindNames.numberOf(bytes, typeStart, typeEnd);
    this.#index(bytes, kind, nodeStart < 0 ? NO_NODE : nodeNames.numberOf(bytes, nodeStart, nodeEnd));
  }

  /** The event is damaged, or it has an escape in a key or a name, which only the ordinary reader decodes. */
  #unusual(text: string): void {
    const reading = readEvent(text);
    if (!reading.ok) return this.#unreadable(reading.reason);
    const { kindNames, nodeNames } = this.#parts.events;
    const { fields, kind, nodeId } = reading.event;
    const bytes = new TextEncoder().encode(canonicalJson(fields));
    this.#fields.read(new JsonScanner(bytes), 0, bytes.length);
    this.#index(bytes, kindNames.numberOfText(kind.type), nodeId === undefined ? NO_NODE : nodeNames.numberOfText(nodeId));
  }

  #unreadable(reason: string): void {
    const { events, findings } = this.#parts;
    events.identify(UNREADABLE, NO_NODE);
    findings.addUnreadable(events.lastSequence, reason);
  }

  /** @param bytes the bytes that the ranges of `#fields` refer to. */
  #index(bytes: Uint8Array, kindNumber: number, node: number): void {
    const { events, findings, patches, nodes, status } = this.#parts;
    const position = events.count - 1;
    const { category, effect, phase, type, waits } = events.kindNumbered(kindNumber);
    events.identify(kindNumber, node);
    if (category === 'unknown') findings.addUnknownKind(events.lastSequence, type);
    if (effect.status !== undefined || effect.pauses) status.append(position, effect);
    if (phase !== undefined && node !== NO_NODE) nodes.append(node, position, phase);
    if ((waits !== undefined || phase !== undefined) && node !== NO_NODE) nodes.appendWait(node, position, waits ?? 'nothing');
    const { patchStart, patchEnd, finalStart, finalEnd, inputStart, inputEnd } = this.#fields;
    if (effect.merges && patchStart >= 0)
      patches.append(position, bytes, patchStart, patchEnd, effect.setsGiven === 'state_patch' ? MERGES | SETS_GIVEN : MERGES);
    if (effect.replaces && finalStart >= 0) patches.append(position, bytes, finalStart, finalEnd, REPLACES);
    if (effect.setsGiven === 'initial_input' && this.#startsWithInput && inputStart >= 0) patches.append(position, bytes, inputStart, inputEnd, SETS_GIVEN);
  }
}
