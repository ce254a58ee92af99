import { describe, expect, it } from 'vitest';
import { FaultError } from '../../core/fault.ts';
import { eventFilter, textForFilter } from '../../core/replay/filter.ts';

interface Row {
  readonly sequence: number;
  readonly type: string;
  readonly node?: string;
  readonly error?: string;
}

const LOG: readonly Row[] = [
  { sequence: 1, type: 'workflow_started' },
  { sequence: 2, type: 'node_started', node: 'search' },
  { sequence: 3, type: 'node_failed', node: 'search', error: 'Timeout after 30 s at 10:30' },
  { sequence: 4, type: 'node_failed', node: 'notify', error: 'SMTP 451' },
  { sequence: 5, type: 'approval_received', node: 'publish' },
];

function matching(filter: string): number[] {
  const test = eventFilter(filter);
  return LOG.filter(({ sequence, type, node, error }) =>
    test(type, node)(sequence, () => textForFilter(JSON.stringify({ type, node_id: node, error, hidden: 'deep down' }))),
  ).map(({ sequence }) => sequence);
}

describe('S1: the filter of events', () => {
  it.each([
    ['', [1, 2, 3, 4, 5]],
    ['timeout', [3]],
    ['TIMEOUT search', [3]],
    ['"after 30 s"', [3]],
    ['"after 30', [3]],
    ['10:30', [3]],
    ['451', [4]],
    ['type:failed', [3, 4]],
    ['type:failed -node:notify', [3]],
    ['-type:failed', [1, 2, 5]],
    ['-timeout', [1, 2, 4, 5]],
    ['-timeout -451 node:', [1, 2, 5]],
    ['search OR human', [2, 3, 5]],
    ['type:started OR 451 node:notify', [1, 2, 4]],
    ['OR type:failed OR', [3, 4]],
    ['after:#2 before:#5', [3, 4]],
    ['after:3', [4, 5]],
    ['-after:#2 -before:#2', [2]],
    ['before:#', [1, 2, 3, 4, 5]],
    ['text:"deep down" node:search', [2, 3]],
    ['"approval received"', [5]],
    ['deep', []],
    ['-', []],
  ] as const)('%s', (filter, sequences) => {
    expect(matching(filter)).toEqual(sequences);
  });

  it('reports a field that does not exist, and a position that is no number, as a sentence', () => {
    expect(() => eventFilter('foo:bar')).toThrow(FaultError);
    expect(() => eventFilter('foo:bar')).toThrow(
      'The filter cannot be used: there is no field "foo:". The fields are type:, node:, text:, after: and before:; put text with a colon in quotes.',
    );
    expect(() => eventFilter('__proto__:x')).not.toThrow();
    expect(() => eventFilter('constructor:x')).toThrow('there is no field "constructor:"');
    expect(() => eventFilter('after:noon')).toThrow('"after:" needs the number of an event, such as after:#100');
  });

  it('says what the header does not decide', () => {
    expect(eventFilter('timeout')('node_failed', 'search')(3)).toBeUndefined();
    expect(eventFilter('timeout type:started')('node_failed', 'search')(3)).toBe(false);
    expect(eventFilter('timeout OR search')('node_failed', 'search')(3)).toBe(true);
  });
});
