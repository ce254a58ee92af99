import type { ExecutionFilter, FacetCount, Facets } from './port.ts';

/** The status of a row that says of a failure. */
export const FAILED_STATUS = 'failed';
/** So many values of a column are counted. */
const MAX_FACETS = 1000;

/** How many executions have the same status, workflow and tenant, and whether they continue another one. */
export interface Group {
  readonly status: string;
  readonly workflow: string;
  readonly tenant: string;
  readonly hasParent: boolean;
  readonly count: number;
  /** When the last of them started, also as a number; null if none of the times can be read. */
  readonly newest: string;
  readonly newestDay: number | null;
}

/** @param everything the groups of all executions. @param groups those that have the text of the filter and started when it says. */
export function facetsOf(everything: readonly Group[], groups: readonly Group[], filter: ExecutionFilter): Facets {
  const isWanted = (group: Group, { status, workflow, tenant, hasParent, hasError }: ExecutionFilter): boolean =>
    (status === undefined || group.status === status) &&
    (workflow === undefined || group.workflow === workflow) &&
    (tenant === undefined || group.tenant === tenant) &&
    (hasParent === undefined || group.hasParent === hasParent) &&
    (hasError !== true || group.status === FAILED_STATUS);
  const left = (change: ExecutionFilter): readonly Group[] => groups.filter((group) => isWanted(group, { ...filter, ...change }));
  const newest = everything.reduce<Group | undefined>((last, group) => ((group.newestDay ?? 0) > (last?.newestDay ?? -1) ? group : last), undefined);
  return {
    total: sumOf(everything),
    matching: sumOf(left({})),
    statuses: countsOf(left({ status: undefined }), 'status'),
    workflows: countsOf(left({ workflow: undefined }), 'workflow'),
    tenants: countsOf(left({ tenant: undefined }), 'tenant'),
    withParent: sumOf(left({ hasParent: true })),
    withError: sumOf(left({ hasError: true })),
    newest: newest?.newest ?? null,
  };
}

function sumOf(groups: readonly Group[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

function countsOf(groups: readonly Group[], by: 'status' | 'workflow' | 'tenant'): FacetCount[] {
  const counts = new Map<string, number>();
  for (const group of groups) counts.set(group[by], (counts.get(group[by]) ?? 0) + group.count);
  return [...counts]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_FACETS);
}
