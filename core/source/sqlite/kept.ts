/** How many answers are kept: those that were used last. */
const MAX = 4;

interface Making<T> {
  readonly value: Promise<T>;
  readonly stop: AbortController;
  /** How many wait for it. */
  waiting: number;
  isMade: boolean;
}

/** Answers that take long to make, kept while the database does not change. One that is being made is stopped when nobody waits for it any more. */
export class Kept<T> {
  readonly #answers = new Map<string, Making<T>>();
  #version = '';

  /** @param version of the database. @throws the abort reason of the signal. */
  async get(version: string, key: string, make: (signal: AbortSignal) => Promise<T>, signal?: AbortSignal): Promise<T> {
    if (this.#version !== version) this.#answers.clear();
    this.#version = version;
    const answer = this.#answers.get(key) ?? this.#begin(make);
    this.#use(key, answer);
    answer.waiting++;
    try {
      return await orAborted(answer.value, signal);
    } finally {
      answer.waiting--;
      if (answer.waiting === 0 && !answer.isMade) {
        if (this.#answers.get(key) === answer) this.#answers.delete(key);
        answer.stop.abort();
      }
    }
  }

  /** Makes it the newest one; the one that was used the longest time ago makes room. */
  #use(key: string, answer: Making<T>): void {
    this.#answers.delete(key);
    this.#answers.set(key, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX && oldest !== undefined) this.#answers.delete(oldest);
  }

  #begin(make: (signal: AbortSignal) => Promise<T>): Making<T> {
    const stop = new AbortController();
    const answer: Making<T> = { value: make(stop.signal), stop, waiting: 0, isMade: false };
    const made = (): void => {
      answer.isMade = true;
    };
    // A failure is told to those who wait, and is not kept.
    answer.value.then(made, () => {});
    return answer;
  }
}

function orAborted<T>(value: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return value;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    value.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
