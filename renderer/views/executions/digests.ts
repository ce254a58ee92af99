import type { SourceId } from '../../../core/contract/cursor.ts';
import type { RunDigest, UsualRun } from '../../../core/contract/executions.ts';
import { useAnswers } from '../../state/answers.ts';
import type { ExecutionListing } from './list-columns.tsx';

/** Execution → digest, for the rows on screen. Digests need reading events, so they are requested only for these. */
export function useDigests(source: SourceId, visible: readonly ExecutionListing[]): ReadonlyMap<string, RunDigest> {
  const answers = useAnswers(
    'executions.digest',
    visible.map(({ id, status, workflowId, workflowVersion }) => ({ source, execution: id, row: { status, workflowId, workflowVersion } })),
  );
  return new Map(visible.flatMap(({ id }, i) => (answers[i] === undefined ? [] : [[id, answers[i]] as const])));
}

/** Workflow → what is usual for it, for the rows on screen. */
export function useUsual(source: SourceId, visible: readonly ExecutionListing[]): ReadonlyMap<string, UsualRun> {
  const workflows = [...new Set(visible.map(({ workflowId }) => workflowId))];
  const answers = useAnswers(
    'executions.usual',
    workflows.map((workflow) => ({ source, workflow })),
  );
  return new Map(workflows.flatMap((workflow, i) => (answers[i] === undefined ? [] : [[workflow, answers[i]] as const])));
}
