import { type Dispatch, refused } from './dispatcher.ts';
import type { Channel, ToClient, ToServer } from './messages.ts';

/** The most concurrent requests of one client; a client with more is malfunctioning. */
const MAX_IN_FLIGHT = 200;
/** Requests that end work are never refused: refusing them would keep what is too much. */
const FREEING = /\.(close|cancel)$/;

export interface ServeOptions {
  readonly maxInFlight?: number | undefined;
  /** How often the client is told that the server can answer while a request is pending, in milliseconds; never by default. */
  readonly alive?: number | undefined;
}

/**
 * Answers the requests of a client. A cancelled request is aborted, and all requests are aborted when the connection is
 * closed.
 *
 * @returns a function that sends a push to the client.
 */
export function serve(
  channel: Channel<ToClient, ToServer>,
  dispatch: Dispatch,
  { maxInFlight = MAX_IN_FLIGHT, alive }: ServeOptions = {},
): (push: string, value: unknown) => void {
  const inFlight = new Map<number, AbortController>();
  const receive = async (message: ToServer): Promise<void> => {
    if (typeof message !== 'object' || message === null) return;
    if ('cancel' in message) return inFlight.get(message.cancel)?.abort();
    const { id, name, params } = message;
    if (typeof id !== 'number' || inFlight.has(id)) return;
    if (inFlight.size >= maxInFlight && !FREEING.test(String(name))) return channel.send({ id, result: refused('too many requests at once') });
    const controller = new AbortController();
    inFlight.set(id, controller);
    const result = await dispatch(name, params, controller.signal);
    inFlight.delete(id);
    try {
      channel.send({ id, result });
    } catch (error) {
      channel.send({ id, result: { ok: false, fault: { kind: 'internal', detail: `the answer to ${name} cannot be sent: ${String(error)}` } } });
    }
  };
  const beat = alive === undefined ? undefined : setInterval(() => inFlight.size > 0 && channel.send({ alive: true }), alive);
  channel.listen(
    (message) => void receive(message),
    () => {
      clearInterval(beat);
      for (const controller of inFlight.values()) controller.abort();
    },
  );
  return (push, value) => channel.send({ push, value });
}
