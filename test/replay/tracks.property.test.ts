import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readEvent } from '../../core/jamjet/event.ts';
import { canonicalJson, printJson } from '../../core/json/print.ts';
import { JsonSizes } from '../../core/json/size.ts';
import { type Json, JsonNumber } from '../../core/json/value.ts';
import { CostTrack } from '../../core/replay/cost-track.ts';
import { CostTotals } from '../../core/replay/costs.ts';
import { chunkOf } from '../support/history.ts';
import { hostileValue, SEED } from '../support/hostile.ts';

const amount = fc.oneof(
  fc.nat().map((value): Json => value),
  fc.constantFrom<Json>(new JsonNumber('0.25'), new JsonNumber('1e400'), null, '7', -3),
  hostileValue,
);
const fields = fc.dictionary(fc.constantFrom('input_tokens', 'output_tokens', 'cost_usd', 'total_cost', 'duration_ms', 'output', 'attempt'), amount);
const kind = fc.constantFrom('node_completed', 'node_failed', 'retry_scheduled', 'agent_tool_completed', 'node_started', 'made_up');
const text = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(kind, fields).map(([type, more]) => printJson(new Map<string, Json>([['type', type], ...Object.entries(more)]))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"type":"node_completed","duration_ms":5,"duration_ms":7}',
      '{"type":"node_completed","duration_ms":5,"duration_ms":"x"}',
      '{"type":"node_completed","\\u0064uration_ms":9}',
      '{"type":"node_completed","input_tokens":1',
      '{"input_tokens":3,"type":"node_completed"}',
    ),
  },
);

it('the cost track has the sums up to every event', () => {
  fc.assert(
    fc.property(fc.array(text, { maxLength: 20, size: 'medium' }), fc.constantFrom(1, 7, 1000), (texts, chunkSize) => {
      const readings = texts.map((event) => readEvent(event));
      const events = texts.map((event, i) => ({ sequence: i + 1, text: event }));
      const track = new CostTrack();
      const typeOf = (position: number): string | undefined => {
        const reading = readings[position];
        return reading?.ok ? reading.event.kind.type : undefined;
      };
      for (let from = 0; from < events.length; from += chunkSize) track.append(chunkOf(events.slice(from, from + chunkSize)), typeOf);
      const totals = new CostTotals();
      expect(track.at(-1)).toEqual(totals.total);
      readings.forEach((reading, position) => {
        if (reading.ok) totals.add(reading.event);
        expect(track.at(position)).toEqual(totals.total);
      });
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

it('the size of a value is the length of its compact text', () => {
  const sizes = new JsonSizes();
  fc.assert(
    fc.property(hostileValue, (value) => {
      expect(sizes.of(value)).toBe(Buffer.byteLength(canonicalJson(value)));
    }),
    { seed: SEED, numRuns: 500 },
  );
});
