import { type ChildProcess, fork } from 'node:child_process';
import { utilityProcess } from 'electron';
import type { EnginePushes, EngineRequests, Params } from '../core/contract/contract.ts';
import type { AnswerOf } from '../core/contract/request.ts';
import type { Fault, Result } from '../core/fault.ts';
import { WireClient } from '../core/wire/client.ts';
import type { Channel, ToClient, ToServer } from '../core/wire/messages.ts';
import { ENGINE_ENVIRONMENT, ENGINE_FLAGS } from './engine-flags.ts';

/** The engine as a utility process of Electron or as a child process of Node. */
interface Child {
  readonly channel: Channel<ToServer, ToClient>;
  kill(): void;
}

export interface EngineProcessOptions {
  /** The engine's bundle. */
  readonly script: string;
  /** The path of a Node executable, where Electron's own Node is too old for better-sqlite3. */
  readonly node: string | undefined;
  /** How long the engine may be silent while a request is pending, in milliseconds; {@link SILENCE_LIMIT} by default. */
  readonly silence?: number;
  readonly onPush: <N extends keyof EnginePushes>(name: N, value: EnginePushes[N]) => void;
  /** Called after the engine has been restarted. No source is open in it. */
  readonly onRestart: () => void;
  /** Called when the engine has stopped too often and is not restarted. */
  readonly onGivenUp: (fault: Fault) => void;
}

/** After this many restarts within a minute, only {@link EngineProcess.restart} starts the engine again. */
const MAX_RESTARTS = 3;
const MINUTE = 60_000;
/** In milliseconds. Only a query that does not terminate takes longer, and only a kill stops it. */
const SILENCE_LIMIT = 30_000;

/** Keeps one engine process running and sends requests to it. */
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

  /** Starts the engine, or kills it so that it starts again. */
  restart(): void {
    this.#restarts = [];
    if (this.#running !== undefined) return this.#running.child.kill();
    this.#start();
    this.#options.onRestart();
  }

  close(): void {
    this.#closing = true;
    this.#running?.child.kill();
  }

  #start(): void {
    const { script, node, onPush, silence = SILENCE_LIMIT } = this.#options;
    const child = node === undefined ? utilityChild(script) : nodeChild(script, node);
    const client = new WireClient<EngineRequests>(child.channel, {
      onPush: (name, value) => onPush(name as keyof EnginePushes, value as EnginePushes[keyof EnginePushes]),
      onClosed: () => this.#ended(),
      silence: {
        limit: silence,
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
    if (this.#restarts.length > MAX_RESTARTS) {
      this.#options.onGivenUp({
        kind: 'internal',
        detail: 'the engine stopped four times within a minute; open the database again to restart it',
      });
      return;
    }
    this.#start();
    this.#options.onRestart();
  }
}

/** The engine gets none of the variables of the user's shell, such as PG* or NODE_OPTIONS, except these. */
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
      // Errors are ignored: the exit of the process reports its end.
      send: (message) => void child.send(message, () => {}),
      listen: (receive, closed) => {
        child.on('message', (message) => receive(message as ToClient));
        child.once('exit', closed);
        // A program that cannot be started reports no exit.
        child.once('error', () => child.pid === undefined && closed());
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
      // kill() sends SIGTERM, which a process inside a query does not handle.
      if (child.pid !== undefined) process.kill(child.pid, 'SIGKILL');
      else child.kill();
    },
  };
}
