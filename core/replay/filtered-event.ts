import { type Event, type EventReading, readEvent, summaryOf } from '../jamjet/event.ts';
import type { JsonObject } from '../json/value.ts';

/** An event as a filter looks at it; what a filter does not ask for is not read. */
export class FilteredEvent {
  readonly #text: string;
  readonly #unreadable: string | undefined;
  #reading: EventReading | undefined;
  #summary: string | undefined;
  #stored: string | undefined;

  /** @param unreadable why the event cannot be read, if that is known already. */
  constructor(text: string, unreadable?: string) {
    this.#text = text;
    this.#unreadable = unreadable;
  }

  /** In lower case. */
  get summary(): string {
    const reading = this.#read();
    this.#summary ??= (reading.ok ? summaryOf(reading.event) : reading.reason).toLowerCase();
    return this.#summary;
  }

  /** The stored text, in lower case. */
  get stored(): string {
    this.#stored ??= this.#text.toLowerCase();
    return this.#stored;
  }

  get type(): string {
    return this.#event?.kind.type ?? 'unreadable';
  }

  get fields(): JsonObject | undefined {
    return this.#event?.fields;
  }

  /** UTF-8 bytes of the stored text. */
  get bytes(): number {
    return Buffer.byteLength(this.#text);
  }

  get #event(): Event | undefined {
    const reading = this.#read();
    return reading.ok ? reading.event : undefined;
  }

  #read(): EventReading {
    this.#reading ??= this.#unreadable === undefined ? readEvent(this.#text) : { ok: false, reason: this.#unreadable };
    return this.#reading;
  }
}
