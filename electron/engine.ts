import type { Params, Pushes } from '../core/contract.ts';
import { openDoor } from '../core/debugger/door.ts';
import { engineHandlers } from '../core/debugger/handlers.ts';
import { FaultError } from '../core/fault.ts';
import type { Source } from '../core/source/port.ts';
import type { FromEngine, ToEngine } from './engine-host.ts';

/** The engine process: the only place with databases. It runs in a utility process or under plain Node. */

interface Port {
  send(message: FromEngine): void;
  listen(receive: (message: ToEngine) => void): void;
}

function openPort(): Port {
  const parent = (
    process as { parentPort?: { postMessage(message: unknown): void; on(event: 'message', listener: (event: { data: ToEngine }) => void): void } }
  ).parentPort;
  if (parent !== undefined) return { send: (message) => parent.postMessage(message), listen: (receive) => parent.on('message', ({ data }) => receive(data)) };
  return {
    send: (message) => void process.send?.(message),
    listen: (receive) => {
      process.on('message', receive);
      // Main is gone: nobody would ever ask again.
      process.once('disconnect', () => process.exit(0));
    },
  };
}

/** SQLite is loaded only where a file is opened: the memory source runs on hosts that have no driver for it. */
async function openSource({ file, memory }: Params<'source.open'>): Promise<Source> {
  if (file !== undefined) {
    const { SqliteSource } = await import('../core/source/sqlite/source.ts');
    return SqliteSource.open({ ...file, folder: file.folder });
  }
  if (memory === undefined) throw new FaultError('bad-request', { detail: 'no source was named' });
  const [{ MemorySource }, { WORKED_EXAMPLE }] = await Promise.all([import('../core/source/memory.ts'), import('../core/source/memory-example.ts')]);
  return new MemorySource(WORKED_EXAMPLE);
}

const port = openPort();
const answer = openDoor(
  engineHandlers({
    openSource,
    push: <N extends keyof Pushes>(push: N, value: Pushes[N]) => port.send({ push, value }),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  }),
);
port.listen(({ id, name, params }) => {
  void answer(name, params, new AbortController().signal).then((result) => port.send({ id, result }));
});
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(1);
});
