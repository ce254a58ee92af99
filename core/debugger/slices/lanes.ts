import type { SliceMaker } from './slice.ts';

/** Nodes are numbered by the index. */
export const lanesSlice: SliceMaker<'lanes'> = ({ basis, execution: { history }, position }) =>
  basis === 'index' ? { active: history.nodes.activeAt(position), last: history.lastNodeAt(position) ?? null } : undefined;
