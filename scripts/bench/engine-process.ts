import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENGINE_ENVIRONMENT, ENGINE_FLAGS } from '../../electron/engine-flags.ts';
import { buildIfStale } from '../build.ts';
import type { Case } from './databases.ts';

const ENGINE = join(import.meta.dirname, '..', '..', 'out', 'electron', 'engine.cjs');

/** The engine as the application runs it: a process that answers requests. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (result: unknown) => void>();
  #last = 0;
  #finished: () => void = () => {};
  /** When the index is there, the states are folded and the snapshots are checked. */
  readonly done: Promise<void>;

  constructor() {
    buildIfStale();
    this.done = new Promise((resolve) => {
      this.#finished = resolve;
    });
    this.#child = fork(ENGINE, [], { serialization: 'advanced', execArgv: [...ENGINE_FLAGS], env: { ...process.env, ...ENGINE_ENVIRONMENT } });
    this.#child.on('message', (message: { id: number; result: unknown } | { value: { phase?: string } }) => {
      if ('id' in message) this.#waiting.get(message.id)?.(message.result);
      else if (message.value.phase === 'done') this.#finished();
    });
  }

  ask(name: string, params: unknown): Promise<unknown> {
    const id = ++this.#last;
    this.#child.send({ id, name, params });
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  async open({ file, execution }: Case): Promise<void> {
    await this.ask('source.open', { file: { original: file.path, path: file.path, access: 'immutable' } });
    await this.ask('execution.open', { execution });
  }

  /** Resident memory in megabytes. */
  get rss(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))?.[1]) / 1024;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
