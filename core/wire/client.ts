import type { AnswerOf, ParamsOf, Request } from '../contract/request.ts';
import type { Result } from '../fault.ts';
import type { Channel, ToClient, ToServer } from './messages.ts';

export interface ClientOptions {
  readonly onPush?: (name: string, value: unknown) => void;
  /** The connection was closed. All pending requests have been answered with the Fault `engine-gone`. */
  readonly onClosed?: () => void;
  /** `onSilence` is called when a request is pending and no message at all has arrived for `limit` milliseconds. */
  readonly silence?: { readonly limit: number; readonly onSilence: () => void };
}

const GONE: Result<never> = { ok: false, fault: { kind: 'engine-gone' } };

/** Sends requests. Every request gets an answer: the Fault `engine-gone` when the connection is closed. */
export class WireClient<Table extends Readonly<Record<string, Request>> = Readonly<Record<string, Request>>> {
  readonly #channel: Channel<ToServer, ToClient>;
  readonly #options: ClientOptions;
  readonly #pending = new Map<number, (result: Result<unknown>) => void>();
  /** Starts at random, so that a reloaded page does not take the answers to requests of the previous page. */
  #lastId = Math.floor(Math.random() * 2 ** 40);
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(channel: Channel<ToServer, ToClient>, options: ClientOptions = {}) {
    this.#channel = channel;
    this.#options = options;
    channel.listen(
      (message) => this.#receive(message),
      () => this.close(),
    );
  }

  /** @param signal cancels the request; an answer still follows. */
  async ask<N extends keyof Table & string>(name: N, params: ParamsOf<Table[N]>, signal?: AbortSignal): Promise<Result<AnswerOf<Table[N]>>> {
    if (this.#closed) return GONE;
    if (signal?.aborted) return { ok: false, fault: { kind: 'cancelled' } };
    const id = ++this.#lastId;
    const result = await new Promise<Result<unknown>>((resolve) => {
      const cancel = (): void => this.#cancel(id);
      signal?.addEventListener('abort', cancel, { once: true });
      this.#pending.set(id, (result) => {
        signal?.removeEventListener('abort', cancel);
        resolve(result);
      });
      if (this.#pending.size === 1) this.#restartTimer();
      try {
        this.#channel.send({ id, name, params });
      } catch {
        // Parameters that cannot be cloned: nothing was sent, so nothing may be waited for.
        this.#answer(id, { ok: false, fault: { kind: 'bad-request', detail: `${name}: the parameters cannot be sent` } });
      }
    });
    return result as Result<AnswerOf<Table[N]>>;
  }

  /** Answers all pending requests with the Fault `engine-gone`. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    // What nobody will take must not go on, nor write a file.
    for (const id of this.#pending.keys()) this.#cancel(id);
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    for (const resolve of pending) resolve(GONE);
    this.#options.onClosed?.();
  }

  #receive(message: ToClient): void {
    this.#restartTimer();
    if ('alive' in message) return;
    if ('push' in message) return this.#options.onPush?.(message.push, message.value);
    this.#answer(message.id, message.result);
  }

  #answer(id: number, result: Result<unknown>): void {
    const resolve = this.#pending.get(id);
    this.#pending.delete(id);
    if (this.#pending.size === 0) clearTimeout(this.#timer);
    resolve?.(result);
  }

  #cancel(id: number): void {
    try {
      this.#channel.send({ cancel: id });
    } catch {
      // The other side is gone, and its work with it.
    }
  }

  /** Only silence counts: an answer may take long while other messages arrive. */
  #restartTimer(): void {
    const { silence } = this.#options;
    if (silence === undefined || this.#pending.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => silence.onSilence(), silence.limit);
  }
}
