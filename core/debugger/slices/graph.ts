import type { SliceMaker } from './slice.ts';

/** What the nodes of the graph are at the cursor, and which edges were taken. */
export const graphSlice: SliceMaker<'graph'> = async ({ basis, execution, position }, { foldLoops }) =>
  basis === 'index' ? { ...(await execution.graph.at(position, foldLoops)), foldLoops } : undefined;
