import { describe, expect, it } from 'vitest';
import { arranged, moved, NO_CHOICE, without, withShown } from '../../renderer/state/columns.ts';

const IDS = ['a', 'b', 'c', 'd'];

describe('M5, M6: the columns of a list', () => {
  it('are moved to the place of another one', () => {
    expect(moved(IDS, 'd', 'a').join('')).toBe('dabc');
    expect(moved(IDS, 'b', 'd').join('')).toBe('acdb');
  });

  it('that came after an order was chosen stay behind their neighbours, and those that are gone are left out', () => {
    expect(arranged(IDS, []).join('')).toBe('abcd');
    expect(arranged(IDS, ['d', 'gone', 'a', 'b']).join('')).toBe('dabc');
    expect(arranged(IDS, ['d', 'b']).join('')).toBe('adbc');
  });

  it('are forgotten with all that was chosen about them', () => {
    expect(without({ ...withShown(NO_CHOICE, 'b', true), order: ['b'], widths: { b: 200 } }, 'b')).toEqual(NO_CHOICE);
  });
});
