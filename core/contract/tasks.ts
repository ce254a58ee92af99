import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { SourceId } from './cursor.ts';
import { request } from './request.ts';

/** The progress or the end of long work in the engine. Sent as a push. */
export interface TaskUpdate {
  readonly task: number;
  readonly kind: 'index' | 'export' | 'search' | 'find' | 'filter' | 'causes' | 'approvals' | 'audit';
  readonly source: SourceId;
  /** `''` for a task about all executions. */
  readonly execution: string;
  readonly phase: 'events' | 'states' | 'snapshots' | 'integrity' | 'writing' | 'search' | 'filter' | 'causes' | 'approvals' | 'audit';
  /** The last sequence that is indexed, folded, written, searched or tested, or the number of checked snapshots of searched executions, or of entries. */
  readonly done: number;
  readonly total: number;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Set when the task failed. */
  readonly fault?: Fault;
}

export const taskRequests = {
  'tasks.cancel': request(z.strictObject({ task: z.int() }))<null>(),
} as const;
