import { describe, expect, it } from 'vitest';
import { FaultError } from '../../core/fault.ts';
import { eventFilter } from '../../core/replay/filter.ts';
import { FilteredEvent } from '../../core/replay/filtered-event.ts';

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
    test(type, node)(sequence, () => new FilteredEvent(JSON.stringify({ type, node_id: node, error, hidden: 'deep down' }))),
  ).map(({ sequence }) => sequence);
}

describe('S1: the filter of events', () => {
  it.each([
    ['', [1, 2, 3, 4, 5]],
    ['timeout', [3]],
    ['TIMEOUT search', [3]],
    ['"after 30 s"', [3]],
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
    expect(() => eventFilter('foo:bar')).toThrow(/there is no field "foo:". The fields are type:, .* and before:; put text with a colon in quotes\.$/);
    expect(() => eventFilter('__proto__:x')).not.toThrow();
    expect(() => eventFilter('constructor:x')).toThrow('there is no field "constructor:"');
    expect(() => eventFilter('after:noon')).toThrow('"after:" needs the number of an event or a time, such as after:#100');
  });

  it('says what the header does not decide', () => {
    expect(eventFilter('timeout')('node_failed', 'search')(3)).toBeUndefined();
    expect(eventFilter('timeout type:started')('node_failed', 'search')(3)).toBe(false);
    expect(eventFilter('timeout OR search')('node_failed', 'search')(3)).toBe(true);
  });
});

describe('M15: the language of the filter', () => {
  const EVENTS = [
    { type: 'node_completed', node_id: 'draft', cost_usd: 0.02, input_tokens: 900, output_tokens: 200, duration_ms: 2500, gen_ai_model: 'm-large' },
    { type: 'node_completed', node_id: 'check', duration_ms: 40 },
    { type: 'node_failed', node_id: 'draft', error: 'Rate (limit)', attempt: 2 },
    { type: 'approval_received', node_id: 'gate', decision: 'rejected', user_id: 'kim' },
  ].map((event, i) => ({ sequence: i + 1, event }));
  const context = {
    changes: (path: string) => (sequence: number) => path === '/total' && sequence === 2,
    firstAt: (time: number) => (time > Date.UTC(2026, 5, 1) ? 3 : 1),
  };
  const found = (filter: string): number[] => {
    const test = eventFilter(filter, context);
    return EVENTS.filter(({ sequence, event }) => test(event.type, event.node_id)(sequence, () => new FilteredEvent(JSON.stringify(event)))).map(
      ({ sequence }) => sequence,
    );
  };

  it.each([
    ['cost>0.01', [1]],
    ['cost:0.02', [1]],
    ['tokens>=1100', [1]],
    ['duration>2s', [1]],
    ['duration<100ms', [2]],
    ['attempt:2', [3]],
    ['size>1', [1, 2, 3, 4]],
    ['category:failure', [3]],
    ['category:human OR model:LARGE', [1, 4]],
    ['decision:rejected by:kim', [4]],
    ['error:rate', [3]],
    ['NOT node:draft', [2, 4]],
    ['-(node:draft OR node:check)', [4]],
    ['(node:draft OR node:check) AND type:completed', [1, 2]],
    ['node:draft AND NOT (type:failed OR cost>1)', [1]],
    ['changed:/total', [2]],
    ['-changed:/total type:completed', [1]],
    ['after:2026-07-01', [3, 4]],
    ['before:"2026-07-01 12:30"', [1, 2]],
    ['"rate (limit)"', [3]],
    ['(', []],
  ] as const)('%s', (filter, sequences) => {
    if (filter === '(') expect(() => found(filter)).toThrow('a parenthesis is not closed');
    else expect(found(filter)).toEqual(sequences);
  });

  it.each([
    ['node:draft foo:1', [11, 16]],
    ['cost>much', [0, 9]],
    ['node>3', [0, 6]],
    ['draft changed:total', [6, 19]],
    ['draft ) x', [6, 7]],
    ['category:none', [0, 13]],
    ['node:draft text:"rate (limit', [16, 28]],
    ['"rate" "limit', [7, 13]],
  ] as const)('points at what is wrong in %s', (filter, at) => {
    try {
      found(filter);
      expect.unreachable();
    } catch (error) {
      expect((error as FaultError).fault.at).toEqual(at);
    }
  });

  it('refuses what needs the whole log where that is not read', () => {
    expect(() => eventFilter('changed:/total')).toThrow('needs the whole log');
  });
});
