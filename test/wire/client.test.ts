import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { request } from '../../core/contract/request.ts';
import { WireClient } from '../../core/wire/client.ts';
import { dispatcher } from '../../core/wire/dispatcher.ts';
import { memoryChannel } from '../../core/wire/memory.ts';
import type { ToClient } from '../../core/wire/messages.ts';
import { serve } from '../../core/wire/server.ts';

const requests = { 'wait.for': request(z.strictObject({ number: z.int() }))<number>() } as const;

/** A client and a server whose only request is answered by `work`. */
function connected(work: (number: number, signal: AbortSignal) => Promise<number>, maxInFlight = 200) {
  const channel = memoryChannel();
  const push = serve(channel.server, dispatcher(requests, { 'wait.for': ({ number }, signal) => work(number, signal) }), { maxInFlight });
  const pushes: unknown[] = [];
  const client = new WireClient<typeof requests>(channel.client, { onPush: (name, value) => void pushes.push([name, value]) });
  return { client, push, pushes, close: channel.close };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }));

describe('the wire', () => {
  it('gives each request its own answer, in whatever order they arrive', async () => {
    const { client } = connected(async (number) => {
      for (let i = 0; i < 10 - number; i++) await setImmediate();
      return number * number;
    });
    const answers = await Promise.all(Array.from({ length: 10 }, (_, number) => client.ask('wait.for', { number })));
    expect(answers.map((answer) => answer.ok && answer.value)).toEqual([0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
  });

  it('cancels the work of a request, and of no other', async () => {
    const { client } = connected(async (number, signal) => (number === 1 ? aborted(signal) : number));
    const stop = new AbortController();
    const cancelled = client.ask('wait.for', { number: 1 }, stop.signal);
    const other = client.ask('wait.for', { number: 2 });
    stop.abort();
    expect(await cancelled).toMatchObject({ ok: false, fault: { kind: 'cancelled' } });
    expect(await other).toEqual({ ok: true, value: 2 });
    expect(await client.ask('wait.for', { number: 3 }, stop.signal)).toMatchObject({ ok: false, fault: { kind: 'cancelled' } });
  });

  it('F1: answers all pending requests when the connection is closed, and aborts their work', async () => {
    let ended = 0;
    const { client, close } = connected((_, signal) => aborted(signal).finally(() => ended++));
    const waiting = [1, 2, 3].map((number) => client.ask('wait.for', { number }));
    for (let i = 0; i < 5; i++) await setImmediate();
    close();
    for (const answer of await Promise.all(waiting)) expect(answer).toMatchObject({ ok: false, fault: { kind: 'engine-gone' } });
    expect(ended).toBe(3);
    expect(await client.ask('wait.for', { number: 4 })).toMatchObject({ ok: false, fault: { kind: 'engine-gone' } });
  });

  it('refuses too many requests, unknown ones and invalid ones, and continues', async () => {
    const gates: (() => void)[] = [];
    const { client } = connected((number) => new Promise((resolve) => gates.push(() => resolve(number))), 2);
    const answers = [1, 2, 3].map((number) => client.ask('wait.for', { number }));
    expect(await answers[2]).toMatchObject({ ok: false, fault: { kind: 'bad-request', detail: 'too many requests at once' } });
    for (const open of gates) open();
    expect(await Promise.all(answers.slice(0, 2))).toEqual([
      { ok: true, value: 1 },
      { ok: true, value: 2 },
    ]);
    expect(await client.ask('toString' as 'wait.for', { number: 1 })).toMatchObject({ fault: { kind: 'bad-request' } });
    expect(await client.ask('wait.for', { number: 1.5 })).toMatchObject({ fault: { kind: 'bad-request' } });
  });

  it('does not take the answers to a previous page', async () => {
    const channel = memoryChannel();
    const before = new WireClient<typeof requests>(channel.client);
    const after = new WireClient<typeof requests>(channel.client);
    serve(channel.server, dispatcher(requests, { 'wait.for': async ({ number }) => number }));
    void before.ask('wait.for', { number: 1 });
    expect(await after.ask('wait.for', { number: 2 })).toEqual({ ok: true, value: 2 });
  });
});

describe('F3, E14: the limit of silence', () => {
  afterEach(() => vi.useRealTimers());

  it('is not reached while the server waits for another one, and says so', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
    let silent = 0;
    const channel = memoryChannel();
    let answer: (value: number) => void = () => {};
    serve(channel.server, dispatcher(requests, { 'wait.for': () => new Promise<number>((resolve) => (answer = resolve)) }), { alive: 10_000 });
    const client = new WireClient<typeof requests>(channel.client, { silence: { limit: 30_000, onSilence: () => silent++ } });
    const asked = client.ask('wait.for', { number: 1 });
    await vi.advanceTimersByTimeAsync(100_000);
    expect(silent).toBe(0);
    answer(7);
    expect(await asked).toEqual({ ok: true, value: 7 });
  });

  it('is not reached while messages arrive', async () => {
    vi.useFakeTimers();
    let receive: (message: ToClient) => void = () => {};
    let silent = 0;
    const client = new WireClient(
      {
        send: () => {},
        listen: (listener) => {
          receive = listener;
        },
      },
      { silence: { limit: 30_000, onSilence: () => silent++ } },
    );
    // No request is pending, so silence does not count.
    vi.advanceTimersByTime(100_000);
    expect(silent).toBe(0);
    void client.ask('export.write', {});
    for (let i = 0; i < 10; i++) {
      vi.advanceTimersByTime(29_000);
      receive(i % 2 === 0 ? { push: 'task', value: null } : { alive: true });
    }
    expect(silent).toBe(0);
    // Requests do not break the silence.
    for (let i = 0; i < 3; i++) {
      vi.advanceTimersByTime(9000);
      void client.ask('frame.at', {});
    }
    vi.advanceTimersByTime(3000);
    expect(silent).toBe(1);
  });
});
