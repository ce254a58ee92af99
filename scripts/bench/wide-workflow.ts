import type { EventKind } from '../../core/jamjet/event-kind.ts';
import type { Plain } from '../../core/json/plain.ts';
import { SqliteBackend } from '../../core/store/sqlite.ts';

const NOW = '2026-06-01T12:00:00+00:00';
const WORKFLOW = { workflowId: 'wide', workflowVersion: '1' } as const;
/** A node that starts as many others at once, and one that waits for them. */
const AT_ONCE = 8;
const GROUP = AT_ONCE + 2;
const tool = { type: 'tool', tool_ref: 't', input_mapping: {}, output_schema: '' } as const;

/** The ids of the runs: each is laid out anew when it is opened. */
export const RUNS: readonly string[] = Array.from({ length: 8 }, (_, i) => `5eed0000-0000-4000-a000-00000000000${i}`);

/** Runs of a workflow of many nodes, half of which have completed. */
export async function wideWorkflow(path: string, nodes: number): Promise<void> {
  const ids = Array.from({ length: nodes }, (_, i) => `n${i}`);
  const ir: Plain = {
    workflow_id: WORKFLOW.workflowId,
    version: WORKFLOW.workflowVersion,
    name: null,
    description: null,
    state_schema: '{}',
    start_node: 'n0',
    nodes: Object.fromEntries(ids.map((id) => [id, { id, kind: tool, retry_policy: null, node_timeout_secs: null, description: null, labels: {} }])),
    edges: ids.flatMap((to, i) => sourcesOf(i).map((from) => ({ from: `n${from}`, to, condition: null }))),
    retry_policies: {},
    timeouts: {},
    models: {},
    tools: {},
    mcp_servers: {},
    remote_agents: {},
    labels: {},
  };
  const store = await SqliteBackend.open(path, { generation: 11 });
  await store.storeWorkflow({ workflowId: WORKFLOW.workflowId, version: WORKFLOW.workflowVersion, ir, createdAt: NOW });
  for (const executionId of RUNS) {
    await store.createExecution({ executionId, ...WORKFLOW, status: 'running', initialInput: {}, currentState: {}, startedAt: NOW, updatedAt: NOW });
    for (const id of ids.slice(0, nodes / 2)) {
      const kind: EventKind = { type: 'node_completed', node_id: id, output: null, state_patch: { [id]: true }, duration_ms: 5 };
      await store.appendEvent({ id: crypto.randomUUID(), executionId, kind, createdAt: NOW });
    }
  }
  await store.close();
}

/** The nodes that lead to a node: each group is a fork and its join, and follows the group before. */
function sourcesOf(node: number): readonly number[] {
  const [group, place] = [node - (node % GROUP), node % GROUP];
  if (place === GROUP - 1) return Array.from({ length: AT_ONCE }, (_, i) => group + 1 + i);
  return place > 0 ? [group] : group === 0 ? [] : [group - 1];
}
