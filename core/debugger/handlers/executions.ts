import type { HandlersOf } from '../../contract.ts';
import type { ExecutionView, RunStrip } from '../../replies.ts';
import type { Engine } from '../engine.ts';
import type { OpenExecution } from '../execution.ts';
import { runStrip } from '../strip.ts';

export function executionHandlers(engine: Engine) {
  return {
    'executions.page': (query, signal) => engine.session.source.executions(query, signal),
    'executions.facets': (_, signal) => engine.session.source.facets(signal),
    'executions.strips': async ({ executions }, signal) => {
      const strips: RunStrip[] = [];
      for (const id of executions) {
        strips.push(await runStrip(engine.session.source, id, signal));
        await engine.pause();
      }
      return strips;
    },
    'execution.open': async ({ execution: text }) => viewOf(await engine.execution(await engine.session.resolve(text))),
  } satisfies HandlersOf<'executions' | 'execution'>;
}

async function viewOf({ id, row, source, lastSequence, inputProblem }: OpenExecution): Promise<ExecutionView> {
  const children = await source.children(id);
  return {
    id,
    workflowId: row.workflowId,
    workflowVersion: row.workflowVersion,
    status: row.status,
    startedAt: row.startedAt,
    tenantId: row.tenantId,
    lastSequence,
    snapshotCount: await source.snapshotCount(id),
    segment: row.segment,
    parent: row.parentId ?? null,
    children: children.map((child) => child.id),
    notes: inputProblem === undefined ? [] : [`The initial input cannot be read (${inputProblem}); replay starts from {}.`],
  };
}
