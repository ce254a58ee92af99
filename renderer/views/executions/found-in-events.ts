import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { SourceId } from '../../../core/contract/cursor.ts';
import type { ExecutionList } from '../../../core/contract/executions.ts';
import type { Answer } from '../../client.ts';
import { type Pages, usePages } from '../../state/answers.ts';
import { useApp } from '../../state/context.ts';
import { type ExecutionsList, isSearched, listParams } from '../../state/executions-list.ts';
import { useResting } from '../../state/resting.ts';

/** How long the text must not change before events are read for it, in milliseconds. */
const REST = 250;

export type FoundRows = Pages<Answer<'executions.found'>['rows'][number], Answer<'executions.found'>>;

/**
 * The executions that are found by their events: the second part of the list, which grows while the events are searched. The
 * search ends when something else is searched for, or the list is left.
 *
 * @param first the first and
 * @param last the last row on screen, in this part of the list.
 */
export function useFoundInEvents(source: SourceId, list: ExecutionsList, first: number, last: number): FoundRows {
  const { client } = useApp();
  const queries = useQueryClient();
  const rested = useResting(isSearched(list) ? JSON.stringify(listParams(source, list)) : undefined, REST);
  const params = rested === undefined ? undefined : (JSON.parse(rested) as ExecutionList);
  useEffect(() => {
    if (rested === undefined) return;
    const searched = JSON.parse(rested) as ExecutionList;
    return () => {
      queries.removeQueries({ queryKey: ['executions.found'] });
      void client.ask('executions.found.cancel', searched);
    };
  }, [rested, client, queries]);
  return usePages('executions.found', params && ((from, count) => ({ ...params, from, count })), (page) => page, Math.max(0, first), Math.max(0, last));
}
