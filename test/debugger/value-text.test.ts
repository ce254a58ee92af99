import { expect, it } from 'vitest';
import { keyText, oneLine, valueText } from '../../core/debugger/value-text.ts';

it('T15: characters that are not seen, or that turn text around, are displayed as escapes; blank keys are in quotes', () => {
  expect(valueText('a\u202eb').text).toBe('"a\\u202eb"');
  expect(oneLine(new Map([['k\u2066', 'x']]))).toContain('\\u2066');
  expect(['', ' ', '\n', 'plain', 'a\u202eb'].map(keyText)).toEqual(['""', '" "', '"\\n"', 'plain', 'a\\u202eb']);
});
