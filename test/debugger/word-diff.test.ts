import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordDiffer } from '../../core/debugger/word-diff.ts';

describe('S14: two texts', () => {
  it('are compared word by word, with what did not change shortened', () => {
    const before = `${'The customer wrote this. '.repeat(20)}Send 100 to the account.`;
    const parts = wordDiffer()(before, before.replace('100', '120'));
    expect(parts).toEqual([
      { op: 'same', text: expect.stringMatching(/^… .{60}$/) },
      { op: 'removed', text: '100' },
      { op: 'added', text: '120' },
      { op: 'same', text: ' to the account.' },
    ]);
  });

  it('that are long differ at what is not common at their ends', () => {
    const [start, end] = ['a '.repeat(200_000), ' z'.repeat(200_000)];
    const parts = wordDiffer()(`${start}old${end}`, `${start}new${end}`);
    expect(parts.filter(({ op }) => op !== 'same')).toEqual([
      { op: 'removed', text: 'old' },
      { op: 'added', text: 'new' },
    ]);
  });

  it('give both of them, when nothing is shortened', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'cc', ' ', '.'), { maxLength: 20 }).map((words) => words.join(''));
    fc.assert(
      fc.property(text, text, (old, now) => {
        const parts = wordDiffer()(old, now);
        const without = (op: string): string => parts.flatMap((part) => (part.op === op ? [] : [part.text])).join('');
        expect([without('added'), without('removed')]).toEqual([old, now]);
      }),
    );
  });
});
