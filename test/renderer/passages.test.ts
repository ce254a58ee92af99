import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { passageAt, passagesOf, placesOf } from '../../renderer/views/reader/passages.ts';

describe('S14: the passages of a text', () => {
  it('are its lines, of which long ones are divided behind a space', () => {
    const line = 'word '.repeat(500);
    const text = `first\n\n${line}`;
    const passages = passagesOf(text);
    expect(passages.map(({ start, end }) => text.slice(start, end))).toEqual(['first', '', line.slice(0, 1000), line.slice(1000, 2000), line.slice(2000)]);
  });

  it('together are the text, and none begins or ends inside a character', () => {
    const piece = fc.constantFrom('🙂', 'a', ' ', '\n', 'x'.repeat(999));
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const passages = passagesOf(text);
        const shown = passages.map(({ start, end }) => text.slice(start, end)).join('');
        expect(shown).toBe(text.replaceAll('\n', ''));
        for (const { start, end } of passages) {
          expect(text.slice(start, end).isWellFormed()).toBe(true);
          expect(passages[passageAt(passages, start)]?.start).toBe(start);
        }
      }),
    );
  });

  it('are searched without regard to case', () => {
    expect(placesOf('Timeout: the timeout', 'TIMEOUT')).toEqual([0, 13]);
    expect(placesOf('aaa', 'aa')).toEqual([0]);
    expect(placesOf('text', '')).toEqual([]);
  });
});
