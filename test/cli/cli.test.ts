import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../core/jamjet/event.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { parseJson } from '../../core/json/read.ts';
import { equalJson, type Json, type JsonObject } from '../../core/json/value.ts';
import { applyEvent, origin } from '../../core/replay/fold.ts';
import { goldenDatabase, goldenStates } from '../support/golden.ts';
import { temporaryFolder } from '../support/temp.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const SAMPLE = join(ROOT, 'samples', 'runtime.db');
const TWIN = join(ROOT, 'samples', 'generation-3.db');

function hindsight(...args: readonly string[]): { out: string; err: string; status: number | null } {
  const { stdout, stderr, status } = spawnSync(process.execPath, [join(ROOT, 'core', 'cli', 'main.ts'), ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  return { out: stdout, err: stderr, status };
}

function lines(text: string): JsonObject[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => parseJson(line) as JsonObject);
}

function initialInput(log: readonly JsonObject[]): Json {
  const [first] = log;
  if (first === undefined) throw new Error('the log is empty');
  return (first.get('kind') as JsonObject).get('initial_input') as Json;
}

describe('hindsight executions', () => {
  it('lists them newest first with their counts', () => {
    const { out, status } = hindsight('executions', SAMPLE, '--json');
    const rows = JSON.parse(out) as { started_at: string; events: number; last_sequence: number; status: string }[];
    expect([status, rows.length]).toEqual([0, 60]);
    expect(rows.map(({ started_at }) => started_at)).toEqual(
      rows
        .map(({ started_at }) => started_at)
        .sort()
        .reverse(),
    );
    expect(JSON.parse(hindsight('executions', SAMPLE, '--status', 'failed', '--workflow', 'loan-review', '--limit', '1').out)).toMatchObject([
      { status: 'failed' },
    ]);
  });
});

describe('hindsight state', () => {
  it.each([SAMPLE, TWIN])('--each prints the state after every event of executions of %s, as the reference fold computes it', (database) => {
    const { rows } = { rows: JSON.parse(hindsight('executions', database, '--json').out) as { execution_id: string; events: number }[] };
    for (const { execution_id: id, events } of rows.filter((_, i) => i % 8 === 0 || rows.length < 10)) {
      const states = lines(hindsight('state', database, id, '--each', '--json').out);
      expect(states).toHaveLength(events + 1);
      const log = lines(hindsight('events', database, id).out);
      let expected = origin(initialInput(log));
      states.forEach((state, i) => {
        const event = log[i - 1];
        if (event !== undefined) {
          const reading = readEvent(canonicalJson(event.get('kind') as Json));
          expected = applyEvent(expected, Number(event.get('sequence')), reading.ok ? reading.event : undefined);
        }
        expect(state.get('at_sequence')).toBe(event?.get('sequence') ?? 0);
        expect(equalJson(state.get('current_state') as Json, expected.currentState)).toBe(true);
        expect(equalJson(state.get('completed_nodes') as Json, expected.completedNodes)).toBe(true);
        expect([state.get('status'), state.get('last_sequence'), state.get('active_nodes')]).toEqual([
          expected.status,
          expected.lastSequence,
          [...expected.activeNodes].sort(),
        ]);
      });
    }
  });

  it('--at, inspect --at-event and the line of --each are equal, in all readings', () => {
    for (const reading of ['replay', 'recovery', 'given']) {
      const each = hindsight('state', SAMPLE, '77b0', '--each', '--reading', reading).out.trimEnd().split('\n');
      each.forEach((line, sequence) => {
        expect(hindsight('state', SAMPLE, 'exec_77B0', '--at', String(sequence), '--reading', reading, '--json').out.trimEnd()).toBe(line);
      });
      expect(hindsight('inspect', SAMPLE, '77b0', '--at-event', '6', '--reading', reading, '--json').out.trimEnd()).toBe(each[6]);
    }
  });

  it('prints what the runtime recovers, for a database that the runtime wrote', () => {
    const database = goldenDatabase('runtime-0.3.2');
    const answers = goldenStates('runtime-0.3.2').filter((answer) => answer.get('reading') === 'recovery');
    const [first] = answers;
    const id = String(first?.get('execution_id'));
    const printed = new Map(lines(hindsight('state', database, id, '--each', '--reading', 'recovery').out).map((state) => [state.get('at_sequence'), state]));
    for (const answer of answers.filter((other) => other.get('execution_id') === id)) {
      const state = printed.get(answer.get('at_sequence') as number);
      const spelled = (value: Json | undefined): string => canonicalJson(value ?? null).replace(/(\d)e(\d)/g, '$1e+$2');
      for (const field of ['current_state', 'status', 'completed_nodes', 'active_nodes', 'last_sequence'])
        expect([field, spelled(state?.get(field))]).toEqual([field, spelled(answer.get(field))]);
    }
  });

  it('prints from which sequence a state is incomplete', () => {
    const states = lines(hindsight('state', SAMPLE, '6a90', '--each').out);
    expect(states.filter((state) => state.has('incomplete_from')).map((state) => [state.get('at_sequence'), state.get('incomplete_from')])[0]).toEqual([10, 9]);
  });
});

describe('hindsight events, snapshots, diff, export', () => {
  it('print and write the same states and events', () => {
    const folder = temporaryFolder();
    const file = join(folder, 'state.json');
    expect(hindsight('export', SAMPLE, '9f31', '--format', 'state', '--at', '402', '-o', file).status).toBe(0);
    expect(equalJson(parseJson(readFileSync(file, 'utf8')), parseJson(hindsight('state', SAMPLE, '9f31', '--at', '402').out))).toBe(true);
    expect(hindsight('export', SAMPLE, '9f31', '--format', 'events', '--at', '20', '-o', '-').out).toBe(hindsight('events', SAMPLE, '9f31', '--to', '20').out);
    expect(hindsight('events', SAMPLE, '9f31', '--from', '19', '--to', '20').out.split('\n')).toHaveLength(3);
  });

  it('blame prints the last event that changed a value, and with --history all of them', () => {
    const blame = (...more: string[]) => parseJson(hindsight('blame', SAMPLE, '9f31', ...more, '--json').out);
    const name = blame('/customer/name', '--at', '402') as JsonObject;
    expect(['sequence', 'type', 'how'].map((field) => name.get(field))).toEqual([402, 'approval_received', 'set']);
    expect(
      equalJson(
        name.get('new') as Json,
        (parseJson(hindsight('state', SAMPLE, '9f31', '--at', '402').out) as never as Map<string, Map<string, Map<string, Json>>>)
          .get('current_state')
          ?.get('customer')
          ?.get('name') as Json,
      ),
    ).toBe(true);
    const input = blame('/customer/name', '--at', '401') as JsonObject;
    expect([input.get('sequence'), input.get('how'), input.has('old')]).toEqual([0, 'initial_input', false]);
    const query = blame('/query', '--history') as readonly JsonObject[];
    expect(query.at(-1)?.get('how')).toMatch(/removed|final_state/);
    expect(query.map((change) => Number(change.get('sequence')))).toEqual(query.map((change) => Number(change.get('sequence'))).sort((a, b) => a - b));
    expect(hindsight('blame', SAMPLE, '9f31', '/nobody', '--json').out).toBe('null\n');
    expect([hindsight('blame', SAMPLE, '9f31', 'nobody').status, hindsight('blame', SAMPLE, '9f31', 'nobody').err]).toEqual([
      2,
      expect.stringContaining('JSON Pointer'),
    ]);
  });

  it('find prints every event at which a condition becomes true or false', () => {
    const find = (execution: string, expression: string) =>
      lines(hindsight('find', SAMPLE, execution, expression, '--json').out)[0] as never as readonly JsonObject[];
    const pairs = (found: readonly JsonObject[]): unknown[] => found.map((transition) => [transition.get('sequence'), transition.get('value')]);
    const holds = (state: JsonObject): boolean => {
      const draft = (state.get('current_state') as JsonObject).get('draft');
      return (draft instanceof Map && draft.has('previous')) || state.get('status') === 'paused';
    };
    const all = lines(hindsight('state', SAMPLE, '9f31', '--each').out).map((state) => [state.get('at_sequence'), holds(state)]);
    const flips = all.filter(([, value], i) => i === 0 || value !== all[i - 1]?.[1]);
    expect(flips.length).toBeGreaterThan(1);
    expect(pairs(find('9f31', '(state.draft != null && has(state.draft.previous)) || status == "paused"'))).toEqual(flips);
    expect(pairs(find('9f31', 'state.customer.id == 9007199254740992'))).toEqual([[0, false]]);
    expect(pairs(find('9f31', 'state.customer.id == 9007199254740993'))[0]).toEqual([0, true]);
    const failures = lines(hindsight('events', SAMPLE, '9f31', '--filter', 'type:node_failed').out).map((line) => line.get('sequence'));
    const begins = find('9f31', 'event.type == "node_failed"').filter((transition) => transition.get('value') === true);
    expect(begins.map((transition) => transition.get('sequence'))).toEqual(failures);
    expect(hindsight('find', SAMPLE, '9f31', 'state.nobody > 1').err).toContain('No such key');
    for (const wrong of ['state.a >', '1 + 1', 'nobody == 1']) {
      expect(hindsight('find', SAMPLE, '9f31', wrong)).toMatchObject({ status: 2, out: '', err: expect.stringContaining('CEL') });
    }
  });

  it('events are filtered by words of their kind, node and category', () => {
    const kinds = (filter: string) => lines(hindsight('events', SAMPLE, '9f31', '--filter', filter).out).map((line) => line.get('kind') as JsonObject);
    expect(new Set(kinds('type:failed node:search').map((kind) => `${kind.get('type')} ${kind.get('node_id')}`))).toEqual(new Set(['node_failed search']));
    const human = kinds('human').map((kind) => canonicalJson(kind));
    expect(human.every((kind) => /approval|interrupt|human/.test(kind))).toBe(true);
    expect(human.some((kind) => !kind.includes('human'))).toBe(true);
    expect(hindsight('events', SAMPLE, '9f31', '--filter', 'nothing-of-it').out).toBe('');
  });

  it('costs are the sums over the events', () => {
    const costs = parseJson(hindsight('costs', SAMPLE, '9f31', '--json').out) as never as Map<string, never>;
    const completed = lines(hindsight('events', SAMPLE, '9f31', '--filter', 'type:node_completed').out).map((line) => line.get('kind') as JsonObject);
    const sum = (field: string): number => completed.reduce((total, kind) => total + Number(kind.get(field) ?? 0), 0);
    const total = costs.get('total') as unknown as JsonObject;
    expect([total.get('completions'), total.get('input_tokens'), total.get('output_tokens'), total.get('duration_ms')]).toEqual([
      completed.length,
      sum('input_tokens'),
      sum('output_tokens'),
      sum('duration_ms'),
    ]);
    const nodes = costs.get('nodes') as unknown as readonly JsonObject[];
    expect(nodes.reduce((all, node) => all + Number(node.get('input_tokens')), 0)).toBe(sum('input_tokens'));
  });

  it('costs --points prints the costs and the size of the state over the log', () => {
    const { total, track } = JSON.parse(hindsight('costs', SAMPLE, '9f31', '--points', '5', '--json').out);
    expect(track).toHaveLength(5);
    const { sequence, state_bytes: bytes, ...sums } = track[4];
    expect([sequence, sums]).toEqual([409, total]);
    const state = parseJson(hindsight('state', SAMPLE, '9f31', '--json').out) as JsonObject;
    expect(bytes).toBe(Buffer.byteLength(canonicalJson(state.get('current_state') as Json)));
    for (const [i, point] of track.slice(1).entries()) expect(point.input_tokens).toBeGreaterThanOrEqual(track[i].input_tokens);
  });

  it('search prints hits as lines, counts all of them, and refuses an invalid expression', () => {
    const { out, err, status } = hindsight('search', SAMPLE, '9f31', 'ångström', '--limit', '2');
    expect(lines(out).map((hit) => [hit.get('sequence'), hit.get('path'), hit.get('found')])).toEqual([
      [0, '/initial_input/customer/name', 'Ångström'],
      [1, '/initial_input/customer/name', 'Ångström'],
    ]);
    expect([err, status]).toEqual(['4 hits in 3 events; 2 shown.\n', 0]);
    expect(JSON.parse(hindsight('search', SAMPLE, '9f31', '^HTTP \\d+', '--regex', '--case', '--json').out)).toMatchObject({
      hits: 3,
      results: [{ path: '/error' }, {}, {}],
    });
    expect(hindsight('search', SAMPLE, '9f31', 'ångström', '--case').err).toBe('0 hits in 0 events.\n');
    expect(hindsight('search', SAMPLE, '9f31', '(', '--regex')).toMatchObject({ out: '', status: 2 });
  });

  it('diff prints the changes that turn one state into another', () => {
    const changes = JSON.parse(hindsight('diff', SAMPLE, '9f31', '401', '402', '--json').out) as { op: string; path: string }[];
    expect(changes.map(({ op, path }) => `${op} ${path}`)).toEqual([
      'replace /customer/name',
      'add /draft/previous',
      'remove /query',
      'add /approved_by',
      'add /limit_eur',
    ]);
    expect(hindsight('diff', SAMPLE, '9f31', '402', '402', '--json').out).toBe('[]\n');
  });

  it('snapshots are compared with replay', () => {
    expect(JSON.parse(hindsight('snapshots', SAMPLE, '77b0', '--json').out)).toMatchObject([
      { at_sequence: 4, verdict: 'matches' },
      { at_sequence: 6, verdict: 'differs', differs_in: ['current_state'] },
    ]);
  });
});

describe('wrong usage of hindsight', () => {
  it.each([
    [['state'], 2],
    [['nonsense'], 2],
    [['state', SAMPLE, '9f31', '--at', 'x'], 2],
    [['state', SAMPLE, '9f31', '--reading', 'guess'], 2],
    [['export', SAMPLE, '9f31', '-o', '-'], 2],
    [['state', SAMPLE, 'ffff'], 3],
    [['state', SAMPLE, 'c'], 3],
    [['state', '/no/such/file.db', '9f31'], 3],
    [['state', ROOT, '9f31'], 3],
    [['state', 'postgres://localhost/x', '9f31'], 3],
    [['export', SAMPLE, '9f31', '--format', 'state', '-o', '/no/such/folder/x.json'], 3],
  ] as const)('%j ends %d with one line on stderr and nothing on stdout', (args, status) => {
    const result = hindsight(...args);
    expect([result.status, result.out, result.err.trimEnd().split('\n').length]).toEqual([status, '', 1]);
    expect(result.err).not.toMatch(/ {4}at |undefined/);
  });

  it('a Fault is also printed as JSON with --json', () => {
    expect(JSON.parse(hindsight('state', SAMPLE, 'ffff', '--json').out)).toEqual({ fault: { kind: 'no-such-execution', subject: 'ffff' } });
  });
});
