import { expect, it } from 'vitest';
import { Kept } from '../../core/source/sqlite/kept.ts';

it('the answers that were used last are kept, not those that were made last', async () => {
  const kept = new Kept<string>();
  const made: string[] = [];
  const get = (key: string): Promise<string> =>
    kept.get('1', key, async () => {
      made.push(key);
      return key;
    });
  for (const key of ['often', 'b', 'c', 'd', 'often', 'e', 'often', 'f', 'often']) expect(await get(key)).toBe(key);
  expect(made).toEqual(['often', 'b', 'c', 'd', 'e', 'f']);
  await get('b');
  await get('f');
  expect(made.slice(6)).toEqual(['b']);
});
