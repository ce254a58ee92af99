import type { HandlersFor } from '../../contract/contract.ts';
import type { ExecutionView } from '../../contract/executions.ts';
import type { Engine } from '../engine.ts';
import type { OpenExecution } from '../open-execution.ts';
import { resolveExecution } from '../resolve-execution.ts';
import { runDigest } from '../run-digest.ts';

export function executionHandlers(engine: Engine) {
  return {
    'executions.page': async ({ source, ...query }, signal) => engine.source(source).source.executions(query, signal),
    'executions.facets': async ({ source }, signal) => engine.source(source).source.facets(signal),
    'executions.digest': async ({ source, execution }, signal) => {
      // A list requests many at once; other requests must not wait for all of them.
      await engine.pause();
      signal.throwIfAborted();
      return runDigest(engine.source(source).source, execution, signal);
    },
    'executions.open': async ({ source, execution: text }, signal) => {
      const open = engine.source(source);
      return viewOf((await open.execution(await resolveExecution(open.source, text, signal))).execution);
    },
    'executions.close': async ({ source, execution }) => {
      await engine.source(source).closeExecution(execution);
      return null;
    },
  } satisfies HandlersFor<'executions'>;
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
