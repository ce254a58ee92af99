import { join } from 'node:path';
import { expect, it } from 'vitest';
import { eachEvent } from '../../core/export/events.ts';
import { readEvent } from '../../core/jamjet/event.ts';
import { type Decimal, decimalOf, decimalText, sumOf, ZERO } from '../../core/json/decimal.ts';
import { valueAt } from '../../core/json/pointer.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { JsonNumber, numberText } from '../../core/json/value.ts';
import { applyEvent, origin } from '../../core/replay/fold.ts';
import { TRACKS } from '../../core/vocabulary.ts';
import { startEngine, value } from '../support/engine.ts';
import { openSqlite } from '../support/sources.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const AGENT = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
const RUN = { source: 1, execution: AGENT };
const PATHS = ['/cost/usd', '/critic/score', '/customer/account', '/approved_by', '/nothing'];
const ALL = [...TRACKS, ...PATHS] as [...typeof TRACKS, ...string[]];

/** The exact text of each track at each sequence of the sample, by the plain fold and exact sums; undefined for no number. */
async function plainTracks(): Promise<readonly ReadonlyMap<string, string | undefined>[]> {
  const source = await openSqlite(SAMPLE);
  const row = await source.execution(AGENT);
  let moment = origin(parseJson(row?.initialInputJson ?? '{}'));
  const sums = new Map<string, Decimal>(['tokens', 'cost', 'duration', 'retries'].map((name) => [name, ZERO]));
  const here = (): ReadonlyMap<string, string | undefined> => {
    const numbers = PATHS.map((path): [string, string | undefined] => {
      const at = valueAt(moment.currentState, path);
      return [path, typeof at === 'number' || at instanceof JsonNumber ? numberText(at) : undefined];
    });
    const size = String(Buffer.byteLength(canonicalJson(moment.currentState)));
    return new Map<string, string | undefined>([...[...sums].map(([name, sum]) => [name, decimalText(sum)] as const), ['size', size], ...numbers]);
  };
  const found = [here()];
  const fieldsOf: Readonly<Record<string, readonly string[]>> = {
    tokens: ['input_tokens', 'output_tokens'],
    cost: ['cost_usd', 'total_cost'],
    duration: ['duration_ms'],
  };
  for await (const { sequence, text } of eachEvent(source, AGENT, {})) {
    const reading = readEvent(text ?? '');
    const event = reading.ok ? reading.event : undefined;
    moment = applyEvent(moment, sequence, event);
    const type = event?.kind.type ?? '';
    for (const [name, fields] of Object.entries(fieldsOf)) {
      for (const field of /^(node|agent_tool)_completed$/.test(type) ? fields : []) {
        const amount = event?.fields.get(field);
        if (field === 'duration_ms' && type !== 'node_completed') continue;
        if (typeof amount === 'number' || amount instanceof JsonNumber) sums.set(name, sumOf(sums.get(name) as Decimal, decimalOf(numberText(amount))));
      }
    }
    if (type === 'retry_scheduled') sums.set('retries', sumOf(sums.get('retries') as Decimal, decimalOf('1')));
    found[sequence] = here();
  }
  source.close();
  return found;
}

it('B7: every track of the sample is what the plain fold and exact sums give, drawn and at the cursor', async () => {
  const plain = await plainTracks();
  const last = plain.length - 1;
  const source = await openSqlite(SAMPLE);
  const { client } = startEngine({ open: async () => source });
  await value(client.ask('sources.open', { source: 1, prepared: { kind: 'example' } }));
  await value(client.ask('executions.open', RUN));
  const ask = (axis: 'sequence' | 'time', columns: number) =>
    value(client.ask('timeline.tracks', { ...RUN, from: 0, to: last, columns, axis, tracks: [...ALL] as never }));
  const bySequence = await ask('sequence', last + 1);
  for (const [i, track] of ALL.entries()) {
    const expected = plain.map((at) => Number(at.get(track) ?? Number.NaN));
    const drawn = [...(bySequence[i]?.last ?? [])];
    expect([track, drawn.map((number) => Math.round(number * 1e6))]).toEqual([track, expected.map((number) => Math.round(number * 1e6))]);
    expect(bySequence[i]?.end.text ?? undefined).toBe(plain[last]?.get(track));
  }
  // By time, fewer columns have the same extremes and the same end.
  for (const [i, { low, high, last: ends }] of (await ask('time', 97)).entries()) {
    const expected = plain.slice(1).flatMap((at) => at.get(ALL[i] as string) ?? []);
    const finite = (numbers: Float64Array): number[] => [...numbers].filter(Number.isFinite);
    if (expected.length === 0) expect(finite(low)).toEqual([]);
    else {
      expect(Math.min(...finite(low))).toBeCloseTo(Math.min(...expected.map(Number)), 6);
      expect(Math.max(...finite(high))).toBeCloseTo(Math.max(...expected.map(Number)), 6);
      expect(ends.at(-1)).toBeCloseTo(Number(plain[last]?.get(ALL[i] as string) ?? Number.NaN), 6);
    }
  }
  for (const sequence of [0, 1, 239, 240, 402, last]) {
    const frame = await value(client.ask('frame.at', { ...RUN, sequence, reading: 'replay', want: { tracks: { tracks: [...ALL] as never } } }));
    expect(frame.slices.tracks?.map(({ track, text }) => [track, text ?? undefined])).toEqual(ALL.map((track) => [track, plain[sequence]?.get(track)]));
  }
  // M19: the export has the same values, exactly.
  const exported = await value(
    client.ask('export.text', { ...RUN, sequence: last, kind: 'tracks', form: 'csv', reading: 'replay', from: 200, tracks: [...ALL] as never }),
  );
  const [head, ...rows] = exported.text.trimEnd().split('\r\n');
  expect(head).toBe(`sequence,time,${ALL.join(',')},note`);
  const cells = rows.map((row) => row.split(','));
  expect(rows.at(-1)).toMatch(/cost at least: \d+ calls have no cost/);
  expect(cells.map(([sequence, , ...values]) => [Number(sequence), ...values.slice(0, ALL.length)])).toEqual(
    plain.slice(200).map((at, i) => [200 + i, ...ALL.map((track) => at.get(track) ?? '')]),
  );
});
