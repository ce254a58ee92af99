import { afterAll, expect, it } from 'vitest';
import { FuzzBases, fuzzOne } from '../support/fuzz.ts';
import { amount, tries } from '../support/tries.ts';

const SEEDS = amount(300, 500);
const bases = new FuzzBases();
afterAll(() => bases.remove());

it.each([
  [500136, undefined],
  [503646, 'bytes'],
] as const)('F7, T3: an index whose entries name another execution is found: seed %d', async (seed, kind) => {
  expect(['fault', 'marked', 'complete']).toContain((await fuzzOne(bases, seed, kind)).outcome);
});

it(`F7, T3: of ${SEEDS} damaged databases, none shows a wrong state as complete, and none is changed`, async ({ task }) => {
  const first = Number(process.env['SEED'] ?? Math.floor(Math.random() * 1e9));
  console.log(`seeds ${first} to ${first + SEEDS - 1}`);
  const outcomes = new Map<string, number>();
  await tries(task, SEEDS, async (number) => {
    const seed = first + number - 1;
    const { outcome, description } = await fuzzOne(bases, seed);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    expect(['fault', 'marked', 'complete'], `seed ${seed}, ${description}`).toContain(outcome);
  });
  // The damage is neither always harmless nor always fatal.
  expect([...outcomes.keys()].sort()).toEqual(['complete', 'fault', 'marked']);
}, 600_000);
