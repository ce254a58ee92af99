import { describe, expect, it } from 'vitest';
import { readEvent, runtimeObjections, summaryOf } from '../../core/jamjet/event.ts';
import { generationOf, missingParts } from '../../core/jamjet/generation.ts';
import { hyphenated, idDigits, shownId } from '../../core/jamjet/ids.ts';
import { knownKinds } from '../../core/jamjet/kinds.ts';
import { asRuntimeReads } from '../../core/jamjet/number.ts';
import { segmentId } from '../../core/jamjet/segment.ts';
import { formatTime, millisecondsAt, millisecondsOf } from '../../core/jamjet/time.ts';
import { readWorkflow } from '../../core/jamjet/workflow.ts';
import { goldenLines } from '../support/golden.ts';

describe('numbers', () => {
  it('are read as the runtime reads them, to the bit, in 20,000 golden cases', () => {
    const wrong = goldenLines('numbers.tsv.gz').filter((line) => {
      const [text = '', read] = line.split('\t');
      return (asRuntimeReads(text) ?? 'error') !== read;
    });
    expect(wrong).toEqual([]);
  });
});

describe('ids', () => {
  const id = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
  it.each([id, shownId(id), id.toUpperCase(), id.replaceAll('-', ''), `  exec_${id}`])('%s is the same id', (text) => {
    expect(hyphenated(idDigits(text) as string)).toBe(id);
  });
  it('are found by their beginning', () => {
    expect(hyphenated(idDigits('exec_9f31c2d45b') as string)).toBe('9f31c2d4-5b');
    expect(idDigits('not an id')).toBeUndefined();
    expect(idDigits(`${id}0`)).toBeUndefined();
  });
  it('of segments are UUIDs of version 5', () => {
    expect(segmentId(id, 1)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(segmentId(id, 1)).not.toBe(segmentId(id, 2));
  });
});

describe('times', () => {
  it.each([
    ['2026-06-01T12:00:00+00:00', Date.UTC(2026, 5, 1, 12)],
    ['2026-06-01T12:00:00.123456789+00:00', Date.UTC(2026, 5, 1, 12) + 123.456789],
    ['2026-06-01T12:00:00.5Z', Date.UTC(2026, 5, 1, 12) + 500],
    ['2026-06-01T14:30:00+02:30', Date.UTC(2026, 5, 1, 12)],
    ['2026-06-01 12:00:00', Date.UTC(2026, 5, 1, 12)],
    ['2024-02-29T00:00:00+00:00', Date.UTC(2024, 1, 29)],
    ['1969-12-31T23:59:59+00:00', -1000],
  ])('%s is read', (text, expected) => {
    const bytes = new TextEncoder().encode(`x${text}y`);
    expect(millisecondsOf(text)).toBeCloseTo(expected, 5);
    expect(millisecondsAt(bytes, 1, bytes.length - 1)).toBeCloseTo(expected, 5);
  });
  it.each(['', 'yesterday', '2026-02-30T00:00:00Z', '2026-13-01T00:00:00+00:00', '1780000000'])('%j is not a time', (text) => {
    const bytes = new TextEncoder().encode(text);
    expect(millisecondsOf(text)).toBeNaN();
    expect(millisecondsAt(bytes, 0, bytes.length)).toBeNaN();
  });
  it('are written with 0, 3, 6 or 9 digits', () => {
    const at = Date.UTC(2026, 5, 1, 12);
    expect([formatTime(at), formatTime(at + 5), formatTime(at + 5, 1000), formatTime(at, 7)]).toEqual([
      '2026-06-01T12:00:00+00:00',
      '2026-06-01T12:00:00.005+00:00',
      '2026-06-01T12:00:00.005001+00:00',
      '2026-06-01T12:00:00.000000007+00:00',
    ]);
  });
});

describe('event kinds', () => {
  it('are the 46 of the format, each once', () => {
    const types = knownKinds().map(({ type }) => type);
    expect(new Set(types).size).toBe(types.length);
    expect(types).toHaveLength(46);
  });
  it('each have a one-line summary of an event without fields', () => {
    for (const { type } of knownKinds()) {
      const reading = readEvent(JSON.stringify({ type }));
      expect(reading.ok && typeof summaryOf(reading.event)).toBe('string');
    }
  });
  it('that are unknown are read in full', () => {
    const reading = readEvent('{"type":"telemetry","node_id":"n","x":{"__proto__":1.0}}');
    expect(reading.ok && [reading.event.kind.category, reading.event.nodeId, reading.event.fields.size]).toEqual(['unknown', 'n', 3]);
  });
  it('report why the runtime would refuse an event', () => {
    const objections = (text: string): readonly string[] => {
      const reading = readEvent(text);
      return reading.ok ? runtimeObjections(reading.event) : [];
    };
    expect(objections('{"type":"node_completed","node_id":"a","output":null,"state_patch":{},"duration_ms":1}')).toEqual([]);
    expect(objections('{"type":"node_completed","node_id":"a","output":null,"state_patch":{},"duration_ms":5.0,"cost_usd":1e400}')).toHaveLength(2);
    expect(objections('{"type":"node_failed","node_id":"a"}')).toEqual(['"error" is missing', '"attempt" is missing', '"retryable" is missing']);
  });
});

describe('workflow definitions', () => {
  it('have nodes and edges, also those inside of kinds', () => {
    const workflow = readWorkflow(
      '{"start_node":"a","nodes":{"a":{"kind":{"type":"condition","branches":[{"condition":"x","target":"b"},{"target":"end"}]}},"b":{"kind":{"type":"join","wait_for":["a"]}},"c":{}},"edges":[{"from":"b","to":"c","condition":null},{"from":"a","to":"b"}]}',
    );
    expect(workflow?.nodes.map(({ id, type }) => [id, type])).toEqual([
      ['a', 'condition'],
      ['b', 'join'],
      ['c', undefined],
    ]);
    expect(workflow?.edges).toEqual([
      { from: 'a', to: 'b', condition: 'x' },
      { from: 'a', to: 'end', condition: undefined },
      { from: 'b', to: 'c', condition: undefined },
    ]);
  });
  it('have every condition between two nodes on one edge', () => {
    const workflow = readWorkflow(
      '{"nodes":{"a":{"kind":{"type":"condition","branches":[{"target":"b"},{"condition":"x","target":"b"},{"condition":"y","target":"b"},{"condition":"x","target":"b"}]}}},"edges":[{"from":"a","to":"b"}]}',
    );
    expect(workflow?.edges).toEqual([{ from: 'a', to: 'b', condition: 'x or y' }]);
  });
  it('without any field are empty, not an error', () => {
    expect(readWorkflow('{}')).toEqual({ startNode: undefined, nodes: [], edges: [], models: new Map() });
    expect(readWorkflow('nonsense')).toBeUndefined();
  });
});

describe('generations', () => {
  it('are detected from the columns', () => {
    const tables = (entries: Record<string, string[]>) => new Map(Object.entries(entries).map(([table, columns]) => [table, new Set(columns)]));
    expect(generationOf(tables({ events: ['tenant_id'], work_items: ['max_attempts'] }))).toBe(3);
    expect(generationOf(tables({ events: ['tenant_id'], snapshots: ['last_sequence'] }))).toBe(5);
    expect(generationOf(tables({ tool_reservations: ['idempotency_key'] }))).toBe(11);
    expect(missingParts(tables({ events: ['sequence'] }))).toContain('events.kind_json');
  });
});
