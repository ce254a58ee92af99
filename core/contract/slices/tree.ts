import { z } from 'zod';
import type { ArtifactReference } from '../../jamjet/artifact.ts';
import { pointer, rowWindow } from '../cursor.ts';
import type { Writer } from '../explain.ts';

/** Limits on the pointers and on the sum of their lengths: enough for what users open by hand, too little for a whole state. */
const MAX_POINTERS = 20_000;
const MAX_CHARACTERS = 1_000_000;

const pointers = z
  .array(pointer)
  .max(MAX_POINTERS)
  .refine((list) => list.reduce((sum, { length }) => sum + length, 0) <= MAX_CHARACTERS, { message: 'too many characters in all' });

export const treeWant = z.strictObject({
  ...rowWindow.shape,
  /** The containers that the user opened or closed. All others are open if they are small and near the top. */
  opened: pointers,
  closed: pointers,
  /** Whether all others are open or closed instead. */
  unfolded: z.enum(['usual', 'all', 'none']).optional(),
  /** Whether containers with a change inside are open. */
  reveal: z.boolean(),
  /** The rows whose writers are asked for, counted from the first one of the tree. */
  written: rowWindow.optional(),
});
export type TreeWant = z.output<typeof treeWant>;

export type ChangeKind = 'added' | 'changed' | 'removed';

export interface TreeRow {
  readonly pointer: string;
  readonly key: string;
  /** The key as it is displayed; `''` for the whole state. */
  readonly label: string;
  readonly depth: number;
  /** The depths at which the keys of the pointer are indexes of arrays, and not keys of objects. */
  readonly indexDepths: readonly number[];
  readonly type: 'null' | 'boolean' | 'string' | 'number' | 'array' | 'object';
  /** The value as text, which may be cut; `''` for containers. */
  readonly text: string;
  readonly cut: boolean;
  /** The number of members of a container. */
  readonly size: number;
  readonly open: boolean;
  /** The change by the event at the cursor; `inside` when something below the container changed. */
  readonly change: ChangeKind | 'inside' | null;
  /** The previous value as text. */
  readonly old: string | null;
  /** Where the value is stored, if this is only a reference to it. */
  readonly artifact?: ArtifactReference;
}

export interface TreeRows {
  readonly from: number;
  readonly total: number;
  readonly rows: readonly TreeRow[];
  /** The index of the first changed row; -1 when there is none. */
  readonly firstChange: number;
  /** Who last wrote each of the rows that were asked for; undefined if finding it takes longer than a frame may. */
  readonly writers: readonly WrittenRow[] | undefined;
}

export interface WrittenRow {
  readonly pointer: string;
  readonly writer: Writer | null;
}
