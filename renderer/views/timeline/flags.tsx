import type { KeyboardEvent } from 'react';
import type { SnapshotFlag } from '../../../core/contract/timeline.ts';
import { SNAPSHOT_VERDICTS } from '../../../core/vocabulary.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { bytes } from '../../widgets/format.ts';
import type { Scale } from './scale.ts';

/** The snapshots in the range. They are one tab stop: the last one up to the cursor. */
export function Flags({ flags, scale }: { readonly flags: readonly SnapshotFlag[]; readonly scale: Scale }) {
  const sequence = useRunState((state) => state.sequence);
  const tabStop = Math.max(
    0,
    flags.findLastIndex(({ atSequence }) => atSequence <= sequence),
  );
  return (
    <div className="flags" role="group" aria-label="Snapshots" onKeyDown={(event) => moveAmongButtons(event, 'ArrowLeft', 'ArrowRight')}>
      {flags.map((flag, i) => (
        <Flag key={flag.atSequence} flag={flag} x={scale.middleOf(flag.atSequence)} tabIndex={i === tabStop ? 0 : -1} />
      ))}
    </div>
  );
}

function Flag({ flag, x, tabIndex }: { readonly flag: SnapshotFlag; readonly x: number; readonly tabIndex: number }) {
  const { moveTo } = useRun();
  const { atSequence, verdict, more } = flag;
  const { sign, words } = SNAPSHOT_VERDICTS[verdict];
  return (
    <button
      type="button"
      className="flag"
      tabIndex={tabIndex}
      data-verdict={verdict}
      style={{ left: x }}
      aria-label={`Snapshot at ${atSequence}, ${words}`}
      title={`Snapshot at #${atSequence} · ${bytes(flag.bytes)} · ${words}${more > 0 ? ` · ${more} more nearby` : ''}`}
      onClick={() => moveTo(atSequence, { jump: true })}
    >
      <svg viewBox="0 0 14 20" aria-hidden="true">
        <path d="M1 1v18" stroke="currentColor" strokeWidth="1.5" />
        <path d="M1.500 1.500L12 5.500 1.500 9.500z" fill={verdict === 'unchecked' ? 'none' : 'currentColor'} stroke="currentColor" />
      </svg>
      {(verdict !== 'matches' || more > 0) && (
        <span>
          {verdict === 'matches' ? '' : sign}
          {more > 0 && `+${more}`}
        </span>
      )}
    </button>
  );
}

/** Moves the focus among the buttons of a group. */
export function moveAmongButtons(event: KeyboardEvent<HTMLElement>, back: string, forward: string): void {
  const by = event.key === forward ? 1 : event.key === back ? -1 : 0;
  if (by === 0 || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  event.preventDefault();
  buttons[buttons.indexOf(event.target as HTMLButtonElement) + by]?.focus();
}
