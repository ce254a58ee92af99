import { type Answerer, refused } from './answerer.ts';
import type { Channel, ToClient, ToServer } from './messages.ts';

/** So many requests of one client may be under way at once; a client that asks for more is malfunctioning. */
const MOST_IN_FLIGHT = 200;

/**
 * Answers what comes over a channel. A request whose answer is not wanted any more is aborted, and so is everything
 * when the other end goes.
 *
 * @returns a function that tells the other end something it has not asked for.
 */
export function serve(channel: Channel<ToClient, ToServer>, answer: Answerer, { mostInFlight = MOST_IN_FLIGHT } = {}): (push: string, value: unknown) => void {
  const inFlight = new Map<number, AbortController>();
  const receive = async (message: ToServer): Promise<void> => {
    if (typeof message !== 'object' || message === null) return;
    if ('cancel' in message) return inFlight.get(message.cancel)?.abort();
    const { id, name, params } = message;
    if (typeof id !== 'number' || inFlight.has(id)) return;
    if (inFlight.size >= mostInFlight) return channel.send({ id, result: refused('too many requests are under way') });
    const controller = new AbortController();
    inFlight.set(id, controller);
    const result = await answer(name, params, controller.signal);
    inFlight.delete(id);
    channel.send({ id, result });
  };
  channel.listen(
    (message) => void receive(message),
    () => {
      for (const controller of inFlight.values()) controller.abort();
    },
  );
  return (push, value) => channel.send({ push, value });
}
