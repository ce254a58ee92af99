import type { TreeRow } from '../../../core/contract/slices/tree.ts';

/** Whether the reader shows more of a value than its row. */
export function isReadable({ type, change, cut, text }: TreeRow): boolean {
  return type === 'string' && change !== 'removed' && (cut || text.length > 40);
}
