import { createHash } from 'node:crypto';
import { fromPlain, type Plain } from '../../core/json/plain.ts';
import { canonicalJson } from '../../core/json/print.ts';
import { double } from './simulated-execution.ts';
import type { SampleWorkflow } from './workflows.ts';

export interface AgentWorkflow extends SampleWorkflow {
  readonly systemPrompt: string;
}

interface AgentDefinition {
  readonly id: string;
  readonly systemPrompt: string;
  readonly maxTurns: number;
  /** Name, description and the types of the parameters of each tool. */
  readonly tools: readonly (readonly [name: string, description: string, parameters: Readonly<Record<string, string>>])[];
  readonly needsApproval?: readonly string[];
  /** Without a node before the loop, the model is the start node. */
  readonly startsWithModel?: boolean;
}

const ASKS_FOR_TOOLS = 'state.last_model_finish_reason == "tool_calls"';
const MODEL = 'careful';

/** An agent as the SDK compiles it: an unrolled loop of three nodes a turn (docs/format.md, What a model was sent). */
export function agentWorkflow({ id, systemPrompt, maxTurns, tools, needsApproval = [], startsWithModel = false }: AgentDefinition): AgentWorkflow {
  const offered: Plain = tools.map(([name, description, parameters]) => ({
    type: 'function',
    function: {
      name,
      description,
      parameters: { type: 'object', properties: Object.fromEntries(Object.entries(parameters).map(([key, type]) => [key, { type }])) },
    },
  }));
  const nodes: [string, Plain][] = [];
  const edges: Plain[] = [];
  const edge = (from: string, to: string, condition: string | null = null) => edges.push({ from, to, condition });
  const add = (node: string, description: string, kind: Plain, labels: Readonly<Record<string, string>>, retry: string | null = null) =>
    nodes.push([node, { id: node, kind, retry_policy: retry, node_timeout_secs: null, description, labels }]);
  if (!startsWithModel) {
    add('prepare', 'before the loop', { type: 'python_fn', module: 'agents.prepare', function: 'prepare', output_schema: '' }, {});
    edge('prepare', '__model_0__');
  }
  for (let turn = 0; turn <= maxTurns; turn++) {
    const [model, gate, tool] = [`__model_${turn}__`, `__tool_gate_${turn}__`, `__tools_${turn}__`];
    const isFinal = turn === maxTurns;
    const labels = (part: string) => ({ 'jamjet.agent.loop': part, 'jamjet.agent.turn': String(turn) });
    const kind = { type: 'model', model_ref: MODEL, prompt_ref: '', output_schema: '', system_prompt: systemPrompt, tools: isFinal ? [] : offered };
    add(model, `turn ${turn}, model`, kind, { ...labels('model'), ...(isFinal ? { 'jamjet.agent.final': 'true' } : {}) }, 'llm_default');
    if (isFinal) {
      edge(model, 'end');
      break;
    }
    const branches = [
      { condition: ASKS_FOR_TOOLS, target: tool },
      { condition: null, target: 'end' },
    ];
    add(gate, `turn ${turn}, gate`, { type: 'condition', expression: ASKS_FOR_TOOLS, branches }, labels('gate'));
    const dispatch = { type: 'python_fn', module: 'jamjet.agents.tool_runtime', function: 'dispatch_tool_calls', agent_tool_dispatch: true, output_schema: '' };
    add(tool, `turn ${turn}, tools`, dispatch, labels('tools'), 'no_retry');
    edge(model, gate);
    edge(gate, tool, ASKS_FOR_TOOLS);
    edge(gate, 'end');
    edge(tool, `__model_${turn + 1}__`);
  }
  const ir = {
    workflow_id: id,
    name: id,
    description: systemPrompt,
    state_schema: '',
    start_node: nodes[0]?.[0],
    nodes: Object.fromEntries(nodes),
    edges,
    retry_policies: {},
    timeouts: { heartbeat_interval: 30, workflow_timeout: 3600 },
    models: { [MODEL]: { provider: 'anthropic', model: 'm-large-3', temperature: double('0.2'), max_tokens: 4096 } },
    tools: {},
    mcp_servers: {},
    remote_agents: {},
    labels: { 'jamjet.agent.id': id, 'jamjet.agent.loop': 'true', 'jamjet.agent.max_turns': String(maxTurns) },
    policy: { blocked_tools: [], model_allowlist: [], require_approval_for: needsApproval },
  };
  // The version ends in a hash of the definition.
  const version = `0.1.0+${sha256(canonicalJson(fromPlain(ir))).slice(0, 12)}`;
  return { id, version, nodes: nodes.map(([node]) => node), systemPrompt, ir: { ...ir, version } };
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
