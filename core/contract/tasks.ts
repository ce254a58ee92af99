import { z } from 'zod';
import type { Fault } from '../fault.ts';
import type { SourceId } from './cursor.ts';
import { request } from './request.ts';

/** Long work of the engine: what it is about, how far it has come, and how it ended. Told by pushes. */
export interface TaskUpdate {
  readonly task: number;
  readonly kind: 'index' | 'export';
  readonly source: SourceId;
  readonly execution: string;
  readonly phase: 'events' | 'states' | 'snapshots' | 'writing';
  /** The last sequence indexed, folded or written, or how many snapshots are checked. */
  readonly done: number;
  readonly total: number;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  /** Why it failed. */
  readonly fault?: Fault;
}

export const taskRequests = {
  'tasks.cancel': request(z.strictObject({ task: z.int() }))<null>(),
} as const;
