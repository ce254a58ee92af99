import type { PagePushes, PageRequests, Params } from '../core/contract/contract.ts';
import type { AnswerOf } from '../core/contract/request.ts';
import type { Fault, Result } from '../core/fault.ts';
import { WireClient } from '../core/wire/client.ts';
import type { Channel, ToClient, ToServer } from '../core/wire/messages.ts';

export type PageRequestName = keyof PageRequests & string;
export type Answer<N extends PageRequestName> = AnswerOf<PageRequests[N]>;

/** The page's typed connection to its host and to the engine. */
export interface Client {
  ask<N extends PageRequestName>(name: N, params: Params<N>, signal?: AbortSignal): Promise<Result<Answer<N>>>;
  /** Opens a dropped file. Its path is read outside of the page, so that the page cannot invent one. */
  openDropped(file: File): Promise<Result<Answer<'host.openDropped'>>>;
  onPush(receive: Receiver): void;
  /** For tests: resolves when no request is pending and all answers have been painted. */
  idle(): Promise<void>;
}

type Receiver = { readonly [N in keyof PagePushes]?: (value: PagePushes[N]) => void };

/** A Fault as an exception, for libraries that expect one. */
export class FaultRejection extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.kind);
    this.fault = fault;
  }
}

/** @param channel Electron's bridge, or a connection in memory. */
export function createClient(channel: Channel<ToServer, ToClient>): Client {
  const receivers: Receiver[] = [];
  const wire = new WireClient<PageRequests>(channel, {
    onPush: (name, value) => {
      for (const receiver of receivers) (receiver[name as keyof PagePushes] as ((value: unknown) => void) | undefined)?.(value);
    },
  });
  let pending = 0;
  let waiting: (() => void)[] = [];
  const track = async <T>(answer: Promise<T>): Promise<T> => {
    pending++;
    try {
      return await answer;
    } finally {
      pending--;
      if (pending === 0) {
        for (const resolve of waiting) resolve();
        waiting = [];
      }
    }
  };
  return {
    ask: (name, params, signal) => track(wire.ask(name, params, signal)),
    openDropped: (file) => track(wire.ask('host.openDropped', file as never)),
    onPush: (receiver) => void receivers.push(receiver),
    // Painting may cause requests, so the page is idle only after several frames without one.
    async idle() {
      let quiet = 0;
      while (quiet < 3) {
        if (pending > 0) {
          await new Promise<void>((resolve) => waiting.push(resolve));
          quiet = 0;
        }
        await new Promise((resolve) => requestAnimationFrame(resolve));
        quiet = pending === 0 ? quiet + 1 : 0;
      }
    },
  };
}

interface Bridge {
  send(message: ToServer, file?: File): void;
  listen(receive: (message: ToClient) => void): void;
}

declare global {
  interface Window {
    readonly bridge: Bridge;
    /** In test builds: {@link Client.idle}. */
    __idle?: () => Promise<void>;
  }
}

/** The connection that Electron's preload script provides. It lasts as long as the page. */
export function bridgeChannel(bridge: Bridge): Channel<ToServer, ToClient> {
  return {
    send: (message) => {
      const file = 'params' in message && message.params instanceof File ? message.params : undefined;
      if (file === undefined) bridge.send(message);
      else bridge.send({ ...message, params: {} } as ToServer, file);
    },
    listen: (receive) => bridge.listen(receive),
  };
}
