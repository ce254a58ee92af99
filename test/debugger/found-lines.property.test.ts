import fc from 'fast-check';
import { expect, it } from 'vitest';
import { foundLines } from '../../core/debugger/found-lines.ts';
import { noPause } from '../../core/debugger/pacing.ts';

function startsOf(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

const WORD = fc.stringMatching(/^[aAb.*("]{1,3}$/);

it('M14: the lines in which a text is found are those that contain it in any case, each once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.stringMatching(/^[aAb.*(" ]{0,12}$/), { maxLength: 30 }), WORD, async (lines, sought) => {
      const text = lines.join('\n');
      const expected = text.split('\n').flatMap((line, i) => (line.toLowerCase().includes(sought.toLowerCase()) ? [i] : []));
      expect(await foundLines(text, startsOf(text), sought, noPause)).toEqual({ total: expected.length, lines: expected });
    }),
  );
});

it('M14: lines are found in every part of a long text, and all are counted', async () => {
  const line = `${'x'.repeat(97)} a\n`;
  const text = line.repeat(25_000);
  const found = await foundLines(text, startsOf(text), ' A', noPause);
  expect(found.total).toBe(25_000);
  expect(found.lines).toHaveLength(10_000);
  expect(found.lines.at(-1)).toBe(9999);
});
