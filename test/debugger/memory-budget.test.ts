import { describe, expect, it } from 'vitest';
import { MemoryBudget, type MemoryHolder } from '../../core/debugger/memory-budget.ts';

const MB = 1024 * 1024;

/** A history of some size, and what was asked of it. Sizes are in megabytes. */
class Sized implements MemoryHolder {
  readonly asked: string[] = [];
  readonly indexBytes: number;
  keyframeBytes: number;
  isBusy = false;

  constructor(index: number, keyframes: number) {
    this.indexBytes = index * MB;
    this.keyframeBytes = keyframes * MB;
  }

  thinKeyframes(): void {
    this.keyframeBytes /= 2;
    this.asked.push('thin');
  }

  dropKeyframes(): void {
    this.keyframeBytes = 0;
    this.asked.push('drop');
  }

  close(): void {
    this.asked.push('close');
  }
}

function withHistories(limits: { estimated: number; measured: number }, ...sizes: readonly (readonly [number, number])[]) {
  const budget = new MemoryBudget({ estimated: limits.estimated * MB, measured: limits.measured * MB });
  const histories = sizes.map(([index, keyframes]) => new Sized(index, keyframes));
  for (const history of histories) budget.touch(history);
  return { budget, histories, asked: () => histories.map(({ asked }) => asked.join(' ')) };
}

describe('the memory budget', () => {
  it('thins keyframes first, in the order of use, and no more than is needed', () => {
    const { budget, histories, asked } = withHistories({ estimated: 120, measured: 1e6 }, [10, 32], [10, 32], [10, 32]);
    budget.touch(histories[0] as Sized);
    budget.enforce();
    expect(asked()).toEqual(['', 'thin', '']);
    expect(budget.used).toBe(110 * MB);
  });

  it.each([
    [80, 'thin'],
    [65, 'thin drop'],
    [45, 'thin drop close'],
  ])('brings three histories below %d MB: each of the two older ones is asked to %s', (estimated, expected) => {
    const { budget, asked } = withHistories({ estimated, measured: 1e6 }, [10, 16], [10, 16], [10, 32]);
    budget.enforce();
    expect(asked()).toEqual([expected, expected, '']);
  });

  it('leaves the history that was used last alone, however large it is', () => {
    const { budget, asked } = withHistories({ estimated: 5, measured: 1e6 }, [10, 16]);
    budget.enforce();
    expect(asked()).toEqual(['']);
  });

  it('believes the heap where estimates are too low: one step for each collection, and the last history is thinned, too', () => {
    const { budget, asked } = withHistories({ estimated: 1e6, measured: 100 }, [10, 16], [10, 16]);
    budget.heapMeasured(100 * MB);
    expect(asked()).toEqual(['', '']);
    for (let i = 0; i < 5; i++) budget.heapMeasured(101 * MB);
    expect(asked()).toEqual(['thin drop close', 'thin']);
  });
});
