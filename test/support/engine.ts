import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type EngineRequests, engineRequests } from '../../core/contract/contract.ts';
import type { SourceChange } from '../../core/contract/sources.ts';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import { engineHandlers } from '../../core/debugger/handlers.ts';
import { MemoryBudget } from '../../core/debugger/memory-budget.ts';
import type { Result } from '../../core/fault.ts';
import { openSource } from '../../core/source/open.ts';
import type { Source } from '../../core/source/port.ts';
import { type PreparedSource, prepareSource } from '../../core/source/spec.ts';
import { WireClient } from '../../core/wire/client.ts';
import { dispatcher } from '../../core/wire/dispatcher.ts';
import { memoryChannel } from '../../core/wire/memory.ts';
import type { ToClient } from '../../core/wire/messages.ts';
import { serve } from '../../core/wire/server.ts';

const ENGINE = join(import.meta.dirname, '..', '..', 'out', 'electron', 'engine.cjs');

/** A client of an engine, wherever it runs. */
export type EngineClient = Pick<WireClient<EngineRequests>, 'ask'>;

export interface TestEngine {
  readonly client: WireClient<EngineRequests>;
  /** Every push about a task, in order. */
  readonly updates: TaskUpdate[];
  /** Every push about a change of a source. */
  readonly changes: SourceChange[];
  /** How often background work has paused, which shows whether any is still running. */
  readonly pauses: () => number;
}

/** The engine in this process, behind a connection in memory. @param open replaces opening a database. */
export function startEngine({
  open = openSource,
  budget = new MemoryBudget(),
}: {
  open?: (prepared: PreparedSource) => Promise<Source>;
  budget?: MemoryBudget;
} = {}): TestEngine {
  const channel = memoryChannel();
  const updates: TaskUpdate[] = [];
  const changes: SourceChange[] = [];
  let pauses = 0;
  const push = serve(
    channel.server,
    dispatcher(
      engineRequests,
      engineHandlers({
        openSource: open,
        push: (name, value) => push(name, value),
        pause: async () => {
          pauses++;
          await setImmediate();
        },
        budget,
      }),
    ),
  );
  const client = new WireClient<EngineRequests>(channel.client, {
    onPush: (name, value) => {
      if (name === 'task') updates.push(value as TaskUpdate);
      else changes.push(value as SourceChange);
    },
  });
  onTestFinished(() => channel.close());
  return { client, updates, changes, pauses: () => pauses };
}

export interface TestProcess {
  readonly client: WireClient<EngineRequests>;
  readonly updates: TaskUpdate[];
  readonly onUpdate: (receive: (update: TaskUpdate) => void) => void;
  readonly child: ChildProcess;
}

/** The engine as in the application: the built bundle in a process of its own. */
export function startEngineProcess(): TestProcess {
  const child = fork(ENGINE, [], { serialization: 'advanced', env: {} });
  onTestFinished(() => void child.kill('SIGKILL'));
  const updates: TaskUpdate[] = [];
  const receivers: ((update: TaskUpdate) => void)[] = [];
  const client = new WireClient<EngineRequests>(
    {
      send: (message) => void child.send(message, () => {}),
      listen: (receive, closed) => {
        child.on('message', (message) => receive(message as ToClient));
        child.once('exit', closed);
      },
    },
    {
      onPush: (name, value) => {
        if (name !== 'task') return;
        updates.push(value as TaskUpdate);
        for (const receive of receivers) receive(value as TaskUpdate);
      },
    },
  );
  return { client, updates, onUpdate: (receive) => void receivers.push(receive), child };
}

/** A file, prepared as a host prepares it. */
export async function preparedFile(path: string): Promise<PreparedSource> {
  return prepareSource({ kind: 'sqlite', path });
}

/** The value of an answer; a Fault fails the test. */
export async function value<T>(answer: Promise<Result<T>>): Promise<T> {
  const result = await answer;
  if (!result.ok) throw new Error(JSON.stringify(result.fault));
  return result.value;
}

/** Waits until a condition holds, without a time limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await setImmediate();
}
