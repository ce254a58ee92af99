import { Repeat } from 'lucide-react';
import type { TimelineLane } from '../../../core/contract/timeline.ts';
import { visible } from '../../../core/visible.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { plural } from '../../widgets/format.ts';
import { LANE } from './draw-lanes.ts';
import { moveAmongButtons } from './flags.tsx';
import { useLanesAtCursor } from './lanes-at-cursor.ts';

/** What a lane is called: the turns of a folded loop are counted. */
export function laneName({ name, turns }: Pick<TimelineLane, 'name' | 'turns'>): string {
  return turns === null ? name : `${name} ×${turns}`;
}

function laneTitle({ name, turns }: TimelineLane): string {
  return turns === null ? visible(name) : `The ${name} of ${plural(turns, 'turn')} of the agent's loop. Selects that of the turn at the cursor.`;
}

interface LaneNamesProps {
  readonly lanes: readonly TimelineLane[];
  readonly first: number;
}

/** The names of the lanes. A click selects the node; it does not move the cursor. */
export function LaneNames({ lanes, first }: LaneNamesProps) {
  const { selectLane, selectNode } = useRun();
  const at = useLanesAtCursor();
  const tabStop = at?.selected != null && at.selected >= first && at.selected < first + lanes.length ? at.selected - first : 0;
  return (
    <div role="group" aria-label="Lanes" onKeyDown={(event) => moveAmongButtons(event, 'ArrowUp', 'ArrowDown')}>
      {lanes.map((lane, i) => (
        <button
          // biome-ignore lint/suspicious/noArrayIndexKey: a lane is its number, whose name may count more turns
          key={first + i}
          type="button"
          className={`lane-name${at?.active.includes(first + i) === true ? ' active' : ''}`}
          style={{ top: (first + i) * LANE }}
          title={laneTitle(lane)}
          tabIndex={i === tabStop ? 0 : -1}
          aria-pressed={at?.selected === first + i}
          onClick={() => (at?.selected === first + i ? selectNode(undefined) : void selectLane(first + i))}
        >
          <bdi>{laneName(lane)}</bdi>
        </button>
      ))}
    </div>
  );
}

/** Shows the turns of an agent's loop as one cycle, or each by itself; nothing for a run without one. */
export function LoopSwitch() {
  const { setFoldLoops } = useRun();
  const folded = useRunState((state) => state.foldLoops);
  const hasLoop = useRunState((state) => state.frame?.slices.lanes?.hasLoop === true);
  if (!hasLoop) return null;
  return (
    <button
      type="button"
      className="loop-switch"
      aria-label="Fold the loop"
      aria-pressed={folded}
      title={
        folded
          ? 'The turns of the loop are one cycle. Click for a lane and a node of each.'
          : 'Each turn of the loop is shown. Click to fold them into one cycle.'
      }
      onClick={() => setFoldLoops(!folded)}
    >
      <Repeat size={12} aria-hidden="true" />
    </button>
  );
}
