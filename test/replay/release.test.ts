import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalJson } from '../../core/json/value.ts';
import { History } from '../../core/replay/history.ts';
import { nearestChange } from '../../core/replay/nearest-change.ts';
import { chunkOf, historyOf } from '../support/history.ts';
import { hostileHistory, SEED } from '../support/hostile.ts';
import { DENSITIES, expected, type Reference, reference, summary } from '../support/laws.ts';

const density = fc.constantFrom(...DENSITIES);

describe('a history that gives up its states', () => {
  it('answers as before, whenever that happens while it is indexed, folded, growing and looked at', () => {
    const turn = fc.record({
      look: fc.nat({ max: 60 }),
      fold: fc.constantFrom(0, 1, 200, 1e9),
      events: fc.constantFrom(0, 1, 2, 7),
      release: fc.boolean(),
      step: fc.constantFrom(1 as const, -1 as const),
    });
    fc.assert(
      fc.property(hostileHistory, density, fc.array(turn, { minLength: 1, maxLength: 10 }), (hostile, limits, turns) => {
        const states = reference(hostile);
        const changed = states.flatMap(({ currentState }, i) => (i > 0 && !equalJson(currentState, states[i - 1]?.currentState) ? [i - 1] : []));
        const history = new History(hostile.initialInput, true, limits);
        // A walk, and a search for a change, go on beside all that.
        let [walk, walked] = [history.states.walk(), -1];
        for (let number = 0; history.count < hostile.events.length; number++) {
          const { look, fold, events, release, step } = turns[number % turns.length] as (typeof turns)[number];
          const more = Math.max(events, number % turns.length === 0 ? 1 : 0);
          const row = (look % (history.count + 1)) - 1;
          const search = nearestChange(history, row, step);
          const known = step > 0 ? changed.find((at) => at > row && at < history.count) : changed.findLast((at) => at < row);
          let result = search.next();
          if (number % 2 === 0) history.append(chunkOf(hostile.events.slice(history.count, history.count + more)));
          history.states.fold(fold);
          if (release) history.release();
          expect(summary(history, row)).toEqual(expected(states[row + 1] as Reference));
          for (; !result.done; result = search.next()) if (release) history.release();
          // What has been appended meanwhile may be found, and may be left out.
          if (known !== undefined || step < 0) expect(result.value).toBe(known);
          else expect([undefined, changed.find((at) => at > row)]).toContain(result.value);
          if (release) history.release();
          if (row > walked) {
            walked = row;
            expect(equalJson(walk(history.patches.countUpTo(row)), states[row + 1]?.currentState)).toBe(true);
          } else [walk, walked] = [history.states.walk(), -1];
          if (number % 2 === 1) history.append(chunkOf(hostile.events.slice(history.count, history.count + more)));
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('has only its origin at hand then, says so, and folds again to what it was, piece by piece or at once', () => {
    fc.assert(
      fc.property(hostileHistory, density, fc.constantFrom(1, 100, 1e9), (hostile, limits, bytes) => {
        const history = historyOf(hostile, 7, limits);
        const { patches, states } = history;
        states.fold();
        const whole = [history.bytes, states.keyframeCount];
        history.release();
        expect([states.keyframeCount, states.folded, history.bytes]).toEqual([1, 0, { ...history.bytes, states: 0 }]);
        for (let row = -1; row < history.count; row++) {
          expect(history.isFolded(row)).toBe(patches.bytesBefore(patches.countUpTo(row)) <= limits.between);
        }
        while (states.fold(bytes)) expect(history.isFolded(history.positionAt(history.foldedTo))).toBe(true);
        expect([history.bytes, states.keyframeCount]).toEqual(whole);
        expect(history.isFolded(history.count - 1)).toBe(true);
        const last = history.count - 1;
        expect(summary(history, last)).toEqual(expected(reference(hostile)[last + 1] as Reference));
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

it('a history says what its columns and patches hold to the byte, and estimates the rest', () => {
  const history = new History(new Map());
  const empty = history.bytes;
  const events = 10_000;
  history.append(
    chunkOf(Array.from({ length: events }, (_, i) => ({ sequence: i + 1, text: `{"type":"node_completed","node_id":"n","state_patch":{"k":${i}}}` }))),
  );
  history.trim();
  history.states.fold();
  const { columns, patches, states } = history.bytes;
  // Of an event: time, kind, node, size, category and its sums; and of its node place, code, end and completion.
  expect((columns - empty.columns) / events).toBeGreaterThan(8 + 2 + 4 + 4 + 1 + 4 + 1 + 4 + 4);
  expect((columns - empty.columns) / events).toBeLessThan(40);
  // The arena takes a slab at a time; beside it lie row, slab, offset, length and use of each patch.
  expect(patches - empty.patches).toBe(4 * 1024 * 1024 + events * 17 - 64 * 17);
  expect(states).toBeGreaterThan(0);
});
