import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Event, readEvent } from '../../core/jamjet/event.ts';
import { decimalOf, decimalText, sumOf } from '../../core/json/decimal.ts';
import { canonicalJson, printJson } from '../../core/json/print.ts';
import { JsonSizes } from '../../core/json/size.ts';
import { type Json, JsonNumber, numberText } from '../../core/json/value.ts';
import { CostTrack } from '../../core/replay/cost-track.ts';
import { CostTotals, numberOf } from '../../core/replay/costs.ts';
import { chunkOf } from '../support/history.ts';
import { hostileValue, SEED } from '../support/hostile.ts';

/** The tokens in and the dollars of an event, as they are stored. */
function amountsOf({ kind, fields }: Event): string[] {
  const names = kind.type === 'node_completed' ? ['input_tokens', 'cost_usd'] : kind.type === 'agent_tool_completed' ? ['total_cost'] : [];
  return names.flatMap((name) => {
    const value = fields.get(name);
    return numberOf(value) === undefined ? [] : [numberText(value as number | JsonNumber)];
  });
}

const amount = fc.oneof(
  fc.nat().map((value): Json => value),
  fc.constantFrom<Json>(new JsonNumber('0.25'), new JsonNumber('0.1'), new JsonNumber('0.12345678901234567890123'), new JsonNumber('1e400'), null, '7', -3),
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
      let exact = decimalOf('0');
      readings.forEach((reading, position) => {
        if (reading.ok) totals.add(reading.event);
        expect(track.at(position)).toEqual(totals.total);
        if (reading.ok) for (const amount of amountsOf(reading.event)) exact = sumOf(exact, decimalOf(amount));
        expect(decimalText(track.exactAt(position, ['inputTokens', 'costUsd']))).toBe(decimalText(exact));
      });
    }),
    { seed: SEED, numRuns: 1000 },
  );
});

it('B7: the sums of a long log are exact at every event, in any order of asking', () => {
  const costs = Array.from({ length: 1500 }, (_, i) => `0.${'0'.repeat(i % 17)}${i + 1}`);
  const events = costs.map((cost, i) => ({ sequence: i + 1, text: `{"type":"node_completed","cost_usd":${cost},"input_tokens":${i}}` }));
  const track = new CostTrack();
  track.append(chunkOf(events), () => 'node_completed');
  const tokens = track.series(['inputTokens']);
  for (const position of [1499, 0, 255, 256, 257, 1023, 512, 7]) {
    const sum = costs
      .slice(0, position + 1)
      .map(decimalOf)
      .reduce(sumOf);
    expect(decimalText(track.exactAt(position, ['costUsd']))).toBe(decimalText(sum));
    expect([tokens.valueOf(position), track.at(position).inputTokens]).toEqual([(position * (position + 1)) / 2, (position * (position + 1)) / 2]);
  }
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
