import type { Plain } from '../../core/json/plain.ts';
import { StoreError } from '../../core/store/errors.ts';
import type { NewEvent, NewWorkItem, Snapshot, StateBackend, WorkflowExecution } from '../../core/store/port.ts';
import type { Operation } from './script.ts';

type Fields = Readonly<Record<string, never>>;

/** An operation of a script on our store, with its result as the runtime's program prints it. */
export async function perform(backend: StateBackend, operation: Operation): Promise<Plain> {
  const store = operation.tenant === undefined ? backend : backend.forTenant(operation.tenant);
  try {
    return { ok: ((await result(store, operation)) ?? null) as Plain };
  } catch (error) {
    if (error instanceof StoreError) return { error: error.kind };
    throw error;
  }
}

async function result(store: StateBackend, operation: Operation): Promise<unknown> {
  const o = operation as unknown as Fields;
  switch (operation.op) {
    case 'store_workflow':
      return store.storeWorkflow({ workflowId: o['workflow_id'], version: o['version'], ir: o['ir'], createdAt: o['created_at'] } as never);
    case 'create_execution':
      return store.createExecution(camel(o['execution']) as WorkflowExecution);
    case 'update_execution_status':
      return store.updateExecutionStatus(o['execution_id'] as never, o['status'] as never);
    case 'update_execution_current_state':
      return store.updateExecutionCurrentState(o['execution_id'] as never, o['state'] as never);
    case 'patch_append_array':
      return store.patchAppendArray(o['execution_id'] as never, o['key'] as never, o['value'] as never);
    case 'append_event':
      return store.appendEvent(camel(o['event']) as NewEvent);
    case 'write_snapshot': {
      const { completedNodes, activeNodes, ...snapshot } = camel(o['snapshot']) as unknown as Fields;
      const nodes = completedNodes === undefined ? {} : { completedNodes: new Map(Object.entries(completedNodes)), activeNodes: new Set(activeNodes) };
      return store.writeSnapshot({ ...snapshot, ...nodes } as unknown as Snapshot);
    }
    case 'enqueue_work_item':
      return store.enqueueWorkItem(camel(o['item']) as NewWorkItem);
    case 'claim_work_item':
      return (await store.claimWorkItem(o['worker'] as never, [o['queue'] as never]))?.id;
    case 'renew_lease':
      return store.renewLease(o['item_id'] as never, o['worker'] as never, o['fence'] as never);
    case 'complete_work_item':
      return store.completeWorkItem(o['item_id'] as never);
    case 'fail_work_item':
      return store.failWorkItem(o['item_id'] as never, 'broken');
    case 'move_to_dead_letter':
      return store.moveToDeadLetter(o['item_id'] as never, o['error'] as never);
    case 'commit_turn': {
      const item = await store.claimWorkItem('worker', [o['queue'] as never]);
      return store.commitTurn({ itemId: item?.id ?? '', fence: item?.fence ?? 0, event: camel(o['event']) as NewEvent, writeSnapshot: o['snapshot'] === true });
    }
    case 'get_tool_effect':
      return store.getToolEffect(o['key'] as never);
    case 'put_artifact':
      return (await store.putArtifact(new TextEncoder().encode(o['text']), 'text/plain')).hash;
    default:
      throw new Error(`unknown operation ${operation.op}`);
  }
}

/** The names of a record's own fields; values stay as they are. */
function camel(record: unknown): object {
  const renamed = Object.entries(record as object).map(([key, value]) => [key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), value]);
  return Object.fromEntries(renamed.filter(([, value]) => value !== null));
}
