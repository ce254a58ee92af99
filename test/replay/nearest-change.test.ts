import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearestEvent } from '../../core/debugger/nearest-event.ts';
import { printJson } from '../../core/json/print.ts';
import { equalJson, type Json } from '../../core/json/value.ts';
import { nearestChange } from '../../core/replay/nearest-change.ts';
import { MERGES, merge, REPLACES } from '../../core/replay/patch.ts';
import { PatchArena } from '../../core/replay/patch-arena.ts';
import { States } from '../../core/replay/states.ts';
import { finish, STEP_BYTES } from '../../core/replay/steps.ts';
import { countCalls } from '../support/counting.ts';
import { executionOf, historyOf } from '../support/history.ts';
import { type HostileHistory, hostileHistory, hostileValue, SEED } from '../support/hostile.ts';
import { DENSITIES, reference } from '../support/laws.ts';

const EVENTS = 2000;
/** The first event sets a value, and all others write the same value. */
const repeated: HostileHistory = {
  initialInput: new Map(),
  events: Array.from({ length: EVENTS }, (_, i) => ({
    sequence: i + 1,
    text: `{"type":"node_completed","node_id":"n","output":0,"state_patch":{"a":{"b":1},"${i}":null}}`,
  })),
  snapshots: [],
};

describe('E5: over events that change nothing', () => {
  it('the change before or after them is found by reading each patch at most twice', async () => {
    const execution = await executionOf(repeated);
    await execution.fold();
    for (const [from, step, found] of [
      [EVENTS, -1, 1],
      [1, -1, null],
      [1, 1, null],
      [0, 1, 1],
    ] as const) {
      const reads = countCalls(PatchArena.prototype, 'read', () => expect(finish(nearestEvent(execution, from, { what: 'change' }, step))).toBe(found));
      expect(reads).toBeLessThan(2 * EVENTS);
    }
  });

  it.each(DENSITIES)('so is the change of one value, without reading patches that lack its key, with keyframes $distance bytes apart', (limits) => {
    const history = historyOf(repeated, 1000, limits);
    history.states.fold();
    const readsOf = (path: string, position: number, step: 1 | -1, found: number | undefined): number =>
      countCalls(PatchArena.prototype, 'read', () => expect(finish(nearestChange(history, position, step, path))).toBe(found));
    for (const path of ['/a', '/a/b']) {
      expect(readsOf(path, EVENTS, -1, 0)).toBeLessThanOrEqual(EVENTS);
      expect(readsOf(path, 0, 1, undefined)).toBeLessThan(2 * EVENTS);
    }
    expect(readsOf('/nobody', EVENTS, -1, undefined)).toBe(0);
    expect(readsOf('/nobody', -1, 1, undefined)).toBe(0);
    expect(readsOf('/7', EVENTS, -1, undefined)).toBeLessThan(10);
  });

  it('no step is long, even if nothing has been folded yet', () => {
    for (const step of [1, -1] as const) {
      const history = historyOf(repeated, 1000);
      countCalls(PatchArena.prototype, 'read', (soFar) => {
        const steps = nearestChange(history, step > 0 ? 0 : EVENTS, step);
        let [before, longest, taken] = [0, 0, 0];
        for (let done = false; !done; taken++) {
          ({ done = false } = steps.next());
          longest = Math.max(longest, soFar() - before);
          before = soFar();
        }
        // A patch counts as 64 bytes and its length. A step may both fold and search the same patches.
        expect(longest).toBeLessThan((2 * STEP_BYTES) / 64);
        expect(taken).toBeGreaterThan(EVENTS / (STEP_BYTES / 64));
      });
    }
  });
});

describe('the nearest change', () => {
  it('is the same as brute force finds, in both directions, folded or not', async () => {
    const folded = fc.constantFrom(0, 100, 1e9);
    await fc.assert(
      fc.asyncProperty(hostileHistory, fc.constantFrom(...DENSITIES), folded, async (hostile, limits, bytes) => {
        const states = reference(hostile).map(({ currentState }) => currentState);
        const changed = states.flatMap((state, i) => (i > 0 && !equalJson(state, states[i - 1]) ? [i - 1] : []));
        const history = historyOf(hostile, 7, limits);
        history.states.fold(bytes);
        for (let position = -1; position <= history.count; position++) {
          expect(finish(nearestChange(history, position, 1))).toBe(changed.find((at) => at > position));
          expect(finish(nearestChange(history, position, -1))).toBe(changed.findLast((at) => at < position));
        }
        const execution = await executionOf(hostile);
        const sequences = changed.map((position) => history.sequenceOf(position));
        for (let sequence = 0; sequence <= history.lastSequence + 1; sequence++) {
          expect(finish(nearestEvent(execution, sequence, { what: 'change' }, 1))).toBe(sequences.find((at) => at > sequence) ?? null);
          expect(finish(nearestEvent(execution, sequence, { what: 'change' }, -1))).toBe(sequences.findLast((at) => at < sequence) ?? null);
        }
      }),
      { seed: SEED, numRuns: 300 },
    );
  });

  it('is an event whose patches together change the state, when an event has several', () => {
    const value = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(1, 2).map((n): Json => new Map([['a', n]])) }, { weight: 1, arbitrary: hostileValue });
    const patch = fc.record({ value, uses: fc.constantFrom(MERGES, MERGES, MERGES, REPLACES), sameEvent: fc.boolean() });
    fc.assert(
      fc.property(fc.array(patch, { minLength: 1, maxLength: 30, size: 'max' }), fc.constantFrom(...DENSITIES), (patches, limits) => {
        const arena = new PatchArena();
        const after: Json[] = [];
        let [position, state] = [-1, new Map() as Json];
        for (const { value, uses, sameEvent } of patches) {
          if (!sameEvent || position < 0) position++;
          const bytes = new TextEncoder().encode(printJson(value));
          arena.append(position, bytes, 0, bytes.length, uses);
          state = uses === REPLACES ? value : merge(state, value);
          after[position] = state;
        }
        const changed = after.flatMap((state, at) => (equalJson(state, at === 0 ? new Map() : after[at - 1]) ? [] : [at]));
        const history = { patches: arena, states: new States(arena, new Map(), limits) };
        for (let from = -1; from <= after.length; from++) {
          expect(finish(nearestChange(history, from, 1))).toBe(changed.find((at) => at > from));
          expect(finish(nearestChange(history, from, -1))).toBe(changed.findLast((at) => at < from));
        }
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});
