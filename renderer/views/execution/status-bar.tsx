import { Fragment, type ReactNode } from 'react';
import type { TaskUpdate } from '../../../core/contract/tasks.ts';
import { INTEGRITIES, TERMINAL_STATUSES } from '../../../core/vocabulary.ts';
import { useAnswer } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { count, plural, span, words } from '../../widgets/format.ts';
import { useTimes, zoneName } from '../../widgets/times.ts';
import { TimesMenu } from '../../widgets/times-menu.tsx';

/** How many findings there are; it leads to them. */
function Findings() {
  const { source, execution } = useRun();
  const list = useAnswer('findings.list', { source, execution }, { keep: true });
  const audit = useAnswer('findings.audit', { source, execution }, { keep: true });
  const total = (list?.total ?? 0) + (audit?.total ?? 0);
  return total === 0 ? null : <ToFindings>{plural(total, 'finding')}</ToFindings>;
}

function ToFindings({ children }: { readonly children: ReactNode }) {
  const { setTab } = useRun();
  return (
    <button type="button" className="link warning" onClick={() => setTab('findings')}>
      {children}
    </button>
  );
}

/** Where a recovery would start, which leads there. */
function Base({ base, replays }: { readonly base: number | null; readonly replays: number }) {
  const { moveTo } = useRun();
  return (
    <span>
      base{' '}
      <button type="button" className="link" onClick={() => moveTo(base ?? 0, { jump: true })}>
        {base === null ? 'initial input' : `snapshot #${base}`}
      </button>{' '}
      + {count(replays)}
    </span>
  );
}

/** The names of progress bars. */
const PHASES: Readonly<Record<TaskUpdate['phase'], string>> = {
  events: 'Indexing',
  states: 'Replaying',
  snapshots: 'Checking snapshots',
  integrity: 'Checking the database',
  writing: 'Exporting',
  search: 'Searching',
  filter: 'Filtering',
  causes: 'Grouping runs',
  approvals: 'Looking for approvals',
  audit: 'Reading the audit log',
};

export function StatusBar() {
  const frame = useRunState((state) => state.frame);
  const task = useRunState((state) => state.task);
  const halted = useRunState((state) => state.halted);
  const notes = useRunState((state) => state.view.notes);
  const { zone } = useTimes().choice;
  if (frame === undefined) return <footer className="statusbar" />;
  const { sequence, lastSequence, status, statusBefore, incompleteFrom, milliseconds, badSequences, integrity } = frame;
  const { nodes, recovery } = frame.slices;
  return (
    <footer className="statusbar">
      <span role="status" aria-label="Cursor">
        <b>#{sequence}</b> of {lastSequence} · {statusText(statusBefore, status)}
      </span>
      <span className="halted" role="status" aria-label="Playing">
        {halted !== undefined && `stopped at #${halted.sequence}: ${halted.reason}`}
      </span>
      {nodes !== undefined && (
        <>
          <span>
            {nodes.active.length > 0 && hasEnded(status) ? 'was active' : 'active'} <ActiveNodes active={nodes.active} />
          </span>
          <span>
            completed <b>{count(nodes.completed)}</b>
          </span>
        </>
      )}
      {recovery !== undefined && <Base base={recovery.base} replays={recovery.replays} />}
      <span className="dim">{span(milliseconds)}</span>
      <span className="grow" />
      {incompleteFrom !== null && <ToFindings>incomplete from #{incompleteFrom}</ToFindings>}
      {badSequences > 0 && <ToFindings>{plural(badSequences, 'row')} without a usable sequence left out</ToFindings>}
      {notes.map((note) => (
        <span key={note} className="warning">
          {note}
        </span>
      ))}
      {task !== undefined && (
        <span className="progress" role="progressbar" aria-label={PHASES[task.phase]} aria-valuenow={task.done} aria-valuemax={task.total}>
          {PHASES[task.phase].toLowerCase()} {count(task.done)} of {count(task.total)}
        </span>
      )}
      <span className={integrity === 'damaged' ? 'warning' : 'dim'} title="Whether the rows of this execution are those of the index by which they are read.">
        database {INTEGRITIES[integrity].words} {INTEGRITIES[integrity].sign}
      </span>
      <Findings />
      <TimesMenu className="bar-button">{zoneName(zone)}</TimesMenu>
    </footer>
  );
}

/** How many active nodes are named. */
const NAMED = 3;

/** The active nodes, each of which is selected by a click. */
function ActiveNodes({ active }: { readonly active: readonly string[] }) {
  const { selectNode } = useRun();
  if (active.length === 0) return <b>none</b>;
  return (
    <>
      {active.slice(0, NAMED).map((node, i) => (
        <Fragment key={node}>
          {i > 0 && ', '}
          <button type="button" className="link" title={`Select ${node}`} onClick={() => selectNode(node)}>
            {node}
          </button>
        </Fragment>
      ))}
      {active.length > NAMED && ` and ${active.length - NAMED} more`}
    </>
  );
}

/** What was active when a run ended is so no longer. */
function hasEnded(status: string | null): boolean {
  return (TERMINAL_STATUSES as readonly (string | null)[]).includes(status);
}

function statusText(before: string | null, now: string | null): string {
  if (now === null) return 'not known yet';
  return before === null || before === now ? words(now) : `${words(before)} → ${words(now)}`;
}
