import { expect, it } from 'vitest';
import { typedSequence } from '../../renderer/widgets/sequence-text.ts';

it('a typed sequence is a whole number from 0 to the last one, or one sentence says why it is none', () => {
  for (const [text, sequence] of [
    ['0', 0],
    ['409', 409],
    [' #12 ', 12],
  ] as const)
    expect(typedSequence(text, 409)).toEqual({ sequence });
  for (const text of ['-3', '1.5', '1e2', 'x', '#']) expect(typedSequence(text, 409)).toEqual({ problem: 'A sequence is a whole number, 0 or more.' });
  expect(typedSequence(' ', 409)).toEqual({ problem: 'Type a sequence from 0 to 409.' });
  for (const text of ['410', '9'.repeat(400)]) expect(typedSequence(text, 409)).toEqual({ problem: 'The last event is #409.' });
});
