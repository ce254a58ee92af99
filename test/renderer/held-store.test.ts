import { describe, expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { createHeldStore } from '../../renderer/state/held-store.ts';

/** A store whose views are told of changes, and what they were told. */
function held(limit: number) {
  const store = createStore(() => ({ cursor: 0, frame: 0 }));
  const { shown, hold, release } = createHeldStore(store, limit);
  const told: string[] = [];
  const leave = shown.subscribe((now, before) => told.push(`${before.cursor}/${before.frame} to ${now.cursor}/${now.frame}`));
  return { store, shown, hold, release, told, leave };
}

describe('a store that is held', () => {
  it('tells of a move and of its frame at once, and of what comes later by itself', () => {
    const { store, shown, hold, release, told } = held(60_000);
    hold();
    store.setState({ cursor: 1 });
    expect([shown.getState().cursor, told]).toEqual([1, []]);
    store.setState({ frame: 1 });
    release();
    store.setState({ cursor: 2 });
    expect(told).toEqual(['0/0 to 1/1', '1/1 to 2/1']);
  });

  it('tells of a move without a frame when the limit is over, even if other moves follow', async () => {
    const { store, hold, told, shown } = held(5);
    const first = new Promise((resolve) => shown.subscribe(resolve));
    hold();
    store.setState({ cursor: 1 });
    hold();
    store.setState({ cursor: 2 });
    await first;
    expect(told).toEqual(['0/0 to 2/0']);
  });

  it('tells nothing when nothing has changed, and no one who has left', () => {
    const { store, hold, release, told, leave } = held(60_000);
    hold();
    release();
    release();
    leave();
    store.setState({ cursor: 1 });
    expect(told).toEqual([]);
  });
});
