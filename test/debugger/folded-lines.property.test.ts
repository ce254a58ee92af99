import fc from 'fast-check';
import { expect, it } from 'vitest';
import { noPause } from '../../core/debugger/pacing.ts';
import { StateText } from '../../core/debugger/state-text.ts';
import { valueAt } from '../../core/json/pointer.ts';
import { printJson } from '../../core/json/print.ts';
import { isArray, isObject, type Json } from '../../core/json/value.ts';
import { visible } from '../../core/visible.ts';
import { hostileObject, hostileValue, SEED } from '../support/hostile.ts';

const ALL = { from: 0, count: 100_000 };

it('a container is folded into the line on which it begins, wherever it is, and the other lines keep their numbers', async () => {
  const state = fc.oneof(hostileObject, hostileValue, fc.array(hostileObject, { maxLength: 5 }));
  await fc.assert(
    fc.asyncProperty(state, fc.infiniteStream(fc.boolean()), async (value, choices) => {
      const text = new StateText();
      const lines = printJson(value, { pretty: true, sorted: true }).split('\n');
      const whole = await text.page(value, ALL, noPause);
      expect(whole.lines).toEqual(lines.map(visible));
      expect(whole.numbers).toEqual([...lines.keys()]);
      const folded = new Map<string, readonly [first: number, last: number]>();
      for (const [line, fold] of whole.folds.entries()) {
        const pointer = await text.containerAt(value, line, noPause);
        expect(pointer !== undefined).toBe(fold === 'open');
        if (pointer === undefined) continue;
        const container = valueAt(value, pointer) as Json;
        expect(isObject(container) || isArray(container)).toBe(true);
        const length = printJson(container, { pretty: true }).split('\n').length;
        if (choices.next().value) folded.set(pointer, [line, line + length - 1]);
      }
      const hidden = (line: number): boolean => [...folded.values()].some(([first, last]) => line > first && line <= last);
      const expected = lines.flatMap((line, i) => {
        const [, last] = [...folded.values()].find(([first]) => first === i) ?? [];
        return hidden(i) ? [] : [visible(line) + (last === undefined ? '' : ` … ${lines[last]?.trimStart()}`)];
      });
      const page = await text.page(value, { ...ALL, folded: [...folded.keys(), '/not/there'] }, noPause);
      expect(page.lines).toEqual(expected);
      expect(page.numbers).toEqual([...lines.keys()].filter((line) => !hidden(line)));
      expect([page.total, page.all]).toEqual([expected.length, lines.length]);
      const sought = await text.page(value, { ...ALL, folded: [...folded.keys()], find: '"' }, noPause);
      expect(sought.total).toBe(lines.length);
    }),
    { seed: SEED, numRuns: 500 },
  );
});

it('a window begins at a row behind folded containers', async () => {
  const value = new Map<string, Json>([
    ['a', [1, 2, 3]],
    ['b', 4],
    ['c', [5]],
    ['d', 6],
  ]);
  const page = await new StateText().page(value, { from: 2, count: 2, folded: ['/a', '/c'] }, noPause);
  expect(page).toMatchObject({ total: 6, lines: ['  "b": 4,', '  "c": [ … ],'], numbers: [6, 7], folds: [null, 'folded'] });
});
