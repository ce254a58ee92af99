import { FaultError } from '../fault.ts';
import type { ExecutionId } from '../jamjet/ids.ts';
import type { Source } from '../source/port.ts';
import { OpenExecution } from './execution.ts';

/** So many executions keep their history in memory; the one not looked at for longest is let go. */
const MOST_OPEN = 4;

/** One open source and the executions of it that are being looked at. */
export class Session {
  readonly source: Source;
  readonly #open = new Map<ExecutionId, Promise<OpenExecution>>();
  readonly #closing = new AbortController();

  constructor(source: Source) {
    this.source = source;
  }

  /** Aborted when the session closes: background work of its executions ends then. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /**
   * The execution that a person means: a full id in any spelling, or the beginning of exactly one.
   *
   * @throws FaultError `no-such-execution` or `ambiguous-execution`.
   */
  async resolve(text: string): Promise<ExecutionId> {
    const found = await this.source.resolve(text, 4);
    const [first] = found;
    if (first === undefined) throw new FaultError('no-such-execution', { subject: text });
    if (found.length > 1 && !found.includes(text)) {
      throw new FaultError('ambiguous-execution', { subject: text, detail: found.slice(0, 3).join(', ') });
    }
    return found.includes(text) ? text : first;
  }

  execution(id: ExecutionId): Promise<OpenExecution> {
    const known = this.#open.get(id);
    if (known !== undefined) {
      this.#open.delete(id);
      this.#open.set(id, known);
      return known;
    }
    const opening = OpenExecution.open(this.source, id);
    this.#open.set(id, opening);
    opening.catch(() => this.#open.delete(id));
    if (this.#open.size > MOST_OPEN) {
      const oldest = this.#open.keys().next();
      if (!oldest.done) this.#open.delete(oldest.value);
    }
    return opening;
  }

  close(): void {
    this.#closing.abort();
    this.source.close();
  }
}
