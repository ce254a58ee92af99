import { lanesOf } from '../node-lanes.ts';
import type { SliceMaker } from './slice.ts';

/** Where the cursor is among the lanes. Nodes are numbered by the index. */
export const lanesSlice: SliceMaker<'lanes'> = async ({ basis, execution, position }, { foldLoops, selected }) => {
  if (basis !== 'index') return undefined;
  const { history } = execution;
  const lanes = await lanesOf(execution, foldLoops);
  const last = history.lastNodeAt(position);
  const node = selected === undefined ? -1 : history.nodeNames.indexOf(selected);
  return {
    foldLoops,
    active: [...new Set(history.nodes.activeAt(position).map((active) => lanes.laneOf(active)))].sort((a, b) => a - b),
    last: last === undefined ? null : lanes.laneOf(last),
    selected: node < 0 ? null : lanes.laneOf(node),
    hasLoop: (await lanesOf(execution, true)).hasLoop,
  };
};
