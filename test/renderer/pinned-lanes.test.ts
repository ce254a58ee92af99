import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawnLanes, pinnedLanes } from '../../renderer/views/timeline/pinned-lanes.tsx';

const active = fc.uniqueArray(fc.nat({ max: 40 }), { maxLength: 8 }).map((lanes) => lanes.toSorted((a, b) => a - b));

it('pins the nearest active lanes to the edges, so that each active lane is in view, pinned, or counted', () => {
  fc.assert(
    fc.property(active, fc.nat({ max: 20 }), fc.integer({ min: 8, max: 14 }), (lanes, first, height) => {
      const inView = { first, last: first + height - 1 };
      const pinned = pinnedLanes(lanes, inView);
      const drawn = drawnLanes(pinned);
      const [above, below] = [drawn.filter((lane) => pinned.above.includes(lane)), drawn.filter((lane) => pinned.below.includes(lane))];
      for (const lane of lanes) {
        const isUncovered = lane >= inView.first + above.length && lane <= inView.last - below.length;
        expect([lane, isUncovered || pinned.above.includes(lane) || pinned.below.includes(lane)]).toEqual([lane, true]);
        expect(pinned.above.includes(lane) && pinned.below.includes(lane)).toBe(false);
      }
      expect(above.length).toBeLessThanOrEqual(2);
      expect(above).toEqual(pinned.above.slice(-above.length || pinned.above.length));
    }),
  );
  expect(pinnedLanes([3, 4], { first: 0, last: 9 })).toEqual({ above: [], below: [] });
});
