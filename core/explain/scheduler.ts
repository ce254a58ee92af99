import type { Workflow } from '../jamjet/workflow.ts';
import type { NodeOutline, RunOutline } from './outline.ts';
import { groupedBy } from './run.ts';

/** What the scheduler would write next for a run of which no node is scheduled (docs/format.md, What the scheduler does next). */
export type NextStep =
  | { readonly kind: 'schedules' | 'skips'; readonly nodes: readonly string[] }
  | { readonly kind: 'fails'; readonly nodes: readonly string[] }
  | { readonly kind: 'completes' };

/** By the events and the definition, with the edges that the definition lists; targets inside kinds are no edges for the scheduler. */
export function nextStep(outline: RunOutline, workflow: Workflow): NextStep {
  const state = (node: string): NodeOutline | undefined => outline.nodes.get(node);
  const skipped = (node: string): boolean => state(node)?.isSkipped === true;
  const all = workflow.edges.map(({ from, to }) => {
    const source = state(from);
    const isDone = source?.completed !== undefined;
    return { to, isDead: skipped(from) || (isDone && source?.chosen !== undefined && source.chosen !== to), isDone };
  });
  const incoming = groupedBy(all, ({ to }) => to);
  const [runnable, dead]: [string[], string[]] = [[], []];
  for (const { id } of workflow.nodes) {
    const node = state(id);
    if (node?.completed !== undefined || node?.scheduled !== undefined || node?.held !== undefined || node?.failedForGood === true) continue;
    const edges = incoming.get(id) ?? [];
    const live = edges.filter(({ isDead }) => !isDead);
    if (edges.length > 0 && live.length === 0) dead.push(id);
    else if (live.every(({ isDone }) => isDone)) runnable.push(id);
  }
  if (runnable.length > 0) return { kind: 'schedules', nodes: runnable };
  if (dead.length > 0) return { kind: 'skips', nodes: dead };
  const failed = [...outline.nodes.values()].filter(({ failedForGood }) => failedForGood).map(({ node }) => node);
  return failed.length > 0 ? { kind: 'fails', nodes: failed } : { kind: 'completes' };
}
