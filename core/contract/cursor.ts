import { z } from 'zod';
import { TRACKS } from '../vocabulary.ts';

/** The schemas that requests share. */

/** Chosen by the host that opens a source. It stays the same when the engine is restarted. */
export const sourceId = z.int().min(1);
export type SourceId = z.output<typeof sourceId>;

const executionId = z.string().min(1).max(200);
/** 0 is before the first event. */
export const sequence = z.int().min(0);

export const execution = z.strictObject({ source: sourceId, execution: executionId });
/** Everything on the screen of an execution is a function of the cursor. */
export const cursor = z.strictObject({ ...execution.shape, sequence });
export type Cursor = z.output<typeof cursor>;

/** The rows of a list or tree that are on screen. */
export const rowWindow = z.strictObject({ from: z.int().min(0), count: z.int().min(0).max(500) });

/** Whether the nodes of an unrolled loop are shown as one cycle. */
export const foldLoops = z.boolean();

/** A JSON Pointer (RFC 6901). */
export const pointer = z
  .string()
  .max(10_000)
  .regex(/^(\/([^~/]|~[01])*)*$/, 'it is not a path such as /order/total');

/** A track of the timeline: one of those that every run has, or a path of the state. */
export const track = z.union([z.enum(TRACKS), pointer.min(1)]);
