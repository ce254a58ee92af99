import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineRequests, Params } from '../../core/contract/contract.ts';
import type { SourceId } from '../../core/contract/cursor.ts';
import type { AnswerOf } from '../../core/contract/request.ts';
import type { SourceChange } from '../../core/contract/sources.ts';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import type { PreparedSource } from '../../core/source/spec.ts';
import { WireClient } from '../../core/wire/client.ts';
import type { ToClient } from '../../core/wire/messages.ts';
import { ENGINE_ENVIRONMENT, ENGINE_FLAGS } from '../../electron/engine-flags.ts';
import { buildIfStale } from '../build.ts';
import { fail } from '../say.ts';
import type { Case } from './databases.ts';

const ENGINE = join(import.meta.dirname, '..', '..', 'out', 'electron', 'engine.cjs');

/** The engine in a process of its own, as in the application. */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #client: WireClient<EngineRequests>;
  readonly #ended = new Set<SourceId>();
  readonly #waiting = new Map<SourceId, () => void>();
  #sources = 0;

  /** @param onChange called with each change of a source that the engine tells of. @param onTask called with each push of a task. */
  constructor(onChange: (change: SourceChange) => void = () => {}, onTask: (update: TaskUpdate) => void = () => {}) {
    buildIfStale();
    const child = fork(ENGINE, [], { serialization: 'advanced', execArgv: [...ENGINE_FLAGS], env: { ...process.env, ...ENGINE_ENVIRONMENT } });
    this.#child = child;
    this.#client = new WireClient<EngineRequests>(
      {
        send: (message) => void child.send(message, () => {}),
        listen: (receive, closed) => {
          child.on('message', (message) => receive(message as ToClient));
          child.once('exit', closed);
        },
      },
      {
        onPush: (name, value) => {
          if (name === 'sourceChanged') return onChange(value as SourceChange);
          onTask(value as TaskUpdate);
          const { kind, state, source } = value as TaskUpdate;
          if (kind !== 'index' || state === 'running') return;
          this.#ended.add(source);
          this.#waiting.get(source)?.();
        },
      },
    );
  }

  async ask<N extends keyof EngineRequests & string>(name: N, params: Params<N>): Promise<AnswerOf<EngineRequests[N]>> {
    const result = await this.#client.ask(name, params);
    return result.ok ? result.value : fail(`${name}: ${result.fault.kind} ${result.fault.detail ?? ''}`);
  }

  /** Opens the database as a new source, and the execution in it. */
  async open({ file, execution }: Case): Promise<SourceId> {
    return this.openPrepared({ kind: 'sqlite', file: { original: file.path, real: file.path, path: file.path, access: 'immutable' } }, execution);
  }

  /** Opens what has been prepared, and an execution in it. */
  async openPrepared(prepared: PreparedSource, execution: string): Promise<SourceId> {
    const source = await this.openSource(prepared);
    await this.ask('executions.open', { source, execution });
    return source;
  }

  async openSource(prepared: PreparedSource): Promise<SourceId> {
    const source = ++this.#sources;
    await this.ask('sources.open', { source, prepared } as Params<'sources.open'>);
    return source;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Processor time so far, in milliseconds. */
  get cpu(): number {
    // After the name in parentheses, which may contain anything; in ticks of 10 ms (proc_pid_stat(5)).
    const [, fields = ''] = /^.*\) (.*)$/s.exec(readFileSync(`/proc/${this.#child.pid}/stat`, 'utf8')) ?? [];
    const [user, system] = fields.split(' ').slice(11, 13).map(Number) as [number, number];
    return (user + system) * 10;
  }

  /** Resolves when all events are indexed, all states folded and all snapshots checked. */
  async indexed(source: SourceId): Promise<void> {
    if (!this.#ended.delete(source)) await new Promise<void>((resolve) => this.#waiting.set(source, resolve));
    this.#ended.delete(source);
  }

  /** Resident memory in megabytes. */
  get rss(): number {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8'))?.[1]) / 1024;
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }
}
