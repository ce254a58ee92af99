import type { Result } from '../fault.ts';

/** The messages across a process border, whatever the transport: Electron's or Node's IPC, a socket, or memory. */

export type ToServer =
  /** @param id chosen by the client; the answer has the same. */
  | { readonly id: number; readonly name: string; readonly params: unknown }
  /** Cancels the request with this id. An answer still follows, usually the Fault `cancelled`. */
  | { readonly cancel: number };

export type ToClient =
  | { readonly id: number; readonly result: Result<unknown> }
  /** A message without a request. */
  | { readonly push: string; readonly value: unknown }
  /** The server can answer, and waits for something itself, such as another server. */
  | { readonly alive: true };

/** One end of a connection that keeps the order of its messages. */
export interface Channel<Out, In> {
  send(message: Out): void;
  /** @param receive called with each message. @param closed called once, when the connection is closed. */
  listen(receive: (message: In) => void, closed: () => void): void;
}
