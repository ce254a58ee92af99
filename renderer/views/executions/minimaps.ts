import type { SourceId } from '../../../core/contract/cursor.ts';
import type { Minimap } from '../../../core/contract/executions.ts';
import { useAnswers } from '../../state/answers.ts';

/** Executions in miniature for the rows on screen. They cost reading events, so they are asked for when the rows are there. */
export function useMinimaps(source: SourceId, visible: readonly string[]): ReadonlyMap<string, Minimap> {
  const answers = useAnswers(
    'executions.minimap',
    visible.map((execution) => ({ source, execution })),
  );
  return new Map(visible.flatMap((execution, i) => (answers[i] === undefined ? [] : [[execution, answers[i]] as const])));
}
