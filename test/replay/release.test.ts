import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalJson } from '../../core/json/value.ts';
import { History } from '../../core/replay/history.ts';
import { nearestChange } from '../../core/replay/nearest-change.ts';
import { chunkOf, historyOf } from '../support/history.ts';
import { hostileHistory, SEED } from '../support/hostile.ts';
import { DENSITIES, expected, type Reference, reference, summary } from '../support/laws.ts';

const density = fc.constantFrom(...DENSITIES);

describe('a history that releases its states', () => {
  it('gives the same answers, whenever that happens while it is indexed, folded, growing and read', () => {
    const round = fc.record({
      request: fc.nat({ max: 60 }),
      fold: fc.constantFrom(0, 1, 200, 1e9),
      events: fc.constantFrom(0, 1, 2, 7),
      release: fc.boolean(),
      step: fc.constantFrom(1 as const, -1 as const),
    });
    fc.assert(
      fc.property(hostileHistory, density, fc.array(round, { minLength: 1, maxLength: 10 }), (hostile, limits, rounds) => {
        const states = reference(hostile);
        const changed = states.flatMap(({ currentState }, i) => (i > 0 && !equalJson(currentState, states[i - 1]?.currentState) ? [i - 1] : []));
        const history = new History(hostile.initialInput, true, limits);
        // A walk and a search for a change run at the same time.
        let [walk, walked] = [history.states.walk(), -1];
        for (let number = 0; history.count < hostile.events.length; number++) {
          const { request, fold, events, release, step } = rounds[number % rounds.length] as (typeof rounds)[number];
          const more = Math.max(events, number % rounds.length === 0 ? 1 : 0);
          const position = (request % (history.count + 1)) - 1;
          const search = nearestChange(history, position, step);
          const known = step > 0 ? changed.find((at) => at > position && at < history.count) : changed.findLast((at) => at < position);
          let result = search.next();
          if (number % 2 === 0) history.append(chunkOf(hostile.events.slice(history.count, history.count + more)));
          history.states.fold(fold);
          if (release) history.release();
          expect(summary(history, position)).toEqual(expected(states[position + 1] as Reference));
          for (; !result.done; result = search.next()) if (release) history.release();
          // Events that were appended meanwhile may be found or not.
          if (known !== undefined || step < 0) expect(result.value).toBe(known);
          else expect([undefined, changed.find((at) => at > position)]).toContain(result.value);
          if (release) history.release();
          if (position > walked) {
            walked = position;
            expect(equalJson(walk(history.patches.countUpTo(position)), states[position + 1]?.currentState)).toBe(true);
          } else [walk, walked] = [history.states.walk(), -1];
          if (number % 2 === 1) history.append(chunkOf(hostile.events.slice(history.count, history.count + more)));
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('keeps only the origin, reports that, and folds again to the same keyframes, in steps or at once', () => {
    fc.assert(
      fc.property(hostileHistory, density, fc.constantFrom(1, 100, 1e9), (hostile, limits, bytes) => {
        const history = historyOf(hostile, 7, limits);
        const { patches, states } = history;
        states.fold();
        const whole = [history.bytes, states.keyframeCount];
        history.release();
        expect([states.keyframeCount, states.folded, history.bytes]).toEqual([1, 0, { ...history.bytes, states: 0 }]);
        for (let position = -1; position < history.count; position++) {
          expect(history.isFolded(position)).toBe(patches.bytesBefore(patches.countUpTo(position)) <= limits.distance);
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

it('a history counts the bytes of its columns and patches, and estimates the rest', () => {
  const history = new History(new Map());
  const empty = history.bytes;
  const events = 10_000;
  history.append(
    chunkOf(Array.from({ length: events }, (_, i) => ({ sequence: i + 1, text: `{"type":"node_completed","node_id":"n","state_patch":{"k":${i}}}` }))),
  );
  history.trim();
  history.states.fold();
  const { columns, patches, states } = history.bytes;
  // For each event: time, kind, node, size, category and its sums; and for its node position, code, end and completion.
  expect((columns - empty.columns) / events).toBeGreaterThan(8 + 2 + 4 + 4 + 1 + 4 + 1 + 4 + 4);
  expect((columns - empty.columns) / events).toBeLessThan(40);
  // The arena allocates whole slabs, and for each patch its position, slab, offset, length and uses.
  expect(patches - empty.patches).toBe(4 * 1024 * 1024 + events * 17 - 64 * 17);
  expect(states).toBeGreaterThan(0);
});
