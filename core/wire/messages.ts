import type { Result } from '../fault.ts';

/** What crosses a process border, whatever carries it: an IPC channel of Electron or Node, a socket, or memory. */

export type ToServer =
  /** @param id of the asker's choosing; the answer carries it. */
  | { readonly id: number; readonly name: string; readonly params: unknown }
  /** The answer to request `cancel` is not wanted any more; one comes all the same, mostly the Fault `cancelled`. */
  | { readonly cancel: number };

export type ToClient =
  | { readonly id: number; readonly result: Result<unknown> }
  /** Told without being asked. */
  | { readonly push: string; readonly value: unknown };

/** One end of a connection that keeps the order of its messages. */
export interface Channel<Out, In> {
  send(message: Out): void;
  /** @param receive called with each message. @param closed called once, when the other end is gone. */
  listen(receive: (message: In) => void, closed: () => void): void;
}
