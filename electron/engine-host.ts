import { type ChildProcess, fork } from 'node:child_process';
import { utilityProcess } from 'electron';
import type { EngineRequestName, Params, PushName, Reply } from '../core/contract.ts';
import type { Result } from '../core/fault.ts';
import { ENGINE_ENVIRONMENT, ENGINE_FLAGS } from './engine-flags.ts';

/** What main says to the engine and hears from it. */
export type ToEngine = { readonly id: number; readonly name: string; readonly params: unknown };
export type FromEngine = { readonly id: number; readonly result: Result<unknown> } | { readonly push: PushName; readonly value: unknown };

/** A process that can be talked to and killed, whichever of the two hosts it runs on. */
interface Child {
  readonly pid: number | undefined;
  send(message: ToEngine): void;
  kill(): void;
}

interface ChildEvents {
  readonly message: (message: FromEngine) => void;
  readonly exit: () => void;
}

export interface EngineHostOptions {
  /** The engine's bundle. */
  readonly script: string;
  /** A Node that can run it, where Electron's own is too old for better-sqlite3. */
  readonly node: string | undefined;
  readonly onPush: (name: PushName, value: unknown) => void;
  /** Called after the engine was started again. */
  readonly onRestart: () => void;
}

/** After so many restarts within a minute it stays down until somebody asks for it. */
const MOST_RESTARTS = 3;
const MINUTE = 60_000;
/** No request takes longer; what does is a query that will not end, and only a kill stops it. In milliseconds. */
const TIME_LIMIT = 30_000;
const EXPORT_TIME_LIMIT = 600_000;

/** Keeps one engine process running and carries requests to it. */
export class EngineHost {
  readonly #options: EngineHostOptions;
  #child: Child | undefined;
  #lastId = 0;
  readonly #pending = new Map<number, { resolve: (result: Result<unknown>) => void; timer: NodeJS.Timeout }>();
  #restarts: number[] = [];
  #closing = false;

  constructor(options: EngineHostOptions) {
    this.#options = options;
    this.#start();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  async ask<N extends EngineRequestName>(name: N, params: Params<N>): Promise<Result<Reply<N>>> {
    const child = this.#child;
    if (child === undefined) return { ok: false, fault: { kind: 'engine-gone' } };
    const id = ++this.#lastId;
    const result = await new Promise<Result<unknown>>((resolve) => {
      const timer = setTimeout(() => this.#giveUp(id), name === 'export.write' ? EXPORT_TIME_LIMIT : TIME_LIMIT);
      this.#pending.set(id, { resolve, timer });
      child.send({ id, name, params });
    });
    return result as Result<Reply<N>>;
  }

  /** Starts it again after it stayed down. */
  restart(): void {
    this.#restarts = [];
    if (this.#child === undefined) this.#start();
    else this.#child.kill();
  }

  close(): void {
    this.#closing = true;
    this.#child?.kill();
  }

  #start(): void {
    const { script, node } = this.#options;
    const events: ChildEvents = { message: (message) => this.#receive(message), exit: () => this.#ended() };
    this.#child = node === undefined ? utilityChild(script, events) : nodeChild(script, node, events);
  }

  #receive(message: FromEngine): void {
    if ('push' in message) return this.#options.onPush(message.push, message.value);
    const waiting = this.#pending.get(message.id);
    if (waiting === undefined) return;
    this.#pending.delete(message.id);
    clearTimeout(waiting.timer);
    waiting.resolve(message.result);
  }

  #giveUp(id: number): void {
    const waiting = this.#pending.get(id);
    if (waiting === undefined) return;
    this.#pending.delete(id);
    waiting.resolve({ ok: false, fault: { kind: 'timed-out' } });
    this.#child?.kill();
  }

  #ended(): void {
    this.#child = undefined;
    for (const { resolve, timer } of this.#pending.values()) {
      clearTimeout(timer);
      resolve({ ok: false, fault: { kind: 'engine-gone' } });
    }
    this.#pending.clear();
    if (this.#closing) return;
    const now = Date.now();
    this.#restarts = [...this.#restarts.filter((at) => now - at < MINUTE), now];
    if (this.#restarts.length > MOST_RESTARTS) {
      this.#options.onPush('fault', {
        kind: 'internal',
        detail: 'the reading process stopped four times within a minute and stays down until you open the database again',
      });
      return;
    }
    this.#start();
    this.#options.onRestart();
  }
}

/** A clean environment: neither PG* nor NODE_OPTIONS of the person's shell reach the engine. */
function engineEnvironment(): Record<string, string> {
  const kept = Object.fromEntries(
    ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'TMP', 'SystemRoot', 'LANG', 'TZ'].flatMap((name) =>
      process.env[name] === undefined ? [] : [[name, process.env[name] as string]],
    ),
  );
  return { ...kept, ...ENGINE_ENVIRONMENT };
}

function nodeChild(script: string, node: string, { message, exit }: ChildEvents): Child {
  const child: ChildProcess = fork(script, [], { execPath: node, execArgv: [...ENGINE_FLAGS], serialization: 'advanced', env: engineEnvironment() });
  child.on('message', (value) => message(value as FromEngine));
  child.once('exit', exit);
  child.on('error', (error) => console.error(`engine: ${error.message}`));
  return { pid: child.pid, send: (value) => void child.send(value, () => {}), kill: () => void child.kill('SIGKILL') };
}

function utilityChild(script: string, { message, exit }: ChildEvents): Child {
  const child = utilityProcess.fork(script, [], { execArgv: [...ENGINE_FLAGS], env: engineEnvironment(), serviceName: 'hindsight-engine' });
  child.on('message', (value: FromEngine) => message(value));
  child.once('exit', exit);
  return {
    get pid() {
      return child.pid;
    },
    send: (value) => child.postMessage(value),
    kill: () => {
      // kill() asks politely; a process inside a query does not hear that.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      else child.kill();
    },
  };
}
