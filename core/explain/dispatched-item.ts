import type { WorkItemRow } from '../jamjet/rows.ts';
import { millisecondsOf } from '../jamjet/time.ts';
import type { ModelStart } from './model-starts.ts';
import type { ExplainedRun } from './run.ts';

/** The work item that was made for the dispatch of a start; undefined when it is gone or cannot be told from others. */
export async function dispatchedItem(run: ExplainedRun, { node, scheduled, schedules }: ModelStart): Promise<WorkItemRow | undefined> {
  const items = (await run.workItems(node)) ?? [];
  if (items.length === 0 || scheduled === undefined) return undefined;
  const which = schedules.indexOf(scheduled);
  if (schedules.length === items.length) return items[which];
  // Some are gone, or a crash fell between the event and the item: the times of both are those of one moment.
  const nearest = items.filter((item) => {
    const created = millisecondsOf(item.createdAt);
    const distances = schedules.map((position) => Math.abs(run.history.timeOf(position) - created));
    return distances.indexOf(Math.min(...distances)) === which;
  });
  return nearest.length === 1 ? nearest[0] : undefined;
}
