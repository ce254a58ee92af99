import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MemorySource } from '../../core/source/memory.ts';
import { NODE_CONDITIONS } from '../../core/vocabulary.ts';
import { preparedFile, startEngine, type TestEngine, value } from '../support/engine.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'runtime.db');
const RESEARCH = '9f31c2d4-5b6e-4a17-8c90-1d2e3f4ac07a';
const RUN = { source: 1, execution: 'x' };

type Line = readonly [type: string, node?: string, more?: object];

/** An engine with one execution of these events, from sequence 1 on. */
async function madeRun(lines: readonly Line[], ir?: object): Promise<TestEngine> {
  const row = { id: 'x', workflowId: 'w', workflowVersion: '2', status: 'running', startedAt: '', updatedAt: '', completedAt: undefined };
  const source = new MemorySource({
    generation: 11,
    definitions: ir === undefined ? [] : [{ workflowId: 'w', version: '2', irJson: JSON.stringify(ir) }],
    executions: [
      {
        ...row,
        tenantId: 'default',
        parentId: undefined,
        segment: 0,
        initialInputJson: '{}',
        currentStateJson: '{}',
        eventRows: lines.map(([type, node_id, more], i) => ({
          sequence: i + 1,
          text: JSON.stringify({ type, node_id, ...more }),
          createdAt: '2026-06-01T12:00:00+00:00',
        })),
        snapshotRows: [],
      },
    ],
  });
  const engine = startEngine({ open: async () => source });
  await value(engine.client.ask('sources.open', { source: 1, prepared: { kind: 'example' } }));
  return engine;
}

/** What the graph says at a sequence, by the names of nodes: condition, attempts, `?` when the node may still run; and the edges taken. */
async function graphAt({ client }: TestEngine, sequence: number, run = RUN, foldLoops = false): Promise<{ nodes: Record<string, string>; taken: string[] }> {
  const shape = await value(client.ask('graph.shape', { ...run, foldLoops }));
  const { slices } = await value(client.ask('frame.at', { ...run, sequence, reading: 'replay', want: { graph: { foldLoops } } }));
  const { conditions, attempts, reachable, taken } = slices.graph as NonNullable<typeof slices.graph>;
  const said = (i: number): string => `${NODE_CONDITIONS[conditions[i] ?? 0]}${attempts[i] ? ` ${attempts[i]}` : ''}${reachable[i] === 1 ? ' ?' : ''}`;
  return {
    nodes: Object.fromEntries(shape.nodes.map(({ label }, i) => [label, said(i)])),
    taken: shape.edges.filter((_, i) => taken[i] === 1).map(({ from, to }) => `${shape.nodes[from]?.label} ${shape.nodes[to]?.label}`),
  };
}

it('M21: the graph of the sample is its own version of the definition, in the order of its flow', async () => {
  const { client } = startEngine();
  await value(client.ask('sources.open', { source: 1, prepared: await preparedFile(SAMPLE) }));
  const run = { source: 1, execution: RESEARCH };
  const shape = await value(client.ask('graph.shape', { ...run, foldLoops: false }));
  expect([shape.from, shape.workflow, shape.version, shape.leftOut]).toEqual(['definition', 'research-agent', '0.9.2', 0]);
  expect(shape.nodes.map(({ label }) => label).join(' ')).toBe('plan search read_a read_b read_c merge summarize critic more publish report');
  expect(shape.nodes[8]).toEqual({ label: 'more', members: ['more'], kind: 'condition', description: null, declared: true });
  expect(shape.edges.filter(({ from }) => from === 8)).toEqual([
    { from: 8, to: 1, condition: 'state.done == false' },
    { from: 8, to: 9, condition: null },
  ]);
  const layout = await value(client.ask('graph.layout', { ...run, foldLoops: false }));
  const { width, height } = layout.node;
  layout.nodes.forEach((a, i) => {
    for (const b of layout.nodes.slice(i + 1)) expect(Math.abs(a.x - b.x) >= width || Math.abs(a.y - b.y) >= height).toBe(true);
  });
  expect([layout.edges.length, layout.order.length]).toEqual([shape.edges.length, shape.nodes.length]);
});

it('M21: each node is in its condition at the cursor, with its attempts', async () => {
  const engine = await madeRun([
    ['workflow_started'],
    ['node_scheduled', 'a'],
    ['node_started', 'a'],
    ['node_failed', 'a', { retryable: true }],
    ['retry_scheduled', 'a'],
    ['node_started', 'a'],
    ['node_parked', 'a'],
    ['node_started', 'a'],
    ['node_completed', 'a'],
    ['interrupt_raised', 'b'],
    ['approval_received', 'b', { decision: 'approved' }],
    ['node_skipped', 'c'],
    ['node_scheduled', 'd'],
    ['node_cancelled', 'd'],
  ]);
  const conditions = async (node: string) => {
    const all: (string | undefined)[] = [];
    for (let sequence = 0; sequence <= 14; sequence++) all.push((await graphAt(engine, sequence)).nodes[node]?.replace(' ?', ''));
    return all.filter((condition, i) => condition !== all[i - 1]).join(', ');
  };
  expect(await conditions('a')).toBe('never, scheduled, running 1, failed 1, scheduled 1, running 2, parked 2, running 3, completed 3');
  expect(await conditions('b')).toBe('never, waiting, decided');
  expect(await conditions('c')).toBe('never, skipped');
  expect(await conditions('d')).toBe('never, scheduled, cancelled');
});

