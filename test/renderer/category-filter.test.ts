import { expect, it } from 'vitest';
import { categoriesOf, withCategories } from '../../renderer/state/category-filter.ts';

it('the legend adds its categories to a filter and takes them away again', () => {
  expect(withCategories('', ['failure'])).toBe('category:failure');
  expect(withCategories('timeout', ['failure'])).toBe('timeout category:failure');
  expect(withCategories('timeout category:failure', ['failure', 'human'])).toBe('timeout (category:failure OR category:human)');
  expect(withCategories('timeout (category:failure OR category:human)', ['human'])).toBe('timeout category:human');
  expect(withCategories('timeout category:human', [])).toBe('timeout');
  expect(withCategories('a OR b', ['node'])).toBe('(a OR b) category:node');
});

it('the legend reads only what it would write', () => {
  expect(categoriesOf('timeout (category:failure OR category:human)')).toEqual(['failure', 'human']);
  expect(categoriesOf('category:failure timeout')).toEqual([]);
  expect(categoriesOf('a OR category:failure')).toEqual([]);
  expect(categoriesOf('NOT category:failure')).toEqual([]);
  expect(categoriesOf('-category:failure')).toEqual([]);
});
