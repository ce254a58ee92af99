import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type EngineRequests, type Params, pageRequests } from '../../core/contract/contract.ts';
import type { Result } from '../../core/fault.ts';
import { preparedFile, startEngine, value } from '../support/engine.ts';
import { SEED } from '../support/hostile.ts';
import { valuesOf } from '../support/schema-values.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const RUNS = process.env['HINDSIGHT_SHORT'] === '1' ? 15 : 200;

/** What means something in the sample. */
const KNOWN: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  source: fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.constant(9) }),
  execution: fc.constantFrom('9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a', '50c1a8be-3d27-4f60-b9e4-8a5517d0c350'),
  sequence: fc.integer({ min: 0, max: 420 }),
  pointer: fc.constantFrom('', '/messages', '/messages/0', '/messages/0/content', '/order', '/__proto__', '/a~1b', '/messages/99999'),
  node: fc.constantFrom('agent', 'model', 'tools', '', '__proto__', 'constructor'),
  filter: fc.constantFrom('', 'type:failed', 'node:model', 'changed:/messages', 'NOT type:x OR y', 'before:3 after:1', 'ä"', '__proto__'),
  text: fc.constantFrom('error', 'a', '', '"', '\\', '__proto__'),
  condition: fc.constantFrom('size(state.messages) > 3', 'status == "failed"', 'event.type == "x"', 'state.__proto__', '('),
};

/** What no request may contain, and what no schema expects. */
const HOSTILE: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => Number.NaN,
  () => -1,
  () => 1e308,
  () => 0.5,
  () => 2n ** 80n,
  () => '\0',
  () => '__proto__',
  () => 'x'.repeat(100_000),
  () => '/'.repeat(50_000),
  () => new Array(100_000).fill('/a'),
  () => new Map([['a', 1]]),
  () => new Date(Number.NaN),
  () => new Uint8Array(10),
  () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    return cycle;
  },
  () => {
    let deep: unknown = 1;
    for (let i = 0; i < 5000; i++) deep = [deep];
    return deep;
  },
];

/** Replaces a part of the parameters, adds a key, or removes one. */
function spoiled(params: unknown, place: number, hostile: unknown): unknown {
  if (typeof params !== 'object' || params === null) return hostile;
  const entries = Object.entries(params);
  const at = place % (entries.length + 2);
  if (at === entries.length) return Object.defineProperty({ ...params }, '__proto__', { value: hostile, enumerable: true });
  if (at > entries.length) return hostile;
  const [key = '', inner] = entries[at] ?? [];
  const rest = Math.floor(place / (entries.length + 2));
  if (rest % 3 === 0) return Object.fromEntries(entries.filter(([other]) => other !== key));
  return { ...params, [key]: rest % 3 === 1 ? spoiled(inner, Math.floor(rest / 3), hostile) : hostile };
}

/** Fails unless it is an answer that tells nothing of the program itself. */
function expectAnswer(name: string, params: unknown, result: Result<unknown>): void {
  if (result.ok) return;
  const told = JSON.stringify(result.fault);
  expect([name, params, told]).not.toEqual([name, params, expect.stringMatching(/"kind":"internal"|\n {4}at |node_modules|\.ts:\d/)]);
  if (result.fault.kind === 'bad-request') expect(told.length).toBeLessThan(1000);
}

describe('S14, I15: the requests of a page', () => {
  const tasks = new Set<number>();

  it('have an answer each, whatever their parameters are, and the engine goes on', async () => {
    const { client } = startEngine();
    const open = async (): Promise<unknown> => value(client.ask('sources.open', { source: 1, prepared: await preparedFile(SAMPLE) }));
    await open();
    for (const execution of ['9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a', '50c1a8be-3d27-4f60-b9e4-8a5517d0c350'])
      await value(client.ask('executions.open', { source: 1, execution }));
    const ask = async (name: string, params: unknown): Promise<Result<unknown>> =>
      client.ask(name as keyof EngineRequests, params as Params<keyof EngineRequests>);
    const answered = new Set<string>();
    const refused = new Set<string>();
    for (const [name, { params }] of Object.entries(pageRequests)) {
      const given = fc.record({ params: valuesOf(params, KNOWN), place: fc.nat(), hostile: fc.nat(), isSpoiled: fc.boolean() });
      await fc.assert(
        fc.asyncProperty(given, async ({ params: made, place, hostile, isSpoiled }) => {
          const sent = isSpoiled ? spoiled(made, place, HOSTILE[hostile % HOSTILE.length]?.()) : made;
          const result = await ask(name, sent);
          expectAnswer(name, sent, result);
          (result.ok ? answered : refused).add(name);
          // What goes on in the background would keep the engine from answering the next ones.
          if (result.ok && typeof (result.value as { task?: unknown } | null)?.task === 'number') tasks.add((result.value as { task: number }).task);
          for (const task of tasks) await client.ask('tasks.cancel', { task });
          tasks.clear();
        }),
        { seed: SEED, numRuns: RUNS },
      );
    }
    // Neither way of answering is taken for want of the other.
    const share = (of: ReadonlySet<string>): number => of.size / Object.keys(pageRequests).length;
    expect([share(answered) > 0.75, share(refused)]).toEqual([true, 1]);
    expect((await ask('sources.count', { source: 1 })).ok).toBe(true);
  });
});
