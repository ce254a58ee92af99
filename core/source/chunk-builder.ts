import { isUtf8 } from 'node:buffer';
import type { EventChunk } from '../jamjet/chunk.ts';

/** Collects events one by one into a chunk. */
export class ChunkBuilder {
  readonly #sequences: number[] = [];
  readonly #times: number[] = [];
  readonly #parts: Uint8Array[] = [];
  readonly #unreadable = new Map<number, string>();
  bytes = 0;
  strays = 0;

  get count(): number {
    return this.#sequences.length;
  }

  /** @param unreadable why these bytes are no event at all. */
  add(sequence: number, time: number, event: Uint8Array, unreadable?: string): void {
    const reason = unreadable ?? (isUtf8(event) ? undefined : NOT_UTF8);
    if (reason !== undefined) this.#unreadable.set(this.count, reason);
    this.#sequences.push(sequence);
    this.#times.push(time);
    this.#parts.push(event);
    this.bytes += event.length;
  }

  build(): EventChunk {
    const offsets = new Uint32Array(this.count + 1);
    this.#parts.forEach((part, i) => {
      offsets[i + 1] = (offsets[i] as number) + part.length;
    });
    return {
      count: this.count,
      sequences: Float64Array.from(this.#sequences),
      times: Float64Array.from(this.#times),
      bytes: Buffer.concat(this.#parts),
      offsets,
      unreadable: this.#unreadable,
      strays: this.strays,
    };
  }
}

export const NOT_UTF8 = 'it is not UTF-8 text';

/** Why a `kind_json` of another SQL type than text is no event. */
export function notText(type: string): string {
  return type === 'null' ? 'the column is NULL' : `the column holds ${type === 'blob' ? 'binary data' : `a ${type}`} instead of text`;
}
