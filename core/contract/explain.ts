import { z } from 'zod';
import { cursor, execution, pointer } from './cursor.ts';
import type { Completion } from './events.ts';
import { request } from './request.ts';

/** The event that last changed a value, and how. */
export interface Writer {
  /** 0 for the initial input. */
  readonly sequence: number;
  /** The kind of the event; `initial_input` at 0. */
  readonly type: string;
  readonly node: string | null;
  /** Such as `set`, `merged` or `parent_replaced`. */
  readonly how: string;
}

/** One change of a value, with the old and the new one as they are displayed in a line; null for none. */
export interface ValueChange extends Writer {
  readonly createdAt: number | null;
  readonly old: string | null;
  readonly new: string | null;
}

export interface ValueChanges {
  readonly total: number;
  /** The sequence from which the log is incomplete; changes behind it may be missing. */
  readonly incompleteFrom: number | null;
  /** The last ones, oldest first. */
  readonly changes: readonly ValueChange[];
  /** The value over the log where it is a number, at most 401 points: the last value in each part of the log. */
  readonly points: readonly { readonly sequence: number; readonly value: number | null }[];
}

/** A change of a condition's value. */
export interface Transition {
  /** 0 is before the first event. */
  readonly sequence: number;
  readonly value: boolean;
  readonly type: string | null;
  readonly node: string | null;
  /** Milliseconds since 1970; null when it is not known. */
  readonly time: number | null;
}

export interface Transitions {
  readonly total: number;
  /** The sequence from which the log is incomplete. */
  readonly incompleteFrom: number | null;
  /** The first ones. */
  readonly transitions: readonly Transition[];
  /** The first and the last moment from which it is true, null when it never is, and how many there are; 0 is before the first event. */
  readonly firstTrue: number | null;
  readonly lastTrue: number | null;
  readonly timesTrue: number;
  /** Milliseconds for which it is true, up to the end of the log. */
  readonly held: number;
  /** How often the condition could not be evaluated, which counts as false. */
  readonly errors: number;
  readonly firstError: string | null;
}

const condition = z.string().max(10_000);

export const explainRequests = {
  /** The last changes of some values of the replayed state, in the same order; null for one that there has never been. */
  'explain.writers': request(z.strictObject({ ...cursor.shape, pointers: z.array(pointer).max(200) }))<readonly (Writer | null)[]>(),
  /** Every change of a value over the whole log. */
  'explain.changes': request(z.strictObject({ ...execution.shape, pointer }))<ValueChanges>(),
  /** The sequence of the nearest change of a value in a direction; null when there is none. */
  'explain.nearest': request(z.strictObject({ ...cursor.shape, pointer, direction: z.enum(['next', 'previous']) }))<number | null>(),
  /** When a condition in CEL over `state`, `status` and `event` becomes true and false. */
  'explain.transitions': request(z.strictObject({ ...execution.shape, condition }))<Transitions>(),
  /** The first sequence behind the cursor at which a condition becomes true; null when there is none. */
  'explain.nextTrue': request(z.strictObject({ ...cursor.shape, condition }))<number | null>(),
  /** How a condition may go on at the caret, with the keys of the state at the cursor. */
  'explain.complete': request(z.strictObject({ ...cursor.shape, condition, caret: z.int().min(0).max(10_000) }))<Completion>(),
} as const;
