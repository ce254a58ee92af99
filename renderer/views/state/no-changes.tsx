import { useRunState } from '../../state/context.ts';
import { comparedTurn } from './compared-turn.ts';

const UNKNOWN = 'This event cannot be read, so what it changed is not known. Its stored text is in the inspector.';

/** Instead of changes, when there are none. */
export function NoChanges() {
  const against = useRunState((state) => state.against);
  const isUnreadable = useRunState((state) => state.frame?.slices.event?.unreadable != null);
  const hasNoTurn = useRunState((state) => comparedTurn(state) === null);
  const sequence = useRunState((state) => state.frame?.sequence ?? state.sequence);
  if (hasNoTurn) return <div className="empty">No turn of an agent began at or before #{sequence}.</div>;
  if (against !== 'step') return <div className="empty">The two states are equal.</div>;
  return <div className="empty">{isUnreadable ? UNKNOWN : 'This event did not change the state.'}</div>;
}
