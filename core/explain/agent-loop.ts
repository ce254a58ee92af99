import type { WorkflowNode } from '../jamjet/workflow.ts';

/** The parts of a turn of an agent's loop, in the order in which they run. */
const LOOP_PARTS = ['model', 'gate', 'tools'] as const;
export type LoopPart = (typeof LOOP_PARTS)[number];

/** Where a node stands in the unrolled loop of an agent. */
export interface LoopPlace {
  readonly part: LoopPart;
  /** From 0 on. */
  readonly turn: number;
  /** Whether it is the last model, which has no tools. */
  readonly isFinal: boolean;
  /** What says so: the labels of the definition, or only the name of the node. */
  readonly by: 'labels' | 'names';
}

const NAMES: Readonly<Record<string, LoopPart>> = { model: 'model', tool_gate: 'gate', tools: 'tools' };

/**
 * Where a node stands in the loop that an SDK unrolls to three nodes a turn; undefined for a node that is not in it. Labels
 * that cannot be read do not count.
 *
 * @param definition undefined when there is none: then the name of the node says it.
 */
export function placeInLoop(node: string, definition: WorkflowNode | undefined): LoopPlace | undefined {
  const labels = definition?.labels;
  const part = LOOP_PARTS.find((name) => name === labels?.get('jamjet.agent.loop'));
  const turn = labels?.get('jamjet.agent.turn') ?? '';
  if (part !== undefined && isTurn(turn)) return { part, turn: Number(turn), isFinal: labels?.get('jamjet.agent.final') === 'true', by: 'labels' };
  const [, name = '', number = ''] = /^__(model|tool_gate|tools)_(\d+)__$/.exec(node) ?? [];
  const named = NAMES[name];
  return named === undefined || !isTurn(number) ? undefined : { part: named, turn: Number(number), isFinal: false, by: 'names' };
}

function isTurn(text: string): boolean {
  return /^\d{1,9}$/.test(text);
}
