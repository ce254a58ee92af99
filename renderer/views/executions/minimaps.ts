import type { SourceId } from '../../../core/contract/cursor.ts';
import type { Minimap } from '../../../core/contract/executions.ts';
import { useAnswers } from '../../state/answers.ts';

/** Execution → minimap, for the rows on screen. Minimaps need reading events, so they are requested only for these. */
export function useMinimaps(source: SourceId, visible: readonly string[]): ReadonlyMap<string, Minimap> {
  const answers = useAnswers(
    'executions.minimap',
    visible.map((execution) => ({ source, execution })),
  );
  return new Map(visible.flatMap((execution, i) => (answers[i] === undefined ? [] : [[execution, answers[i]] as const])));
}
