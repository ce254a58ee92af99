import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { type Halt, NO_HALTS } from '../../renderer/state/halts.ts';
import { createPlayer } from '../../renderer/state/player.ts';
import type { Played, RunState, Speed } from '../../renderer/state/run-state.ts';
import type { Stop } from '../../renderer/state/stops.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A player over events with these pauses, numbered from 1 on. `at` tells the sequences that it moved to. */
function playerOf(pauses: readonly number[], speed: Speed, played: Played = 'all', halts: readonly Halt[] = [], last = pauses.length) {
  const store = createStore(() => ({ sequence: 0, playing: false, speed, played, filter: '', halts: NO_HALTS }) as unknown as RunState);
  const at: number[] = [];
  const asked: Played[] = [];
  const player = createPlayer(store, {
    last: () => last,
    moveTo: (sequence) => {
      at.push(sequence);
      store.setState({ sequence });
    },
    nextHalt: async ({ sequence }) => halts.find((halt) => halt.sequence > sequence),
    stopsAfter: async ({ sequence, played: what }) => {
      asked.push(what);
      return pauses.map((pause, i): Stop => ({ sequence: i + 1, pause })).filter((stop) => stop.sequence > sequence);
    },
  });
  return { player, store, at, asked };
}

it('S13: real time is the time between events, with pauses of at most two seconds', async () => {
  const { player, at } = playerOf([0, 1000, 3_600_000, 500], { unit: 'real-time', value: 2 });
  player.toggle();
  await vi.advanceTimersByTimeAsync(490);
  expect(at).toEqual([1]);
  await vi.advanceTimersByTimeAsync(40);
  expect(at).toEqual([1, 2]);
  await vi.advanceTimersByTimeAsync(1900);
  expect(at).toEqual([1, 2]);
  await vi.advanceTimersByTimeAsync(500);
  expect(at).toEqual([1, 2, 3, 4]);
});

it('S13: a fixed rate plays that many events a second, grouped by frames, and stops at the end', async () => {
  const { player, store, at } = playerOf(
    Array.from({ length: 2000 }, () => 0),
    { unit: 'per-second', value: 1000 },
  );
  player.toggle();
  await vi.advanceTimersByTimeAsync(1000);
  expect(at.length).toBeLessThanOrEqual(63);
  expect(Math.abs((at.at(-1) as number) - 1000)).toBeLessThan(40);
  await vi.advanceTimersByTimeAsync(1100);
  expect([at.at(-1), store.getState().playing]).toEqual([2000, false]);
});

it('S13: what is played can change while it plays; matches of no filter are all events', async () => {
  const { player, store, asked } = playerOf([0, 100, 100, 100, 100], { unit: 'per-second', value: 4 }, 'matches');
  player.toggle();
  await vi.advanceTimersByTimeAsync(300);
  store.setState({ played: 'changes' });
  await vi.advanceTimersByTimeAsync(300);
  expect(asked).toEqual(['all', 'changes']);
  player.stop();
  expect(store.getState().playing).toBe(false);
});

it('M10: playing stops at a halt and says why, also in the middle of a frame, and goes on from there', async () => {
  const halts = [
    { sequence: 300, reason: '/status changed' },
    { sequence: 302, reason: 'a failure' },
  ];
  const { player, store, at } = playerOf(
    Array.from({ length: 1000 }, () => 0),
    { unit: 'per-second', value: 1000 },
    'all',
    halts,
  );
  player.toggle();
  await vi.advanceTimersByTimeAsync(2000);
  expect([at.at(-1), store.getState().playing, store.getState().halted]).toEqual([300, false, halts[0]]);
  player.toggle();
  expect(store.getState().halted).toBeUndefined();
  await vi.advanceTimersByTimeAsync(2000);
  expect([at.at(-1), store.getState().halted]).toEqual([302, halts[1]]);
  player.toggle();
  await vi.advanceTimersByTimeAsync(2000);
  expect([at.at(-1), store.getState().playing, store.getState().halted]).toEqual([1000, false, undefined]);
});

it('M10: a halt behind the last change is reached', async () => {
  const { player, store, at } = playerOf([0, 0, 0], { unit: 'per-second', value: 1000 }, 'changes', [{ sequence: 9, reason: 'a failure' }], 20);
  player.toggle();
  await vi.advanceTimersByTimeAsync(1000);
  expect([at.at(-1), store.getState().halted?.reason]).toEqual([9, 'a failure']);
});
