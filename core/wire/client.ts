import type { AnswerOf, ParamsOf, Request } from '../contract/request.ts';
import type { Result } from '../fault.ts';
import type { Channel, ToClient, ToServer } from './messages.ts';

export interface ClientOptions {
  readonly onPush?: (name: string, value: unknown) => void;
  /** The other end is gone; whatever was waited for has been answered with `engine-gone`. */
  readonly onClosed?: () => void;
  /** Called when something is waited for and nothing at all has come for `limit` milliseconds. */
  readonly silence?: { readonly limit: number; readonly onSilence: () => void };
}

const GONE: Result<never> = { ok: false, fault: { kind: 'engine-gone' } };

/** Asks, and gets every answer: a result, or a Fault when the other end is gone. */
export class WireClient<Table extends Readonly<Record<string, Request>> = Readonly<Record<string, Request>>> {
  readonly #channel: Channel<ToServer, ToClient>;
  readonly #options: ClientOptions;
  readonly #waiting = new Map<number, (result: Result<unknown>) => void>();
  /** From anywhere: a page that is loaded anew must not take the answers of the one before. */
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

  /** @param signal tells the other end that the answer is not wanted any more. */
  async ask<N extends keyof Table & string>(name: N, params: ParamsOf<Table[N]>, signal?: AbortSignal): Promise<Result<AnswerOf<Table[N]>>> {
    if (this.#closed) return GONE;
    if (signal?.aborted) return { ok: false, fault: { kind: 'cancelled' } };
    const id = ++this.#lastId;
    const result = await new Promise<Result<unknown>>((resolve) => {
      const cancel = (): void => this.#channel.send({ cancel: id });
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting.set(id, (result) => {
        signal?.removeEventListener('abort', cancel);
        resolve(result);
      });
      this.#watch();
      this.#channel.send({ id, name, params });
    });
    return result as Result<AnswerOf<Table[N]>>;
  }

  /** Answers everything that is waited for: nobody else will. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const resolve of waiting) resolve(GONE);
    this.#options.onClosed?.();
  }

  #receive(message: ToClient): void {
    this.#heard();
    if ('push' in message) return this.#options.onPush?.(message.push, message.value);
    const resolve = this.#waiting.get(message.id);
    this.#waiting.delete(message.id);
    if (this.#waiting.size === 0) clearTimeout(this.#timer);
    resolve?.(message.result);
  }

  /** A long answer is no reason to give up as long as something is heard: only silence is. */
  #heard(): void {
    if (this.#waiting.size > 0) this.#watch(true);
  }

  #watch(again = false): void {
    const { silence } = this.#options;
    if (silence === undefined || (this.#waiting.size > 1 && !again)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => silence.onSilence(), silence.limit);
  }
}
