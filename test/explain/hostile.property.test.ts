import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conversationAt } from '../../core/debugger/answers/conversation.ts';
import { Explanations } from '../../core/debugger/explanations.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import { noPause } from '../../core/debugger/pacing.ts';
import { approvalsOf } from '../../core/explain/approvals.ts';
import { causesOf } from '../../core/explain/causes.ts';
import { dossierOf } from '../../core/explain/dossier.ts';
import { storyText } from '../../core/explain/story.ts';
import { MemorySource } from '../../core/source/memory.ts';
import { agentDefinition, workItem } from '../support/agents.ts';
import { memoryExecution } from '../support/history.ts';
import { hostileHistory } from '../support/hostile.ts';

/** Definitions that are damaged, or that lie. */
const DEFINITIONS = [
  undefined,
  'no json',
  '[]',
  '{"nodes":{"a":5,"b":{"kind":{"type":"model"}},"c":{"kind":null,"labels":{"jamjet.agent.loop":"model","jamjet.agent.turn":"-1"}}},"edges":[{"from":"a","to":"a"},{"from":"b","to":"c"},{"from":"c","to":"b"},5]}',
  '{"start_node":7,"nodes":{"a":{"kind":{"type":"model","model_ref":"m","system_prompt":9,"tools":"x"}}},"models":{"m":{"provider":1,"model":null,"temperature":"hot"}}}',
  agentDefinition(3),
];

describe('explanations of hostile logs', () => {
  it('are made without an error, and the story has every event once', async () => {
    await fc.assert(
      fc.asyncProperty(
        hostileHistory,
        fc.constantFrom(...DEFINITIONS),
        fc.constantFrom('running', 'paused', 'failed', 'completed', 'odd'),
        async (hostile, definition, status) => {
          const source = new MemorySource({
            generation: 11,
            definitions: definition === undefined ? [] : [{ workflowId: 'w', version: '1', irJson: definition }],
            executions: [
              {
                ...memoryExecution(hostile),
                status,
                workItemRows: [workItem('a', { payload: [] }), workItem('b', { status: 'claimed', payload: { messages: 5, prompt: 7 } })],
              },
            ],
          });
          const execution = await OpenExecution.open(source, 'x');
          await execution.index();
          const explanations = await Explanations.of(execution, new AbortController().signal);
          const why = await explanations.why();
          expect(why.sentence).toMatch(/\S/);
          const { total, lines } = await explanations.story();
          expect([lines.length, lines.reduce((sum, line) => sum + line.events, 0)]).toEqual([total, execution.history.count]);
          for (const line of lines) expect(storyText(line)).not.toContain('\n');
          await explanations.turns();
          for (const { started } of await explanations.starts()) {
            const sent = await conversationAt(explanations, execution.history.sequenceOf(started), { from: undefined, count: 50 });
            expect(sent === null || sent.whyNone !== null || sent.model !== null).toBe(true);
          }
          for await (const { read } of causesOf(source, noPause)) expect(read).toBe(1);
          const approvals = await explanations.approvals();
          for (const approval of approvals) expect((await dossierOf(explanations.run, approval)).edits.length).toBeLessThanOrEqual(20);
          const { nodes, interrupt } = await explanations.run.outline();
          for (const { node } of approvals.filter(({ outcome }) => outcome === 'pending'))
            expect(node === undefined ? interrupt : nodes.get(node)?.held).toBeDefined();
          for await (const { total, pending } of approvalsOf(source, noPause))
            expect([total, pending]).toEqual([approvals.length, approvals.filter(({ outcome }) => outcome === 'pending').length]);
        },
      ),
      { numRuns: 400, seed: 23 },
    );
  });
});
