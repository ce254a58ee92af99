import type { SourceId } from '../../../core/contract/cursor.ts';
import type { RunDigest } from '../../../core/contract/executions.ts';
import { useAnswers } from '../../state/answers.ts';

/** Execution → digest, for the rows on screen. Digests need reading events, so they are requested only for these. */
export function useDigests(source: SourceId, visible: readonly string[]): ReadonlyMap<string, RunDigest> {
  const answers = useAnswers(
    'executions.digest',
    visible.map((execution) => ({ source, execution })),
  );
  return new Map(visible.flatMap((execution, i) => (answers[i] === undefined ? [] : [[execution, answers[i]] as const])));
}
