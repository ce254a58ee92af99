import { type ChildProcess, fork } from 'node:child_process';
import { utilityProcess } from 'electron';
import type { EnginePushes, EngineRequests, Params } from '../core/contract/contract.ts';
import type { AnswerOf } from '../core/contract/request.ts';
import type { Fault, Result } from '../core/fault.ts';
import { WireClient } from '../core/wire/client.ts';
import type { Channel, ToClient, ToServer } from '../core/wire/messages.ts';
import { ENGINE_ENVIRONMENT, ENGINE_FLAGS } from './engine-flags.ts';

/** A process that can be talked to and killed, whichever of the two kinds it is. */
interface Child {
  readonly channel: Channel<ToServer, ToClient>;
  kill(): void;
}

export interface EngineProcessOptions {
  /** The engine's bundle. */
  readonly script: string;
  /** A Node that can run it, where Electron's own is too old for better-sqlite3. */
  readonly node: string | undefined;
  readonly onPush: <N extends keyof EnginePushes>(name: N, value: EnginePushes[N]) => void;
  /** Called after the engine was started again: nothing is open in it. */
  readonly onRestart: () => void;
  /** Called when it has stopped too often and stays down. */
  readonly onGivenUp: (fault: Fault) => void;
}

/** After so many restarts within a minute it stays down until somebody asks for it. */
const MOST_RESTARTS = 3;
const MINUTE = 60_000;
/** While something is asked, the engine is never silent for so long: what is, is a query that will not end, and only a kill stops it. In milliseconds. */
const SILENCE_LIMIT = 30_000;

/** Keeps one engine process running and carries requests to it. */
export class EngineProcess {
  readonly #options: EngineProcessOptions;
  #running: { readonly child: Child; readonly client: WireClient<EngineRequests>; timedOut: boolean } | undefined;
  #restarts: number[] = [];
  #closing = false;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
    this.#start();
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  async ask<N extends keyof EngineRequests & string>(name: N, params: Params<N>, signal?: AbortSignal): Promise<Result<AnswerOf<EngineRequests[N]>>> {
    const running = this.#running;
    if (running === undefined) return { ok: false, fault: { kind: 'engine-gone' } };
    const result = await running.client.ask(name, params, signal);
    return !result.ok && result.fault.kind === 'engine-gone' && running.timedOut ? { ok: false, fault: { kind: 'timed-out' } } : result;
  }

  /** Starts it again after it stayed down. */
  restart(): void {
    this.#restarts = [];
    if (this.#running === undefined) this.#start();
    else this.#running.child.kill();
  }

  close(): void {
    this.#closing = true;
    this.#running?.child.kill();
  }

  #start(): void {
    const { script, node, onPush } = this.#options;
    const child = node === undefined ? utilityChild(script) : nodeChild(script, node);
    const client = new WireClient<EngineRequests>(child.channel, {
      onPush: (name, value) => onPush(name as keyof EnginePushes, value as EnginePushes[keyof EnginePushes]),
      onClosed: () => this.#ended(),
      silence: {
        limit: SILENCE_LIMIT,
        onSilence: () => {
          running.timedOut = true;
          child.kill();
        },
      },
    });
    const running = { child, client, timedOut: false };
    this.#running = running;
  }

  #ended(): void {
    this.#running = undefined;
    if (this.#closing) return;
    const now = Date.now();
    this.#restarts = [...this.#restarts.filter((at) => now - at < MINUTE), now];
    if (this.#restarts.length > MOST_RESTARTS) {
      this.#options.onGivenUp({
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

function nodeChild(script: string, node: string): Child {
  const child: ChildProcess = fork(script, [], { execPath: node, execArgv: [...ENGINE_FLAGS], serialization: 'advanced', env: engineEnvironment() });
  child.on('error', (error) => console.error(`engine: ${error.message}`));
  return {
    channel: {
      // Its end is told by its exit; a message that comes too late is nobody's.
      send: (message) => void child.send(message, () => {}),
      listen: (receive, closed) => {
        child.on('message', (message) => receive(message as ToClient));
        child.once('exit', closed);
      },
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function utilityChild(script: string): Child {
  const child = utilityProcess.fork(script, [], { execArgv: [...ENGINE_FLAGS], env: engineEnvironment(), serviceName: 'hindsight-engine' });
  return {
    channel: {
      send: (message) => child.postMessage(message),
      listen: (receive, closed) => {
        child.on('message', (message: ToClient) => receive(message));
        child.once('exit', closed);
      },
    },
    kill: () => {
      // kill() asks politely; a process inside a query does not hear that.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      else child.kill();
    },
  };
}
