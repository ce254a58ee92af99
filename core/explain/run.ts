import type { Event } from '../jamjet/event.ts';
import type { WorkItemRow } from '../jamjet/rows.ts';
import type { Workflow, WorkflowNode } from '../jamjet/workflow.ts';
import type { Json } from '../json/value.ts';
import type { History } from '../replay/history.ts';
import type { Steps } from '../replay/steps.ts';
import type { RunOutline } from './outline.ts';

/** What an explanation reads of an execution. */
export interface ExplainedRun {
  /** The whole log. */
  readonly history: History;
  /** The generation of the format (docs/format.md, Generations). */
  readonly generation: number;
  readonly workflowId: string;
  readonly workflowVersion: string;
  /** The status in the row of the execution. */
  readonly rowStatus: string;
  /** undefined when the database does not have the definition, or when it cannot be read. */
  readonly workflow: Workflow | undefined;
  /** What the definition says of a node. */
  definitionOf(node: string): WorkflowNode | undefined;
  /** The first sequence from which the log is incomplete. */
  readonly incompleteFrom: number | undefined;
  /** The event at a position, read from the database; undefined when it cannot be read. */
  eventAt(position: number): Promise<Event | undefined>;
  /** The value that is stored among the artifacts; undefined when it is missing or not JSON. */
  artifact(hash: string): Promise<Json | undefined>;
  /** The work items of the execution, or of one of its nodes, in the order of their creation; undefined when the database has none of any. */
  workItems(node?: string): Promise<readonly WorkItemRow[] | undefined>;
  /** The payload of a work item; undefined when it is missing or not JSON. */
  payloadOf(itemId: string): Promise<Json | undefined>;
  /** What its events say about where it stands. */
  outline(): Promise<RunOutline>;
  /** Runs long work so that other requests are answered in between. */
  paced<T>(steps: Steps<T>): Promise<T>;
}

/** The items by a key, in their order. */
export function groupedBy<K, T>(items: Iterable<T>, keyOf: (item: T) => K | undefined): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** Why nothing is known of the nodes: the part of a sentence behind "because". */
export function definitionMissing({ workflowId, workflowVersion }: ExplainedRun): string {
  return `the definition of ${workflowId} version ${workflowVersion} is not in the database or cannot be read`;
}
