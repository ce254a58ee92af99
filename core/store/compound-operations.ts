import { randomUUID } from 'node:crypto';
import { isTerminal, type Status } from '../jamjet/status.ts';
import { parseJson } from '../json/read.ts';
import type { Json, JsonObject } from '../json/value.ts';
import { DatabaseError, FenceLostError } from './errors.ts';
import { materialize } from './materialize.ts';
import type { NewSegment, StateBackend, Turn } from './port.ts';
import { eventText } from './validate.ts';

/** Operations of generation 11 that combine others in one transaction. They are the same on every backend. */

const EFFECT_FIELDS = ['output', 'state_patch', 'duration_ms', 'gen_ai_system', 'gen_ai_model', 'input_tokens', 'output_tokens', 'finish_reason'] as const;

/** See {@link StateBackend.commitTurn}. @param now the creation time of the snapshot. */
export async function commitTurn(store: StateBackend, { itemId, fence, event, writeSnapshot = false }: Turn, now: string): Promise<number> {
  const kind = parseJson(eventText(event.kind)) as JsonObject;
  const type = kind.get('type');
  if (type !== 'node_completed' && type !== 'node_failed') throw new DatabaseError(`A turn ends with node_completed or node_failed, not with ${type}.`);
  return store.transaction(async (inside) => {
    if (!(await inside.completeWorkItemFenced(itemId, fence))) throw new FenceLostError(itemId);
    if (type === 'node_failed') await inside.failWorkItem(itemId, String(kind.get('error')));
    const sequence = await inside.appendEvent({ ...event, kind });
    const key = kind.get('idempotency_key');
    if (typeof key === 'string') {
      const { executionId } = event;
      await inside.recordToolEffect({ idempotencyKey: key, executionId, nodeId: String(kind.get('node_id')), result: effectOf(kind) });
    }
    if (writeSnapshot) {
      const { currentState, status, completedNodes, activeNodes, lastSequence } = await materialize(inside, event.executionId);
      await inside.writeSnapshot({
        id: randomUUID(),
        executionId: event.executionId,
        atSequence: lastSequence,
        state: currentState,
        createdAt: now,
        status: status as Status,
        completedNodes,
        activeNodes,
        lastSequence,
        ...(event.tenantId !== undefined && { tenantId: event.tenantId }),
      });
    }
    return sequence;
  });
}

/** The fields of a node_completed that are stored as the result of its tool call. */
function effectOf(kind: JsonObject): JsonObject {
  return new Map<string, Json>(EFFECT_FIELDS.map((name) => [name, kind.get(name) ?? null]));
}

/** See {@link StateBackend.createSegment}. */
export function createSegment(store: StateBackend, { execution, snapshot, events, workItem }: NewSegment): Promise<void> {
  return store.transaction(async (inside) => {
    await inside.createExecution(execution);
    await inside.writeSnapshot(snapshot);
    for (const event of events) await inside.appendEvent(event);
    await inside.enqueueWorkItem(workItem);
  });
}

/** See {@link StateBackend.finalizeRollover}. */
export function finalizeRollover(store: StateBackend, executionId: string, itemId: string, fence: number): Promise<boolean> {
  return store.transaction(async (inside) => {
    if (!(await inside.completeWorkItemFenced(itemId, fence))) return false;
    const execution = await inside.getExecution(executionId);
    if (execution !== undefined && !isTerminal(execution.status)) await inside.updateExecutionStatus(executionId, 'limit_exceeded');
    return true;
  });
}
