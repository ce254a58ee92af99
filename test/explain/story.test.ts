import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explainedRun } from '../../core/debugger/explained-run.ts';
import { OpenExecution } from '../../core/debugger/open-execution.ts';
import type { ExplainedRun } from '../../core/explain/run.ts';
import { type StoryLine, storyLine, storyOf, storyText } from '../../core/explain/story.ts';
import { agentDefinition, agentLog, agentRun, logOf } from '../support/agents.ts';
import { goldenDatabase } from '../support/golden.ts';
import { openSqlite } from '../support/sources.ts';

async function linesOf(run: ExplainedRun): Promise<readonly StoryLine[]> {
  const lines: StoryLine[] = [];
  for await (const line of storyOf(run)) lines.push(line);
  return lines;
}

describe('the story of a run', () => {
  it('has the same bytes every time, and each event once', async () => {
    await fc.assert(
      fc.asyncProperty(agentLog, async (events) => {
        const definition = agentDefinition(9);
        const [first, again] = [await linesOf(await agentRun(events, { definition })), await linesOf(await agentRun(events, { definition }))];
        const all = (lines: readonly StoryLine[]): string =>
          lines.map((line) => `${storyText(line)}\n${storyLine(line, 'markdown')}${storyLine(line, 'jsonl')}`).join('');
        expect(all(again)).toBe(all(first));
        expect(first.reduce((sum, line) => sum + line.events, 0)).toBe(events.length);
      }),
      { numRuns: 200, seed: 23 },
    );
  });

  it('of a real agent has a line for each turn', async () => {
    const source = await openSqlite(goldenDatabase('agents-0.5.0'));
    const execution = await OpenExecution.open(source, 'a379051c-3407-44af-bb2e-be254227b04b');
    await execution.index();
    expect((await linesOf(await explainedRun(execution))).map(storyText)).toEqual([
      'Start · support-agent 0.1.0+d30b75c6c5bb',
      'prepare · completed · ran 4 ms',
      'Turn 0 · model asked for search_docs(order: 9007199254741002, …) · tools answered · 199 → 348 tokens · ran 44 ms · queued 230 ms',
      'Turn 1 · model asked for refund_order(order: 9007199254741001, …) · refund_order needs approval · kim rejected (“looked at it”), with an edit · tools failed: approval rejected by kim: looked at it · 231 → 393 tokens · ran 5 ms · queued 556 ms · waited for a person 181 ms',
      'End · failed: node(s) failed terminally: __tools_1__',
    ]);
  });

  it('groups attempts, begins a new line for each iteration of a node, and folds what was not taken', async () => {
    const node = (type: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ type, node_id: 'fetch', ...more });
    const run = await agentRun(
      logOf(
        node('node_scheduled', { queue_type: 'tool' }),
        node('node_started', { worker_id: 'w', attempt: 0 }),
        node('node_failed', { error: '*boom* <b>', attempt: 0, retryable: true }),
        node('node_started', { worker_id: 'w', attempt: 1 }),
        node('node_completed', { output: null, state_patch: null, duration_ms: 1 }),
        node('node_scheduled', { queue_type: 'tool' }),
        node('node_completed', { output: null, state_patch: null, duration_ms: 400 }),
        { type: 'node_skipped', node_id: 'a', reason: 'branch not taken' },
        { type: 'node_skipped', node_id: 'b', reason: 'branch not taken' },
      ),
      {},
    );
    const lines = await linesOf(run);
    expect(lines.map(storyText)).toEqual([
      'fetch · failed: *boom* <b> · completed · 2 attempts · ran 2.0 s · queued 1.0 s',
      'fetch · completed · ran 400 ms · queued 600 ms',
      'Not taken · a, b',
    ]);
    expect(lines.slice(0, 1).map((line) => storyLine(line, 'markdown'))).toEqual([expect.stringContaining('failed: \\*boom\\* \\<b\\> · completed')]);
    expect(lines.map(({ from, to, outcome }) => [from, to, outcome])).toEqual([
      [1, 5, 'completed'],
      [6, 7, 'completed'],
      [8, 9, 'stopped'],
    ]);
  });

  it('keeps a wait to retry apart from the queue, counts no wait that nobody has ended, and names the skipped parts of a turn that was taken', async () => {
    const node = (type: string, node_id: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ type, node_id, ...more });
    const run = await agentRun(
      logOf(
        node('node_scheduled', '__model_0__', { queue_type: 'model' }),
        node('node_started', '__model_0__', { worker_id: 'w', attempt: 0 }),
        node('node_parked', '__model_0__', { retry_after: 'noon' }),
        node('node_started', '__model_0__', { worker_id: 'w', attempt: 1 }),
        node('node_completed', '__model_0__', { output: null, state_patch: null, duration_ms: 1 }),
        node('node_skipped', '__tools_0__', { reason: 'branch not taken' }),
        node('node_skipped', '__model_1__', { reason: 'branch not taken' }),
        node('node_scheduled', 'review', { queue_type: 'human' }),
        node('tool_approval_required', 'review', { tool_name: 'pay', approver: 'kim', context: null }),
        node('interrupt_raised', 'review', { reason: 'waits', state_for_review: null }),
      ),
      {},
    );
    expect((await linesOf(run)).map(storyText)).toEqual([
      'Turn 0 · rate limited until noon · model answered · 2 attempts · ran 2.0 s · queued 1.0 s · waited to retry 1.0 s',
      'Not taken · tools of turn 0, Turn 1',
      'review · pay needs approval · interrupt raised: waits · queued 1.0 s · not decided',
    ]);
  });
});