const BRANCHES = {
  start_node: 'read',
  nodes: {
    accept: { kind: { type: 'tool' } },
    decline: { kind: { type: 'tool' } },
    gate: { kind: { type: 'condition', branches: [{ condition: 'state.ok', target: 'accept' }, { target: 'decline' }] } },
    notify: { kind: { type: 'tool' } },
    read: { kind: { type: 'model' } },
  },
  edges: [
    { from: 'read', to: 'gate' },
    { from: 'gate', to: 'notify' },
    { from: 'accept', to: 'notify' },
    { from: 'decline', to: 'end' },
    { from: 'notify', to: 'end' },
  ],
};

function works(node: string): Line[] {
  return [
    ['node_scheduled', node],
    ['node_completed', node],
  ];
}

it('M21: the path taken is told from the branches that are dead at the cursor', async () => {
  const engine = await madeRun(
    [['workflow_started'], ...works('read'), ...works('gate'), ...works('accept'), ...works('notify'), ['workflow_completed']],
    BRANCHES,
  );
  expect(await graphAt(engine, 0)).toEqual({
    nodes: { read: 'never ?', gate: 'never ?', accept: 'never ?', decline: 'never ?', notify: 'never ?' },
    taken: [],
  });
  expect(await graphAt(engine, 5)).toEqual({
    nodes: { read: 'completed 1', gate: 'completed 1 ?', accept: 'never ?', decline: 'never ?', notify: 'never ?' },
    taken: ['read gate'],
  });
  expect(await graphAt(engine, 6)).toEqual({
    nodes: { read: 'completed 1', gate: 'completed 1', accept: 'scheduled ?', decline: 'never', notify: 'never ?' },
    taken: ['gate accept', 'read gate'],
  });
  const end = await graphAt(engine, 10);
  expect(end.nodes).toEqual({ read: 'completed 1', gate: 'completed 1', accept: 'completed 1', decline: 'never', notify: 'completed 1' });
  expect(end.taken).toEqual(['gate accept', 'read gate', 'accept notify']);
});

it('M21: without a definition the graph is derived from the events', async () => {
  const engine = await madeRun([
    ['workflow_started'],
    ...works('a'),
    ['node_scheduled', 'b'],
    ['node_scheduled', 'c'],
    ['node_completed', 'b'],
    ['node_completed', 'c'],
    ...works('d'),
    ...works('a'),
  ]);
  const shape = await value(engine.client.ask('graph.shape', { ...RUN, foldLoops: false }));
  expect([shape.from, shape.nodes.map(({ label, declared }) => `${label} ${declared}`)]).toEqual(['events', ['a false', 'b false', 'c false', 'd false']]);
  expect(shape.edges.map(({ from, to }) => `${shape.nodes[from]?.label}${shape.nodes[to]?.label}`)).toEqual(['ab', 'ac', 'bd', 'cd', 'da']);
  expect((await graphAt(engine, 5)).taken).toEqual(['a b', 'a c']);
  expect((await graphAt(engine, 11)).nodes['a']).toBe('completed 2 ?');
});

it('M21: nodes that only the definition or only the events know are there, and too many are counted', async () => {
  const engine = await madeRun([...works('added'), ['node_scheduled', 'known']], {
    nodes: { known: {} },
    edges: [
      { from: 'known', to: 'missing' },
      { from: 'known', to: 'end' },
    ],
  });
  const shape = await value(engine.client.ask('graph.shape', { ...RUN, foldLoops: false }));
  expect(shape.nodes.map(({ label, declared }) => `${label} ${declared}`)).toEqual(['known true', 'missing false', 'added false']);
  const many = await madeRun(Array.from({ length: 2500 }, (_, i): Line => ['node_scheduled', `n${i}`]));
  const { nodes, leftOut } = await value(many.client.ask('graph.shape', { ...RUN, foldLoops: false }));
  expect([nodes.length, leftOut]).toEqual([2000, 500]);
});

it('M21: a frame has no graph before its sequence is indexed, and the graph of every frame has the indices of the shape', async () => {
  const engine = await madeRun([...works('a'), ...works('b')]);
  const { client } = engine;
  const early = await value(client.ask('frame.at', { ...RUN, sequence: 1, reading: 'replay', want: { graph: { foldLoops: false } } }));
  if (early.basis !== 'index') expect(early.slices.graph).toBeUndefined();
  expect((await graphAt(engine, 1)).nodes).toEqual({ a: 'scheduled ?', b: 'never ?' });
});

it.each(['a chain', 'a graph with branches'])('M21: 500 nodes of %s are laid out, without overlap', async (kind) => {
  const lines = Array.from({ length: 500 }, (_, i): Line[] => (kind === 'a chain' || i % 5 !== 3 ? works(`n${i}`) : [['node_scheduled', `n${i}`]])).flat();
  const engine = await madeRun(lines);
  const shape = await value(engine.client.ask('graph.shape', { ...RUN, foldLoops: false }));
  const { nodes, edges, node, width, height, order } = await value(engine.client.ask('graph.layout', { ...RUN, foldLoops: false }));
  expect([nodes.length, new Set(order).size, edges.length]).toEqual([500, 500, shape.edges.length]);
  nodes.forEach((a, i) => {
    expect(a.x >= 0 && a.y >= 0 && a.x + node.width <= width + 1 && a.y + node.height <= height + 1).toBe(true);
    for (let j = i + 1; j < nodes.length; j++) {
      const b = nodes[j] ?? a;
      if (Math.abs(a.x - b.x) < node.width && Math.abs(a.y - b.y) < node.height) throw new Error(`${i} and ${j} overlap`);
    }
  });
  expect(edges.every(({ points }) => points.length >= 2)).toBe(true);
});
