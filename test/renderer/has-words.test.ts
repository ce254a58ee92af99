import { expect, it } from 'vitest';
import { hasWords } from '../../renderer/views/palette/has-words.ts';

it('S9: every typed word begins a word of the text', () => {
  expect(hasWords('Reload Database File', 'erase')).toBe(false);
  expect(hasWords('Reload Database File', 'data rel')).toBe(true);
  expect(hasWords('search_web', 'web')).toBe(true);
  expect(hasWords('Zoé', 'ZOÉ')).toBe(true);
  expect(hasWords('anything', '')).toBe(true);
  expect(hasWords('Export', 'export all')).toBe(false);
});
