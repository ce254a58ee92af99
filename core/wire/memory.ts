import type { Channel, ToClient, ToServer } from './messages.ts';

/** Two ends of a connection inside one process. As between processes, messages are copied and arrive later, in order. */
export function memoryChannel(): { readonly client: Channel<ToServer, ToClient>; readonly server: Channel<ToClient, ToServer>; close(): void } {
  const toServer = new End<ToServer>();
  const toClient = new End<ToClient>();
  return {
    client: { send: (message) => toServer.deliver(message), listen: (receive, closed) => toClient.listen(receive, closed) },
    server: { send: (message) => toClient.deliver(message), listen: (receive, closed) => toServer.listen(receive, closed) },
    close: () => {
      toServer.close();
      toClient.close();
    },
  };
}

class End<Message> {
  #receive: ((message: Message) => void) | undefined;
  #closed: (() => void) | undefined;
  #isOpen = true;

  listen(receive: (message: Message) => void, closed: () => void): void {
    this.#receive = receive;
    this.#closed = closed;
  }

  deliver(message: Message): void {
    const copy = structuredClone(message);
    setImmediate(() => {
      if (this.#isOpen) this.#receive?.(copy);
    });
  }

  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#closed?.();
  }
}
