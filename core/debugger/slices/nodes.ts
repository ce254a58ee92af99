import type { SliceMaker } from './slice.ts';

/** The nodes at the cursor: which are active, and how many have completed. */
export const nodesSlice: SliceMaker<'nodes'> = (moment) => (moment.basis === 'waiting' ? undefined : moment.nodes());
