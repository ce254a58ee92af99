import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { noPause } from '../../core/debugger/pacing.ts';
import { StateText } from '../../core/debugger/state-text.ts';
import type { Json } from '../../core/json/value.ts';

const ALL = { from: 0, count: 10 };

it.each([
  ['nothing pauses', noPause],
  ['every text pauses', async (): Promise<void> => void (await setImmediate())],
] as const)('F42: texts that are asked for at the same time are each that of their own state, when %s', async (_, pause) => {
  const text = new StateText();
  const states = Array.from({ length: 5 }, (__, i): Json => new Map<string, Json>([['n', i]]));
  const ask = async (i: number, turns: number): Promise<void> => {
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    const page = await text.page(states[i] as Json, { ...ALL, find: String(i) }, pause);
    expect([page.lines, page.found?.total]).toEqual([['{', `  "n": ${i}`, '}'], 1]);
    expect(await text.containerAt(states[i] as Json, 0, pause)).toBe('');
  };
  for (let round = 0; round < 50; round++) await Promise.all(states.map((__, i) => ask(i, (i * round) % 7)));
});
