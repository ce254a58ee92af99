import type { SearchHit, SearchPage } from '../contract/search.ts';
import { FaultError } from '../fault.ts';
import type { Hit, SearchQuery } from '../replay/search.ts';
import type { OpenExecution } from './open-execution.ts';
import { searchEvents } from './search-thread.ts';
import type { Task } from './tasks.ts';

/** How many hits are kept; all are counted. */
const MAX_HITS = 10_000;

type RunQuery = SearchQuery & { readonly artifacts: boolean };

/** A search through an execution, whose hits so far can be read while it runs. */
export class RunningSearch {
  readonly query: RunQuery;
  readonly #hits: SearchHit[] = [];
  #total = 0;
  #events = 0;
  #artifacts = 0;
  #searched = 0;
  #state: 'new' | 'running' | 'stopped' | 'complete' = 'new';
  #stop = new AbortController();
  #failure: unknown;
  /** Called at the first hit, and at the end. */
  #onNews: () => void = () => {};
  /** Resolves when there is something to show. */
  readonly news = new Promise<void>((resolve) => {
    this.#onNews = resolve;
  });

  constructor(query: RunQuery) {
    this.query = query;
  }

  /** Whether it has not begun, or has ended before a sequence. */
  shouldRun(upTo: number): boolean {
    return this.#state === 'new' || (this.#state !== 'running' && this.#searched < upTo);
  }

  /** Ends it where it is. What it has found stays. */
  stop(): void {
    if (this.#state === 'running') this.#stop.abort(new FaultError('cancelled', { subject: 'The search' }));
  }

  /** Searches what has not been searched yet. */
  async run(execution: OpenExecution, { signal, report }: Task): Promise<void> {
    const after = this.#state === 'new' ? undefined : this.#searched;
    this.#state = 'running';
    this.#stop = new AbortController();
    try {
      for await (const { hits, count, events, last, inArtifacts } of searchEvents(
        execution,
        this.query,
        { maxHits: MAX_HITS - this.#hits.length, artifacts: this.query.artifacts, after },
        AbortSignal.any([signal, this.#stop.signal]),
      )) {
        this.#hits.push(...hits.map(hitOf));
        this.#total += count;
        if (inArtifacts) this.#artifacts += events;
        else this.#events += events;
        this.#searched = Math.max(this.#searched, last);
        if (this.#total > 0) this.#onNews();
        report('search', last, execution.lastSequence);
      }
      this.#state = 'complete';
    } catch (error) {
      if (this.#stop.signal.aborted) {
        this.#state = 'stopped';
        return;
      }
      this.#failure = error;
      throw error;
    } finally {
      this.#onNews();
    }
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** @throws the error that ended the search. */
  page(from: number, count: number): SearchPage {
    if (this.#failure !== undefined) throw this.#failure;
    const hits = this.#hits.slice(from, from + count);
    return {
      from,
      hits,
      total: this.#total,
      events: this.#events,
      artifacts: this.#artifacts,
      searched: this.#searched,
      complete: this.#state === 'complete',
      stopped: this.#state === 'stopped',
    };
  }
}

function hitOf({ type, nodeId, ...hit }: Hit): SearchHit {
  return { ...hit, type: type ?? null, node: nodeId ?? null };
}
