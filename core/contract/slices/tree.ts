import { z } from 'zod';
import { pointer, rowWindow } from '../cursor.ts';

/** So many pointers at the most, and so many characters of them together: what people open by hand, never a whole state. */
const MOST_POINTERS = 20_000;
const MOST_CHARACTERS = 1_000_000;

const pointers = z
  .array(pointer)
  .max(MOST_POINTERS)
  .refine((list) => list.reduce((sum, { length }) => sum + length, 0) <= MOST_CHARACTERS, { message: 'too many characters in all' });

export const treeWant = z.strictObject({
  ...rowWindow.shape,
  /** Containers that a person opened or closed; all others are open while they are small and near the top. */
  opened: pointers,
  closed: pointers,
  /** Opens what holds a change. */
  reveal: z.boolean(),
});
export type TreeWant = z.output<typeof treeWant>;

export type ChangeKind = 'added' | 'changed' | 'removed';

export interface TreeRow {
  readonly pointer: string;
  readonly key: string;
  readonly depth: number;
  readonly type: 'null' | 'boolean' | 'string' | 'number' | 'array' | 'object';
  /** The value as text, cut; `''` for containers. */
  readonly text: string;
  readonly cut: boolean;
  /** Members of a container. */
  readonly size: number;
  readonly open: boolean;
  /** What the event at the cursor did to it; `inside`: something below it changed. */
  readonly change: ChangeKind | 'inside' | null;
  /** The value before, as text. */
  readonly old: string | null;
}

export interface TreeRows {
  readonly from: number;
  readonly total: number;
  readonly rows: readonly TreeRow[];
  /** The index of the first row that changed; -1 when none did. */
  readonly firstChange: number;
}
