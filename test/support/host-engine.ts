import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import type { EngineRequests, Params } from '../../core/contract/contract.ts';
import type { OpenedSource } from '../../core/contract/host.ts';
import type { AnswerOf } from '../../core/contract/request.ts';
import type { SourceChange } from '../../core/contract/sources.ts';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import type { Fault, Result } from '../../core/fault.ts';
import type { SourceSpec } from '../../core/source/spec.ts';
import { EngineProcess } from '../../electron/engine-process.ts';
import { Sources } from '../../electron/sources.ts';
import { type EngineFaults, engineProgram } from './nemesis.ts';
import { childrenOf } from './processes.ts';
import { temporaryFolder } from './temp.ts';

// The engine runs under Node, as it does where Electron's own Node is too old.
vi.mock('electron', () => ({ utilityProcess: undefined }));

type Ask = <N extends keyof EngineRequests & string>(name: N, params: Params<N>, signal?: AbortSignal) => Promise<Result<AnswerOf<EngineRequests[N]>>>;

/** The part of the application's main process that keeps an engine running and its sources open, without a window. */
export interface HostEngine {
  readonly ask: Ask;
  readonly open: (spec: SourceSpec) => Promise<Result<OpenedSource>>;
  readonly sources: Sources;
  readonly engine: EngineProcess;
  /** Every push about a task, in order. */
  readonly updates: TaskUpdate[];
  readonly changes: SourceChange[];
  /** What the page is told after each restart: the sources that are open again, and those that could not be opened. */
  readonly restored: (readonly Result<OpenedSource>[])[];
  /** Why the engine is not restarted any more. */
  readonly givenUp: Fault[];
  /** The process ids of the engines that run. */
  readonly pids: () => readonly number[];
  readonly kill: () => void;
  /** Whether the engine killed itself, see {@link EngineFaults.killAt}. */
  readonly killedItself: () => boolean;
}

/** Starts the engine as the application's main process does, and restarts it in the same way. @param silence see EngineProcess. */
export function startHost(faults: EngineFaults = {}, silence?: number): HostEngine {
  const folder = temporaryFolder();
  const script = engineProgram(folder, faults);
  const [updates, changes, restored, givenUp]: [TaskUpdate[], SourceChange[], (readonly Result<OpenedSource>[])[], Fault[]] = [[], [], [], []];
  const engine: EngineProcess = new EngineProcess({
    script,
    node: process.execPath,
    ...(silence !== undefined && { silence }),
    onPush: (name, value) => {
      if (name === 'task') updates.push(value as TaskUpdate);
      else changes.push(value as SourceChange);
    },
    onRestart: () => void sources.reopenAll().then((results) => restored.push(results)),
    onGivenUp: (fault) => givenUp.push(fault),
  });
  const sources: Sources = new Sources(() => engine, '');
  const pids = (): readonly number[] => childrenOf(process.pid).flatMap(({ pid, command }) => (command.includes(script) ? [pid] : []));
  onTestFinished(async () => {
    engine.close();
    await sources.discardAll();
  });
  return {
    ask: (name, params, signal) => engine.ask(name, params, signal),
    open: (spec) => sources.open(spec),
    ...{ sources, engine, updates, changes, restored, givenUp, pids },
    kill: () => {
      for (const pid of pids()) process.kill(pid, 'SIGKILL');
    },
    killedItself: () => existsSync(join(folder, 'killed')),
  };
}
