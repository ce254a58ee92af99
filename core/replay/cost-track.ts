import type { EventChunk } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import { MAX_DEPTH } from '../json/read.ts';
import { bytesAre, JsonScanner } from '../json/scan.ts';
import { Column } from './column.ts';
import { type Costs, costsOf, noCosts, numberOf } from './costs.ts';

const NAMES = Object.keys(noCosts()) as readonly (keyof Costs)[];
/** The fields of events that contain numbers to add up. */
const FIELDS = ['input_tokens', 'output_tokens', 'cost_usd', 'total_cost', 'duration_ms'].map((name) => ({ name, bytes: new TextEncoder().encode(name) }));

/** The costs of an execution up to any position, as running sums. */
export class CostTrack {
  readonly #positions = new Column(new Uint32Array(64));
  readonly #sums = NAMES.map(() => new Column(new Float64Array(64)));
  readonly #now = noCosts();
  #count = 0;

  /** The sums after `position`. */
  at(position: number): Costs {
    const sums = noCosts();
    const index = this.#positions.countUpTo(position) - 1;
    if (index >= 0) for (const [i, name] of NAMES.entries()) sums[name] = (this.#sums[i] as Column<Float64Array>).at(index);
    return sums;
  }

  /**
   * Adds the next events of the log. Only the numbers are decoded from their bytes.
   *
   * @param typeOf the kind of the event at a position; undefined for an event that cannot be read.
   */
  append(chunk: EventChunk, typeOf: (position: number) => string | undefined): void {
    const scanner = new JsonScanner(chunk.bytes);
    for (let i = 0; i < chunk.count; i++) {
      const position = this.#count++;
      const costs = this.#costsOf(chunk, i, typeOf(position), scanner);
      if (costs === undefined) continue;
      for (const name of NAMES) this.#now[name] += costs[name];
      this.#positions.push(position);
      for (const [index, name] of NAMES.entries()) (this.#sums[index] as Column<Float64Array>).push(this.#now[name]);
    }
  }

  #costsOf({ offsets }: EventChunk, i: number, type: string | undefined, scanner: JsonScanner): Costs | undefined {
    if (type !== 'node_completed' && type !== 'agent_tool_completed' && type !== 'node_failed' && type !== 'retry_scheduled') return undefined;
    const [start, end] = [offsets[i] as number, offsets[i + 1] as number];
    const text = (from: number, to: number): string => scanner.bytes.toString('utf8', from, to);
    const fields: { [name: string]: number } = {};
    let escaped = false;
    scanner.object(start, end, MAX_DEPTH, (keyStart, keyEnd, valueStart, valueEnd) => {
      escaped ||= scanner.hasEscape(keyStart, keyEnd);
      for (const { name, bytes } of FIELDS) if (bytesAre(scanner.bytes, keyStart, keyEnd, bytes)) fields[name] = addend(text(valueStart, valueEnd));
    });
    if (!escaped) return costsOf(type, (name) => fields[name] ?? 0);
    // Only the ordinary reader decodes a key with an escape.
    const reading = readEvent(text(start, end));
    return reading.ok ? costsOf(type, (name) => numberOf(reading.event.fields.get(name))) : undefined;
  }
}

/** The value of a JSON number; 0 for every other JSON text. */
function addend(text: string): number {
  return /^[-\d]/.test(text) && Number.isFinite(Number(text)) ? Number(text) : 0;
}
