import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pathSeries, tracksOf } from '../../core/debugger/tracks.ts';
import { childPointer, valueAt } from '../../core/json/pointer.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { isArray, isObject, type Json, JsonNumber } from '../../core/json/value.ts';
import { type Series, seriesColumns } from '../../core/replay/series.ts';
import { stateSizes } from '../../core/replay/state-sizes.ts';
import { finish } from '../../core/replay/steps.ts';
import { executionOf, historyOf } from '../support/history.ts';
import { hostileHistory, SEED } from '../support/hostile.ts';

/** The columns that a series must have: the values after all events of each, one by one. */
function plainColumns(valueAfter: (position: number) => number, edges: Uint32Array) {
  return Array.from({ length: edges.length - 1 }, (_, column) => {
    const [from, to] = [edges[column] as number, edges[column + 1] as number];
    const values = from === to ? [valueAfter(from - 1)] : Array.from({ length: to - from }, (_, i) => valueAfter(from + i));
    const finite = values.filter(Number.isFinite);
    const last = values.at(-1) as number;
    return finite.length === 0
      ? [Number.NaN, Number.NaN, Number.NaN]
      : [Math.min(...finite), Math.max(...finite), Number.isFinite(last) ? last : Number.NaN].map((value) => value + 0);
  });
}

function columnsOf(series: Series, edges: Uint32Array) {
  const { low, high, last } = finish(seriesColumns(series, edges));
  return Array.from(low, (_, i) => [low[i], high[i], last[i]].map((value) => (value as number) + 0));
}

const cuts = fc.array(fc.nat({ max: 40 }), { minLength: 2, maxLength: 12 });

function edgesOf(sorted: readonly number[], count: number): Uint32Array {
  return Uint32Array.from(sorted.map((cut) => Math.min(cut, count)).sort((a, b) => a - b));
}

it('B7: the size of the state is that of its compact text after every event, in every column', () => {
  fc.assert(
    fc.property(hostileHistory, cuts, (hostile, cut) => {
      const history = historyOf(hostile, 7);
      const sizes = finish(stateSizes(history));
      const plain = (position: number): number => Buffer.byteLength(canonicalJson(history.stateAt(position)));
      for (let position = -1; position < history.count; position++) expect(sizes.at(position)).toBe(plain(position));
      const edges = edgesOf(cut, history.count);
      expect(columnsOf(sizes, edges)).toEqual(plainColumns(plain, edges));
    }),
    { seed: SEED, numRuns: 300 },
  );
});

it('B7: a path is a track of its numbers in the plain fold, with gaps where it is none', () => {
  fc.assert(
    fc.property(hostileHistory, cuts, (hostile, cut) => {
      const history = historyOf(hostile, 1000);
      const edges = edgesOf(cut, history.count);
      for (const path of pathsOf(history.stateAt(Math.floor(history.count / 2))).slice(0, 10)) {
        const plain = (position: number): number => {
          const value = valueAt(history.stateAt(position), path);
          return typeof value === 'number' ? value : value instanceof JsonNumber ? Number(value.text) : Number.NaN;
        };
        expect(columnsOf(finish(pathSeries(history, path)), edges)).toEqual(plainColumns(plain, edges));
      }
    }),
    { seed: SEED, numRuns: 300 },
  );
});

it('B7: the value of a path at a moment is the stored number, and what is not a number is said', async () => {
  const event = (sequence: number, patch: string) => ({ sequence, text: `{"type":"node_completed","node_id":"a","state_patch":${patch}}` });
  const execution = await executionOf({ initialInput: new Map(), events: [event(1, '{"a":1.10}'), event(2, '{"a":"x"}')], snapshots: [] });
  const at = (position: number) => tracksOf(execution).valueAt('/a', position, execution.history.stateAt(position));
  expect([at(-1), at(0), at(1)]).toEqual([
    { track: '/a', text: null, note: 'no value' },
    { track: '/a', text: '1.10', note: null },
    { track: '/a', text: null, note: 'not a number: string' },
  ]);
});

function pathsOf(value: Json, path = ''): string[] {
  const here = path === '' ? [] : [path];
  if (isObject(value)) return [...here, ...[...value].flatMap(([key, member]) => pathsOf(member, childPointer(path, key)))];
  return isArray(value) ? [...here, ...value.flatMap((item, i) => pathsOf(item, childPointer(path, i)))] : here;
}
