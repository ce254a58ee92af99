import { z } from 'zod';
import { rowWindow, sequence } from '../cursor.ts';
import type { ChangeKind } from './tree.ts';

/** `against` is the sequence of the other state; null for the state before the event at the cursor; `turn` for the states before and after the agent's turn at the cursor. */
export const diffWant = z.strictObject({ ...rowWindow.shape, against: sequence.or(z.literal('turn')).nullable() });

/** The agent's turn at the cursor, which is the last one that began there or before. */
export interface ComparedTurn {
  readonly turn: number;
  /** The sequences of its first and its last event. */
  readonly from: number;
  readonly to: number;
}

/** The changes from the other state to that at the cursor, in the chosen reading, path by path; `label` is the pointer as it is displayed. */
export interface DiffRows {
  /** Only of the diff of a turn; null when no turn began at the cursor or before. */
  readonly turn?: ComparedTurn | null;
  readonly from: number;
  readonly total: number;
  /** There are more changes than `total`. */
  readonly more: boolean;
  /** Arrays whose items could only be compared by index. */
  readonly coarse: readonly string[];
  readonly rows: readonly {
    readonly kind: ChangeKind;
    readonly pointer: string;
    readonly label: string;
    readonly old: string | null;
    readonly new: string | null;
    /** Of two texts of which one is long: what differs, word by word. */
    readonly parts: readonly { readonly op: 'same' | 'removed' | 'added'; readonly text: string }[] | null;
  }[];
}
