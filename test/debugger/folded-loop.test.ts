import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NodeLanes, nodeOfLane } from '../../core/debugger/node-lanes.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { timelineLanes, timelineView } from '../../core/debugger/timeline.ts';
import { placeInLoop } from '../../core/explain/agent-loop.ts';
import { finish } from '../../core/replay/steps.ts';
import { NODE_CONDITIONS } from '../../core/vocabulary.ts';
import { agentDefinition, agentLog, agentRun } from '../support/agents.ts';
import { preparedFile, startEngine, value } from '../support/engine.ts';
import { goldenDatabase } from '../support/golden.ts';
import { openSqlite } from '../support/sources.ts';

const AGENT = 'a379051c-3407-44af-bb2e-be254227b04b';
const SEED = Number(process.env['SEED'] ?? 23);
console.log(`SEED=${SEED}`);

describe('the folded loop of an agent', () => {
  it('has a lane for each part, in the order of first events, in which every node has its place', async () => {
    await fc.assert(
      fc.asyncProperty(agentLog, fc.boolean(), async (events, labelled) => {
        const { history, definitionOf } = await agentRun(events, { definition: agentDefinition(9, {}, labelled) });
        const lanes = new NodeLanes(history, true, definitionOf);
        const parts = new Set(history.nodeNames.map((name) => placeInLoop(name, definitionOf(name))?.part ?? name));
        expect(Array.from({ length: lanes.count }, (_, lane) => lanes.labelOf(lane).name)).toEqual([...parts]);
        const placed = Array.from({ length: lanes.count }, (_, lane) => lanes.nodesOf(lane)).flat();
        expect(placed.toSorted((a, b) => a - b)).toEqual([...history.nodeNames.keys()]);
        for (const node of placed) expect(lanes.nodesOf(lanes.laneOf(node))).toContain(node);
        expect(new NodeLanes(history, false).count).toBe(history.nodeNames.length);
      }),
      { numRuns: 200, seed: SEED },
    );
  });

  it('shows in a lane the work of all its turns, in stretches and in shares', async () => {
    const execution = await OpenExecution.open(await openSqlite(goldenDatabase('agents-0.5.0')), AGENT);
    await execution.index();
    const { history, definition } = execution;
    const { nodeOf } = await definition.read();
    const [folded, each] = [new NodeLanes(history, true, nodeOf), new NodeLanes(history, false)];
    const part = { from: 1, to: history.lastSequence, axis: 'sequence' } as const;
    const all = { from: 0, count: 500 };
    for (const columns of [400, 2]) {
      const apart = finish(timelineView(execution, { ...part, columns, lanes: all }, each)).lanes;
      const together = finish(timelineView(execution, { ...part, columns, lanes: all }, folded)).lanes;
      expect(together.some(({ turns }) => (turns ?? 0) > 1)).toBe(true);
      for (const [lane, { stretches, shares, waits }] of together.entries()) {
        const members = folded.nodesOf(lane).map((node) => apart[node]);
        if (columns === 400) expect(stretches).toEqual(members.flatMap((member) => member?.stretches ?? []).toSorted((a, b) => a.from - b.from));
        expect(waits).toEqual(members.flatMap((member) => member?.waits ?? []));
        if (shares !== null) {
          const completed = members.reduce(
            (sum, _, i) => sum + (history.completedAt(history.count - 1).has(history.nodeNames[folded.nodesOf(lane)[i] ?? -1] ?? '') ? 1 : 0),
            0,
          );
          expect(shares.completed.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(completed);
        }
      }
    }
    expect(finish(timelineLanes(execution, { ...part, columns: 9 }, [2, 0], folded)).map(({ lane }) => lane)).toEqual([2, 0]);
  });

  it('selects, in a lane, the node of the turn at the cursor', async () => {
    const execution = await OpenExecution.open(await openSqlite(goldenDatabase('agents-0.5.0')), AGENT);
    await execution.index();
    const { history } = execution;
    const lanes = new NodeLanes(history, true);
    const model = lanes.laneOf(history.nodeNames.indexOf('__model_0__'));
    for (let position = 0; position < history.count; position++) {
      const name = history.nodeOf(position) ?? '';
      const selected = nodeOfLane(history, lanes.nodesOf(model), position);
      if (placeInLoop(name, undefined)?.part === 'model') expect(selected).toBe(name);
      expect(selected).toMatch(/^__model_\d+__$/);
    }
    expect(nodeOfLane(history, [], 0)).toBeNull();
  });

  it('is one cycle in the graph, with each part in the condition of the turn at the cursor and the edges that any turn took', async () => {
    const { client } = startEngine();
    const run = { source: 1, execution: AGENT };
    await value(client.ask('sources.open', { source: 1, prepared: await preparedFile(goldenDatabase('agents-0.5.0')) }));
    const [folded, plain] = [
      await value(client.ask('graph.shape', { ...run, foldLoops: true })),
      await value(client.ask('graph.shape', { ...run, foldLoops: false })),
    ];
    expect(folded.nodes.flatMap(({ members }) => members).toSorted()).toEqual(plain.nodes.map(({ label }) => label).toSorted());
    const nameOf = (i: number): string => folded.nodes[i]?.label ?? '';
    const loop = folded.edges.map(({ from, to }) => `${nameOf(from)} ${nameOf(to)}`);
    expect(loop).toEqual(expect.arrayContaining(['model gate', 'gate tools', 'tools model']));
    expect(new Set(loop).size).toBe(loop.length);
    expect((await value(client.ask('graph.layout', { ...run, foldLoops: true }))).nodes).toHaveLength(folded.nodes.length);
    const { lastSequence } = await value(client.ask('executions.open', run));
    for (let sequence = 1; sequence <= lastSequence; sequence++) {
      const at = async (foldLoops: boolean) => {
        const { slices } = await value(client.ask('frame.at', { ...run, sequence, reading: 'replay', want: { graph: { foldLoops } } }));
        return slices.graph as NonNullable<typeof slices.graph>;
      };
      const [together, apart] = [await at(true), await at(false)];
      for (const [i, { members }] of folded.nodes.entries()) {
        const indices = members.map((id) => plain.nodes.findIndex(({ label }) => label === id));
        const conditions = indices.map((index) => NODE_CONDITIONS[apart.conditions[index] ?? 0]);
        const shown = NODE_CONDITIONS[together.conditions[i] ?? 0];
        expect(shown).toBe(conditions[together.members[i] ?? 0]);
        if (conditions.includes('running')) expect(shown).toBe('running');
        expect(together.attempts[i]).toBe(indices.reduce((sum, index) => sum + (apart.attempts[index] ?? 0), 0));
      }
    }
  });
});
