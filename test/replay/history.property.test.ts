import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eachMoment, momentAt } from '../../core/debugger/answers/moments.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { readEvent } from '../../core/jamjet/event.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { equalJson, type Json, type JsonObject } from '../../core/json/value.ts';
import { diffJson } from '../../core/replay/diff.ts';
import { applyEvent, type Materialized, origin } from '../../core/replay/fold.ts';
import { History } from '../../core/replay/history.ts';
import { MERGES } from '../../core/replay/patch.ts';
import { PatchArena } from '../../core/replay/patch-arena.ts';
import { readByRuntime, recoveryBase } from '../../core/replay/recovery.ts';
import { States } from '../../core/replay/states.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { chunkOf, historyOf, memoryExecution } from '../support/history.ts';
import { type HostileHistory, hostileHistory, hostileValue, SEED } from '../support/hostile.ts';
import { applyChange, DENSITIES, diffsApply, equalsReference, expected, type Reference, reference, summary } from '../support/laws.ts';

const RUNS = 1000;
const density = fc.constantFrom(...DENSITIES);

const NOTHING: JsonObject = new Map();

describe('the history', () => {
  it('F25: equals the reference fold at every sequence, with every chunk size and density of keyframes, in every order of seeks', () => {
    const densities = new Set<number>();
    fc.assert(
      fc.property(
        hostileHistory,
        fc.constantFrom(1, 7, 1000),
        density,
        fc.array(fc.nat({ max: 60 }), { maxLength: 60 }),
        (hostile, chunkSize, limits, jumps) => {
          const history = historyOf(hostile, chunkSize, limits);
          equalsReference(hostile, history, jumps);
          densities.add(history.states.keyframeCount);
        },
      ),
      { seed: SEED, numRuns: RUNS },
    );
    expect(densities.size).toBeGreaterThan(10);
  });

  it('is right while it is indexed, folded and growing, whichever states are requested meanwhile', () => {
    const step = fc.record({ request: fc.nat({ max: 60 }), fold: fc.constantFrom(0, 1, 30, 1000), events: fc.constantFrom(1, 2, 7) });
    fc.assert(
      fc.property(hostileHistory, density, fc.array(step, { minLength: 1, maxLength: 10 }), (hostile, limits, steps) => {
        const states = reference(hostile);
        const history = new History(hostile.initialInput, true, limits);
        for (let round = 0; history.count < hostile.events.length; round++) {
          const { request, fold, events } = steps[round % steps.length] as (typeof steps)[number];
          history.append(chunkOf(hostile.events.slice(history.count, history.count + events)));
          history.states.fold(fold);
          const position = history.count - 1;
          const seek = (request % (position + 2)) - 1;
          const state = history.stateAt(seek);
          const before = canonicalJson(state);
          expect(summary(history, seek)).toEqual(expected(states[seek + 1] as Reference));
          if (request % 3 === 0) expect(summary(history, position)).toEqual(expected(states[position + 1] as Reference));
          expect(canonicalJson(state)).toBe(before);
        }
        history.states.fold();
        expect(history.isFolded(history.count - 1)).toBe(true);
        expect(history.foldedTo).toBe(history.lastSequence);
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('drops keyframes above the limit, and the states stay right', () => {
    const patches = new PatchArena();
    const states = new States(patches, new Map(), { distance: 1, total: 300 });
    for (let index = 0; index < 1000; index++) {
      const bytes = new TextEncoder().encode(`{"k${index % 7}":${index}}`);
      patches.append(index, bytes, 0, bytes.length, MERGES);
    }
    states.fold();
    expect(states.keyframeCount).toBeLessThan(60);
    for (const count of [1000, 1, 500, 999, 0]) {
      const expectedState = new Map(Array.from({ length: count }, (_, index) => [`k${index % 7}`, index] as const));
      expect(states.stateAfter(count)).toEqual(expectedState);
    }
  });

  it('equals the reference fold in all readings at every moment, with right and wrong snapshots, at both generations', async () => {
    await fc.assert(
      fc.asyncProperty(hostileHistory, fc.boolean(), async (hostile, newGeneration) => {
        const states = reference(hostile);
        const source = new MemorySource({ generation: newGeneration ? 11 : 3, definitions: [], executions: [withSnapshots(hostile, states, newGeneration)] });
        const execution = await OpenExecution.open(source, 'x');
        await execution.index();
        for await (const streamed of eachMoment(execution, 'recovery', 0, Number.MAX_SAFE_INTEGER)) {
          const position = hostile.events.findIndex(({ sequence }) => sequence === streamed.atSequence);
          if ('refused' in streamed) {
            // Nobody else may answer either: the runtime would rebuild nothing here.
            await expect(momentAt(execution, streamed.atSequence, 'recovery')).rejects.toThrow(`refuse execution x here because ${streamed.refused}`);
            continue;
          }
          const plain = await plainRecovery(source, hostile, position);
          const sought = await momentAt(execution, streamed.atSequence, 'recovery');
          for (const moment of [streamed, sought]) {
            expect([
              expected({ ...moment, given: NOTHING, activeNodes: new Set(moment.activeNodes) }),
              canonicalJson(moment.completedNodes),
              moment.lastSequence,
            ]).toEqual([expected({ ...plain, given: NOTHING }), canonicalJson(plain.completedNodes), plain.lastSequence]);
          }
        }
        for (const reading of ['replay', 'given'] as const) {
          for await (const streamed of eachMoment(execution, reading, 0, Number.MAX_SAFE_INTEGER)) {
            expect(streamed).toEqual(await momentAt(execution, streamed.atSequence, reading));
          }
        }
        const given = reference(hostile, newGeneration).map((state) => canonicalJson(state.given));
        expect(given.map((_, i) => canonicalJson(execution.history.givenAt(i - 1)))).toEqual(given);
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('F19, F20: marks the state incomplete from the first event that is missing or cannot be read', () => {
    fc.assert(
      fc.property(hostileHistory, (hostile) => {
        const holes = hostile.events.flatMap(({ sequence, text }, i) => {
          const before = hostile.events[i - 1]?.sequence ?? 0;
          return sequence > before + 1 ? [before + 1] : readEvent(text).ok ? [] : [sequence];
        });
        expect(historyOf(hostile, 7).incompleteFrom).toBe(holes[0]);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

function withSnapshots(hostile: HostileHistory, states: readonly Materialized[], newGeneration: boolean) {
  const wrongStates = new Map(hostile.snapshots.map((snapshot) => [snapshot.after, snapshot.wrong]));
  return {
    ...memoryExecution(hostile),
    snapshotRows: [...wrongStates].map(([after, wrong]) => {
      const state = states[after + 1] as Materialized;
      return {
        atSequence: hostile.events[after]?.sequence ?? 0,
        createdAt: '',
        stateJson: canonicalJson(wrong ?? state.currentState),
        materialized: newGeneration
          ? {
              status: state.status,
              completedNodesJson: canonicalJson(state.completedNodes),
              activeNodesJson: JSON.stringify([...state.activeNodes]),
              lastSequence: state.lastSequence,
            }
          : undefined,
      };
    }),
  };
}

/** The snapshot and the events after it, folded by the reference, with numbers as the runtime reads them. */
async function plainRecovery(source: MemorySource, hostile: HostileHistory, position: number): Promise<Materialized> {
  const at = hostile.events[position]?.sequence ?? 0;
  const snapshot = await source.snapshot('x', at);
  let state = (snapshot && recoveryBase(snapshot)) ?? origin(readByRuntime(hostile.initialInput));
  for (const { sequence, text } of hostile.events) {
    if (sequence > at || sequence <= (snapshot?.atSequence ?? 0)) continue;
    const reading = readEvent(text);
    state = applyEvent(
      state,
      sequence,
      reading.ok ? { ...reading.event, fields: readByRuntime(reading.event.fields) as Materialized['completedNodes'] } : undefined,
    );
  }
  return state;
}

/** Items of arrays, with and without ids. */
const item: fc.Arbitrary<Json> = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.record({ id: fc.integer({ min: 0, max: 8 }), value: fc.integer({ min: 0, max: 2 }) }).map((entry): Json => new Map(Object.entries(entry))),
  hostileValue,
);
const diffable = fc.oneof(
  hostileValue,
  fc.array(item, { maxLength: 12, size: 'medium' }),
  fc.uniqueArray(fc.nat({ max: 20 }), { size: 'medium' }).map(
    (ids): Json =>
      ids.map(
        (id) =>
          new Map<string, Json>([
            ['id', id],
            ['in', [id % 3, id % 2]],
          ]),
      ),
  ),
);

describe('a diff', () => {
  it.each([
    ['an item added at the beginning is one insertion', '[1,2,3,4]', '[0,1,2,3,4]', [['add', '/0']]],
    ['an item removed from the middle is one removal', '[{"a":1},{"a":2},{"a":3}]', '[{"a":1},{"a":3}]', [['remove', '/1']]],
    ['an item that changed is a change inside it', '[1,{"a":1,"b":1},3]', '[1,{"a":2,"b":1},3]', [['replace', '/1/a']]],
    [
      'items are matched by their id',
      '[{"id":"x","n":1},{"id":"y","n":1}]',
      '[{"id":"w","n":9},{"id":"x","n":2},{"id":"y","n":1}]',
      [
        ['add', '/0'],
        ['replace', '/1/n'],
      ],
    ],
    [
      'two removed neighbours have the same path',
      '[1,2,3,4]',
      '[1,4]',
      [
        ['remove', '/1'],
        ['remove', '/1'],
      ],
    ],
  ])('%s', (_, before, after, expectedChanges) => {
    const { changes, coarse } = diffJson(parseJson(before), parseJson(after));
    expect(changes.map(({ op, path }) => [op, path])).toEqual(expectedChanges);
    expect(coarse).toEqual([]);
  });

  it('reports arrays that differ too much to match, and is still right', () => {
    const before: Json = new Map([['list', Array.from({ length: 3000 }, (_, i) => i)]]);
    const after: Json = new Map([['list', Array.from({ length: 2500 }, (_, i) => -i - 1)]]);
    const { changes, coarse } = diffJson(before, after);
    expect(coarse).toEqual(['/list']);
    expect(equalJson(changes.reduce(applyChange, before as Json), after)).toBe(true);
  });

  it('applied to the first state gives the second', () => {
    fc.assert(
      fc.property(diffable, diffable, (before, after) => {
        expect(equalJson(diffJson(before, after).changes.reduce(applyChange, before), after)).toBe(true);
        expect(diffJson(before, before).changes).toEqual([]);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it('of two neighbouring states turns the first into the second', () => {
    fc.assert(
      fc.property(hostileHistory, (hostile) => {
        diffsApply(historyOf(hostile, 1000));
      }),
      { seed: SEED, numRuns: 100 },
    );
  });
});
