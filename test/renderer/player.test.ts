import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createPlayer } from '../../renderer/state/player.ts';
import type { Played, RunState, Speed } from '../../renderer/state/run-state.ts';
import type { Stop } from '../../renderer/state/stops.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A player over events with these pauses, numbered from 1 on. `at` tells the sequences that it moved to. */
function playerOf(pauses: readonly number[], speed: Speed, played: Played = 'all') {
  const store = createStore(() => ({ sequence: 0, playing: false, speed, played, filter: '' }) as unknown as RunState);
  const at: number[] = [];
  const asked: Played[] = [];
  const player = createPlayer(store, {
    last: () => pauses.length,
    moveTo: (sequence) => {
      at.push(sequence);
      store.setState({ sequence });
    },
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
