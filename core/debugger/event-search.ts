import type { ExecutionList, FoundInEvents, FoundPage } from '../contract/executions.ts';
import { FaultError } from '../fault.ts';
import { type EventChunk, textAt } from '../jamjet/chunk.ts';
import { readEvent } from '../jamjet/event.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { ExecutionQuery, Facets, LackingExecution, Source } from '../source/port.ts';
import { Pacer, type Pause } from './pacing.ts';
import type { Task } from './tasks.ts';
import { cutText } from './value-text.ts';

const ERROR_LENGTH = 200;

/** A search of the executions whose rows do not have what is searched for, in their events. What it has found can be read while it runs. */
export class EventSearch {
  readonly list: string;
  readonly #source: Source;
  readonly #query: Omit<ExecutionList, 'source' | 'cause'>;
  readonly #only: () => Promise<ExecutionQuery['ids']>;
  readonly #found: { readonly id: ExecutionId; readonly found: readonly FoundInEvents[] }[] = [];
  #searched = 0;
  #of = 0;
  #unreadable = 0;
  #complete = false;
  #facets: Facets | null = null;
  #failure: unknown;

  /** @param only the executions to which the search is limited; undefined for all. */
  constructor(source: Source, list: ExecutionList, only: () => Promise<ExecutionQuery['ids']> = async () => undefined) {
    const { source: _, cause: __, ...query } = list;
    this.#source = source;
    this.#only = only;
    this.#query = query;
    this.list = JSON.stringify(list);
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  async run(pause: Pause, { signal, report }: Task): Promise<void> {
    const pacer = new Pacer(pause);
    try {
      const lacking = await this.#source.lacking({ ...this.#query, ids: await this.#only(), offset: 0, limit: 0 }, signal);
      this.#of = lacking.length;
      for (const execution of lacking) {
        const found = await this.#searchIn(execution, pacer, signal).catch((error: unknown) => this.#skip(error));
        if (found !== undefined) this.#found.push({ id: execution.id, found });
        this.#searched++;
        report('search', this.#searched, this.#of);
        if (pacer.isDue) await pacer.pause(signal);
      }
      if (this.#found.length > 0) this.#facets = await this.#source.facets({ ids: this.#found.map(({ id }) => id) }, signal);
      this.#complete = true;
    } catch (error) {
      this.#failure = error;
      throw error;
    }
  }

  /** @throws the error that ended the search. */
  async page(from: number, count: number, signal: AbortSignal): Promise<FoundPage> {
    if (this.#failure !== undefined) throw this.#failure;
    // All of them at one moment: the search goes on while the rows are read.
    const head = {
      from,
      total: this.#found.length,
      searched: this.#searched,
      of: this.#of,
      unreadable: this.#unreadable,
      complete: this.#complete,
      facets: this.#facets,
    };
    const wanted = this.#found.slice(from, from + count);
    if (wanted.length === 0) return { ...head, rows: [] };
    const ids = wanted.map(({ id }) => id);
    const { sort, descending } = this.#query;
    const page = await this.#source.executions({ ids, sort, descending, offset: 0, limit: ids.length }, signal);
    const rows = new Map(page.rows.map((row) => [row.id, row]));
    return { ...head, rows: wanted.flatMap(({ id, found }) => (rows.has(id) ? [{ row: rows.get(id) as (typeof page.rows)[number], found }] : [])) };
  }

  /** One execution that cannot be read must not hide what is found in the others. */
  #skip(error: unknown): undefined {
    if (!(error instanceof FaultError) || error.fault.kind !== 'damaged') throw error;
    this.#unreadable++;
    return undefined;
  }

  /** The first event for each thing that is searched for; undefined when one of them is in no event. */
  async #searchIn({ id, words, error }: LackingExecution, pacer: Pacer, signal: AbortSignal): Promise<readonly FoundInEvents[] | undefined> {
    const wanted = new Set<string | null>([...words, ...(error ? [null] : [])]);
    const found: FoundInEvents[] = [];
    for await (const chunk of this.#source.scan(id, 0, signal)) {
      for (const hit of hitsIn(chunk, wanted)) {
        wanted.delete(hit.word);
        found.push(hit);
      }
      if (wanted.size === 0) return found;
      if (pacer.isDue) await pacer.pause(signal);
    }
    return undefined;
  }
}

/** The events of a chunk that have one of the words in their node or their error, or are failures if null is wanted. Each is found once. */
function hitsIn(chunk: EventChunk, wanted: ReadonlySet<string | null>): FoundInEvents[] {
  const open = new Map([...wanted].map((word) => [word, word?.toLowerCase() ?? 'failed']));
  const hits: FoundInEvents[] = [];
  const { bytes } = chunk;
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8').toLowerCase();
  // As stored, a word may have escapes; only the reader decodes them.
  const mayHave = (text: string): boolean => text.includes('\\') || [...open.values()].some((word) => text.includes(word));
  if (!mayHave(whole)) return hits;
  for (let i = 0; i < chunk.count && open.size > 0; i++) {
    if (chunk.unreadable.has(i)) continue;
    const text = textAt(chunk, i);
    if (!mayHave(text.toLowerCase())) continue;
    const reading = readEvent(text);
    if (!reading.ok) continue;
    const { fields, kind, nodeId } = reading.event;
    const error = fields.get('error') ?? (kind.type === 'agent_tool_failed' ? fields.get('message') : undefined);
    const errorText = typeof error === 'string' ? error : undefined;
    for (const [word, lower] of open) {
      const isInNode = word !== null && nodeId?.toLowerCase().includes(lower) === true;
      const isInError = word === null ? kind.category === 'failure' && kind.severity === 'error' : errorText?.toLowerCase().includes(lower) === true;
      if (!isInNode && !isInError) continue;
      open.delete(word);
      const shown = isInError && errorText !== undefined ? around(errorText, word === null ? 0 : errorText.toLowerCase().indexOf(lower)) : null;
      hits.push({ sequence: chunk.sequences[i] as number, word, node: nodeId ?? null, error: shown });
    }
  }
  return hits;
}

/** The part of a long error in which the word is. */
function around(text: string, at: number): string {
  const from = at + ERROR_LENGTH / 2 <= ERROR_LENGTH ? 0 : Math.max(0, at - ERROR_LENGTH / 2);
  return (from === 0 ? '' : '…') + cutText(text.slice(from), ERROR_LENGTH).text;
}
