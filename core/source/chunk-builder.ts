import { isUtf8 } from 'node:buffer';
import type { EventChunk } from '../jamjet/chunk.ts';
import { millisecondsAt } from '../jamjet/time.ts';

/** Builds a chunk from single events. */
export class ChunkBuilder {
  readonly #sequences: number[] = [];
  readonly #times: string[] = [];
  readonly #parts: Uint8Array[] = [];
  readonly #unreadable = new Map<number, string>();
  bytes = 0;
  badSequences = 0;

  get count(): number {
    return this.#sequences.length;
  }

  /** @param createdAt the time as it is stored. @param unreadable why these bytes are not an event. */
  add(sequence: number, createdAt: string, event: Uint8Array, unreadable?: string): void {
    const reason = unreadable ?? (isUtf8(event) ? undefined : NOT_UTF8);
    if (reason !== undefined) this.#unreadable.set(this.count, reason);
    this.#sequences.push(sequence);
    this.#times.push(createdAt);
    this.#parts.push(event);
    this.bytes += event.length;
  }

  build(): EventChunk {
    const offsets = new Uint32Array(this.count + 1);
    this.#parts.forEach((part, i) => {
      offsets[i + 1] = (offsets[i] as number) + part.length;
    });
    const timeBytes = Buffer.from(this.#times.join('\n'));
    const timeOffsets = new Uint32Array(this.count + 1);
    this.#times.forEach((time, i) => {
      timeOffsets[i + 1] = (timeOffsets[i] as number) + Buffer.byteLength(time) + 1;
    });
    return {
      count: this.count,
      sequences: Float64Array.from(this.#sequences),
      times: Float64Array.from(this.#times, (_, i) => millisecondsAt(timeBytes, timeOffsets[i] as number, (timeOffsets[i + 1] as number) - 1)),
      timeBytes,
      timeOffsets,
      bytes: Buffer.concat(this.#parts),
      offsets,
      unreadable: this.#unreadable,
      badSequences: this.badSequences,
    };
  }
}

export const NOT_UTF8 = 'it is not UTF-8 text';
export const NOT_UTF16 = 'it is not UTF-16 text';

/** Why a `kind_json` whose SQL type is not text is not an event. */
export function notText(type: string): string {
  return type === 'null' ? 'the column is NULL' : `the column holds ${type === 'blob' ? 'binary data' : `a ${type}`} instead of text`;
}
