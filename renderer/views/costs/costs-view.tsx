import type { CostPoint, CostsAt } from '../../../core/contract/costs.ts';
import { explain } from '../../../core/fault.ts';
import { useAnswer, useAnswerOrFault } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { useResting } from '../../state/resting.ts';
import { bytes, count, dollars, plural, span } from '../../widgets/format.ts';
import { Sparkline } from '../../widgets/sparkline.tsx';
import './costs.css';

/** How long the cursor must rest before its sums are requested, in milliseconds. */
const REST = 60;

const SUMS: readonly (readonly [Exclude<keyof CostsAt, 'unpriced'>, string, (value: number, costs: CostsAt) => string])[] = [
  ['tokens', 'Tokens', count],
  ['costUsd', 'Cost', (usd, { unpriced }) => dollars(usd, unpriced)],
  ['durationMs', 'Work of nodes', span],
  ['failures', 'Failures', count],
  ['retries', 'Retries', count],
];

/** What the run has used up to the cursor, and how that grew. */
export function CostsView() {
  const { source, execution } = useRun();
  const sequence = useRunState((state) => state.sequence);
  const rested = useResting(sequence, REST);
  const { answer: points, fault } = useAnswerOrFault('costs.tracks', { source, execution });
  const at = useAnswer('costs.at', rested === undefined ? undefined : { source, execution, sequence: rested });
  if (points === undefined) return <div className="empty">{fault === undefined ? 'Reading…' : explain(fault)}</div>;
  const end = points.at(-1);
  const unpriced = at?.unpriced ?? 0;
  return (
    <div className="side-list" role="list" aria-label="Costs" tabIndex={0}>
      {SUMS.map(([name, label, format]) => (
        <Track
          key={name}
          label={label}
          at={at === undefined ? '…' : format(at[name], at)}
          end={end === undefined ? '' : format(end[name], end)}
          points={points}
          name={name}
        />
      ))}
      {unpriced > 0 && (
        <p className="dim track" role="listitem">
          Up to here, {plural(unpriced, 'call')} used tokens and {unpriced === 1 ? 'has' : 'have'} no recorded cost.
        </p>
      )}
      <Track label="Size of the state" at="" end={end === undefined ? '' : bytes(end.stateBytes)} points={points} name="stateBytes" />
    </div>
  );
}

interface TrackProps {
  readonly label: string;
  /** At the cursor. */
  readonly at: string;
  /** At the end of the log. */
  readonly end: string;
  readonly points: readonly CostPoint[];
  readonly name: keyof CostPoint;
}

function Track({ label, at, end, points, name }: TrackProps) {
  const sequence = useRunState((state) => state.sequence);
  const last = useRunState((state) => state.frame?.lastSequence ?? state.view.lastSequence);
  return (
    <div className="track" role="listitem">
      <div className="track-head">
        <span>{label}</span>
        <b>{at}</b>
        <span className="dim">{at === '' ? end : `of ${end}`}</span>
      </div>
      <Sparkline points={points.map((point) => ({ sequence: point.sequence, value: point[name] }))} last={last} at={sequence} height={30} />
    </div>
  );
}
