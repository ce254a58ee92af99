import { randomUUID } from 'node:crypto';
import { isTerminal } from '../jamjet/status.ts';
import { memberOf, type Plain } from '../json/plain.ts';
import { checkedTurnEnd } from './checked/events.ts';
import { FenceLostError } from './errors.ts';
import { materialize } from './materialize.ts';
import type { Fence, NewSegment, StateBackend, Turn } from './port.ts';

/** Operations of generation 11 that combine others in one transaction. They are the same on every backend. */

const EFFECT_FIELDS = ['output', 'state_patch', 'duration_ms', 'gen_ai_system', 'gen_ai_model', 'input_tokens', 'output_tokens', 'finish_reason'] as const;

/** See {@link StateBackend.commitTurn}. @param now the creation time of the snapshot. */
export async function commitTurn(store: StateBackend, turn: Turn, now: string): Promise<number> {
  const type = checkedTurnEnd(turn);
  const { itemId, fence, event, writeSnapshot } = turn;
  const { executionId, kind, tenantId } = event;
  return store.transaction(async (inside) => {
    if (!(await inside.completeWorkItemFenced(itemId, fence))) throw new FenceLostError(itemId);
    if (type === 'node_failed') await inside.failWorkItem(itemId, String(memberOf(kind, 'error')));
    const sequence = await inside.appendEvent(event);
    const key = memberOf(kind, 'idempotency_key');
    // A failure has no result that a later attempt could take over.
    if (type === 'node_completed' && typeof key === 'string') {
      await inside.recordToolEffect({ idempotencyKey: key, executionId, nodeId: String(memberOf(kind, 'node_id')), result: effectOf(kind) });
    }
    if (writeSnapshot) {
      const { currentState, lastSequence, ...materialized } = await materialize(inside, executionId);
      await inside.writeSnapshot({
        ...{ id: randomUUID(), executionId, tenantId, createdAt: now, atSequence: lastSequence, state: currentState },
        ...(inside.generation >= 5 && { ...materialized, lastSequence }),
      });
    }
    return sequence;
  });
}

/** The fields of a node_completed that are stored as the result of its tool call. */
function effectOf(kind: Plain): Plain {
  return new Map<string, Plain>(EFFECT_FIELDS.map((name) => [name, memberOf(kind, name) ?? null]));
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
export function finalizeRollover(store: StateBackend, executionId: string, itemId: string, fence: Fence): Promise<boolean> {
  return store.transaction(async (inside) => {
    if (!(await inside.completeWorkItemFenced(itemId, fence))) return false;
    const execution = await inside.getExecution(executionId);
    if (execution !== undefined && !isTerminal(execution.status)) await inside.updateExecutionStatus(executionId, 'limit_exceeded');
    return true;
  });
}
