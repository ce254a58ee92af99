import { readJson } from '../json/read.ts';
import { isArray, isObject, type Json, type JsonObject } from '../json/value.ts';

/** A workflow definition (`ir_json`). Old ones may lack any part (docs/format.md, Workflow definitions). */
export interface Workflow {
  readonly startNode: string | undefined;
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
  /** The settings of models by the names that nodes use for them. */
  readonly models: JsonObject;
}

export interface WorkflowNode {
  readonly id: string;
  /** The type of its kind, such as `tool` or `human_approval`; undefined when the definition has none. */
  readonly type: string | undefined;
  readonly description: string | undefined;
  /** Its kind with all its settings; empty when the definition has none. */
  readonly kind: JsonObject;
  /** Labels whose values are texts, such as `jamjet.agent.turn`. */
  readonly labels: ReadonlyMap<string, string>;
  readonly retryPolicy: string | undefined;
}

/** An edge; `to` may be `end`, which is not a node. */
interface WorkflowEdge {
  readonly from: string;
  readonly to: string;
  readonly condition: string | undefined;
}

/** @returns undefined when the text is not a JSON object. */
export function readWorkflow(irJson: string): Workflow | undefined {
  const result = readJson(irJson);
  if (!result.ok || !isObject(result.value)) return undefined;
  const ir = result.value;
  const nodes: WorkflowNode[] = [];
  const edges: WorkflowEdge[] = [];
  const nodeMap = ir.get('nodes');
  if (isObject(nodeMap)) {
    for (const [id, node] of nodeMap) {
      const kind = member(node, 'kind');
      nodes.push({
        id,
        type: text(member(kind, 'type')),
        description: text(member(node, 'description')),
        kind: isObject(kind) ? kind : NOTHING,
        labels: textsOf(member(node, 'labels')),
        retryPolicy: text(member(node, 'retry_policy')),
      });
      edges.push(...kindEdges(id, kind));
    }
  }
  for (const edge of items(ir.get('edges'))) {
    const from = text(member(edge, 'from'));
    const to = text(member(edge, 'to'));
    if (from !== undefined && to !== undefined) edges.push({ from, to, condition: text(member(edge, 'condition')) });
  }
  const models = ir.get('models');
  return { startNode: text(ir.get('start_node')), nodes, edges: withoutDuplicates(edges), models: isObject(models) ? models : NOTHING };
}

const NOTHING: JsonObject = new Map();

function textsOf(value: Json | undefined): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  if (isObject(value)) for (const [key, member] of value) if (typeof member === 'string') texts.set(key, member);
  return texts;
}

/** Some kinds of node name their targets themselves: those are edges, too. */
function kindEdges(from: string, kind: Json | undefined): WorkflowEdge[] {
  const edges: WorkflowEdge[] = [];
  const add = (to: Json | undefined, condition?: string): void => {
    if (typeof to === 'string') edges.push({ from, to, condition });
  };
  for (const branch of items(member(kind, 'branches'))) {
    if (typeof branch === 'string') add(branch);
    else add(member(branch, 'target'), text(member(branch, 'condition')));
  }
  for (const source of items(member(kind, 'wait_for'))) {
    if (typeof source === 'string') edges.push({ from: source, to: from, condition: undefined });
  }
  add(member(kind, 'fallback_node'));
  add(member(kind, 'on_input_required'));
  add(member(member(member(kind, 'on_violation'), 'branch'), 'target'));
  return edges;
}

/** One edge between two nodes, with every condition that leads along it. */
function withoutDuplicates(edges: readonly WorkflowEdge[]): WorkflowEdge[] {
  const seen = new Map<string, { readonly from: string; readonly to: string; readonly conditions: Set<string> }>();
  for (const { from, to, condition } of edges) {
    const key = JSON.stringify([from, to]);
    const known = seen.get(key) ?? { from, to, conditions: new Set() };
    if (condition !== undefined) known.conditions.add(condition);
    seen.set(key, known);
  }
  return [...seen.values()].map(({ from, to, conditions }) => ({ from, to, condition: conditions.size === 0 ? undefined : [...conditions].join(' or ') }));
}

function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) ? value.get(key) : undefined;
}

function items(value: Json | undefined): readonly Json[] {
  return isArray(value) ? value : [];
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
