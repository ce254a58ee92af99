import { describe, expect, it } from 'vitest';
import {
  arranged,
  type Column,
  isShown,
  leastWidth,
  moved,
  movedBy,
  NO_CHOICE,
  templateOf,
  without,
  withShown,
  withWidth,
} from '../../renderer/state/columns.ts';

const COLUMNS: readonly Column[] = [
  { id: 'a', label: 'A', width: 50, fixed: true },
  { id: 'b', label: 'B', width: 60, grows: 1 },
  { id: 'c', label: 'C', width: 70, optional: true },
  { id: 'd', label: 'D', width: 80 },
];
const ids = (choice = NO_CHOICE): string =>
  arranged(COLUMNS, choice)
    .map(({ id }) => id)
    .join('');

describe('M5, M6: the columns of a list', () => {
  it('are moved to the place of another one, and past hidden ones', () => {
    expect(ids()).toBe('abcd');
    expect(ids(moved(COLUMNS, NO_CHOICE, 'd', 'a'))).toBe('dabc');
    expect(ids(movedBy(COLUMNS, NO_CHOICE, 'b', 1))).toBe('acdb');
    expect(ids(movedBy(COLUMNS, NO_CHOICE, 'a', -1))).toBe('abcd');
    expect(ids(moved(COLUMNS, NO_CHOICE, 'x', 'a'))).toBe('abcd');
  });

  it('that came after an order was chosen stay behind their neighbours, and those that are gone are left out', () => {
    expect(ids({ ...NO_CHOICE, order: ['d', 'gone', 'a', 'b'] })).toBe('dabc');
    expect(ids({ ...NO_CHOICE, order: ['d', 'b'] })).toBe('adbc');
  });

  it('are shown or hidden by choice, except those that are always shown', () => {
    const shown = (choice = NO_CHOICE): string =>
      COLUMNS.filter((column) => isShown(column, choice))
        .map(({ id }) => id)
        .join('');
    expect(shown()).toBe('abd');
    expect(shown(withShown(withShown(NO_CHOICE, 'c', true), 'd', false))).toBe('abc');
    expect(shown(withShown(NO_CHOICE, 'a', false))).toBe('abd');
  });

  it('share the room that is left, until they have a width of their own, which has limits', () => {
    expect(templateOf(COLUMNS, NO_CHOICE)).toBe('50px minmax(60px, 1fr) 70px 80px');
    const wide = withWidth(NO_CHOICE, 'b', 200.4);
    expect(templateOf(COLUMNS, wide)).toBe('50px 200px 70px 80px');
    expect(leastWidth(COLUMNS, wide)).toBe(400);
    expect(withWidth(NO_CHOICE, 'b', -5).widths['b']).toBe(32);
    expect(without(wide, 'b')).toEqual(NO_CHOICE);
  });
});
