import type { SliceName } from '../../contract/frame.ts';
import { changesSlice } from './changes.ts';
import { diffSlice } from './diff.ts';
import { diffTextSlice } from './diff-text.ts';
import { eventSlice } from './event.ts';
import { givenSlice } from './given.ts';
import { graphSlice } from './graph.ts';
import { lanesSlice } from './lanes.ts';
import { nodesSlice } from './nodes.ts';
import { recoverySlice } from './recovery.ts';
import type { SliceMaker } from './slice.ts';
import { textSlice } from './text.ts';
import { tracksSlice } from './tracks.ts';
import { treeSlice } from './tree.ts';
import { watchesSlice } from './watches.ts';

/** One function for each slice of the contract; a missing one does not compile. */
export const sliceMakers: { readonly [N in SliceName]: SliceMaker<N> } = {
  tree: treeSlice,
  diff: diffSlice,
  diffText: diffTextSlice,
  text: textSlice,
  event: eventSlice,
  changes: changesSlice,
  nodes: nodesSlice,
  recovery: recoverySlice,
  given: givenSlice,
  graph: graphSlice,
  watches: watchesSlice,
  tracks: tracksSlice,
  lanes: lanesSlice,
};
