import { engineRequests } from '../core/contract/contract.ts';
import { engineHandlers } from '../core/debugger/handlers.ts';
import { watchHeap } from '../core/debugger/heap-watch.ts';
import { MemoryBudget } from '../core/debugger/memory-budget.ts';
import { openSource } from '../core/source/open.ts';
import { dispatcher } from '../core/wire/dispatcher.ts';
import type { Channel, ToClient, ToServer } from '../core/wire/messages.ts';
import { serve } from '../core/wire/server.ts';

/** The engine process, the only one that opens databases. It runs as Electron's utility process or under plain Node. */

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: ToServer }) => void): void;
}

function channelToMain(): Channel<ToClient, ToServer> {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort !== undefined) {
    return { send: (message) => parentPort.postMessage(message), listen: (receive) => parentPort.on('message', ({ data }) => receive(data)) };
  }
  return {
    send: (message) => void process.send?.(message),
    listen: (receive) => {
      process.on('message', receive);
      // The main process has ended.
      process.once('disconnect', () => process.exit(0));
    },
  };
}

/** How often the engine says that it waits for a server and is not stuck itself, in milliseconds. */
const SIGN_OF_LIFE = 5000;

const budget = new MemoryBudget();
watchHeap(budget);
const push = serve(
  channelToMain(),
  dispatcher(
    engineRequests,
    engineHandlers({
      openSource,
      budget,
      push: (name, value) => push(name, value),
      pause: () => new Promise((resolve) => setImmediate(resolve)),
    }),
  ),
  { alive: SIGN_OF_LIFE },
);
process.on('uncaughtException', (error) => {
  console.error(error);
  process.exit(1);
});
