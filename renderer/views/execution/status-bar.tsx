import { useCursor } from '../../state/cursor.ts';
import { count, plural, span, words } from '../../widgets/format.ts';

/** What goes on beside the work of a person, as its bar is named. */
const PHASES = { index: 'Indexing', states: 'Replaying', snapshots: 'Checking snapshots', done: 'Done', failed: 'Failed', export: 'Exporting' } as const;

export function StatusBar() {
  const frame = useCursor((state) => state.frame);
  const progress = useCursor((state) => state.progress);
  const notes = useCursor((state) => state.view?.notes ?? []);
  if (frame === undefined) return <footer className="statusbar" />;
  const { sequence, lastSequence, status, statusBefore, active, completed, recovery, incompleteFrom, milliseconds, findings, badSequences } = frame;
  return (
    <footer className="statusbar">
      <span role="status" aria-label="Cursor">
        <b>#{sequence}</b> of {lastSequence} · {status !== statusBefore ? `${words(statusBefore)} → ${words(status)}` : words(status)}
      </span>
      <span>
        active <b>{active.length === 0 ? 'none' : active.slice(0, 3).join(', ')}</b>
        {active.length > 3 ? ` and ${active.length - 3} more` : ''}
      </span>
      <span>
        completed <b>{count(completed)}</b>
      </span>
      <span>
        base <b>{recovery.base === null ? 'initial input' : `snapshot #${recovery.base}`}</b> + {count(recovery.replays)}
      </span>
      <span className="dim">{span(milliseconds)}</span>
      <span className="grow" />
      {incompleteFrom !== null && <span className="warning">incomplete from #{incompleteFrom}</span>}
      {badSequences > 0 && <span className="warning">{plural(badSequences, 'row')} without a usable sequence left out</span>}
      {notes.map((note) => (
        <span key={note} className="warning">
          {note}
        </span>
      ))}
      {progress !== undefined && (
        <span className="progress" role="progressbar" aria-label={PHASES[progress.phase]} aria-valuenow={progress.done} aria-valuemax={progress.total}>
          {PHASES[progress.phase].toLowerCase()} {count(progress.done)} of {count(progress.total)}
        </span>
      )}
      {findings > 0 && <span className="warning">{plural(findings, 'finding')}</span>}
      <span>UTC</span>
    </footer>
  );
}
