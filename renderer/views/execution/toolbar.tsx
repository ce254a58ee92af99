import { useApp, useRun, useRunState, useSources } from '../../state/context.ts';
import { plural, shortId, shownId, words } from '../../widgets/format.ts';
import { Outdated } from '../../widgets/outdated.tsx';
import { Replica } from '../../widgets/replica.tsx';
import { PaletteButton } from '../palette/palette-button.tsx';
import { PaneToggle } from './panes.tsx';
import { PlayerControls } from './player-controls.tsx';

export function Toolbar() {
  const { navigation, copyText } = useApp();
  const { source } = useRun();
  const name = useSources((state) => state.open.find((open) => open.source === source)?.name);
  const view = useRunState((state) => state.view);
  const status = useRunState((state) => state.frame?.status ?? undefined);
  const { id, workflowId, workflowVersion, segment, parent, children } = view;
  return (
    <header className="topbar">
      <h1 className="visually-hidden">
        {workflowId} {shownId(id)}
      </h1>
      <button type="button" className="crumb shrinks" onClick={() => navigation.showExecutions()} title={`All executions of ${name}`}>
        {name}
      </button>
      <span className="sep">›</span>
      <span className="shrinks" title={`${workflowId} ${workflowVersion}`}>
        <bdi>{workflowId}</bdi> <span className="dim">{workflowVersion}</span>
      </span>
      <span className="sep">›</span>
      <button type="button" className="crumb mono strong" title={`Copy ${shownId(id)}`} onClick={() => void copyText(shownId(id), 'Id')}>
        exec_{shortId(id)}
      </button>
      {(parent !== null || children.length > 0 || segment > 0) && (
        <span className="chip">
          segment <b>{segment + 1}</b>
          {parent !== null && (
            <button type="button" className="link" onClick={() => void navigation.enterExecution(parent)} title="The previous segment">
              ‹ before
            </button>
          )}
          {children.map((child) => (
            <button key={child} type="button" className="link" onClick={() => void navigation.enterExecution(child, 0)} title="The next segment">
              next ›
            </button>
          ))}
        </span>
      )}
      {status !== undefined && (
        <span className="chip">
          <span className="dot" data-status={status} /> <b>{words(status)}</b> at cursor
        </span>
      )}
      <StoredStatus />
      <Growth />
      <span className="chip">read-only</span>
      <Outdated source={source} />
      <Replica source={source} />
      <span className="grow" />
      <PlayerControls />
      <PaneToggle pane="events" />
      <PaneToggle pane="details" />
      <button type="button" className="button primary" onClick={() => navigation.setDialog('export')}>
        Export…
      </button>
      <PaletteButton />
    </header>
  );
}

/** How much has been written since the cursor was at the end; at the end of a run that grows, that it is followed. */
function Growth() {
  const { toEnd } = useRun();
  const hasGrown = useRunState((state) => state.hasGrown);
  const seen = useRunState((state) => state.seen);
  const last = useRunState((state) => state.view.lastSequence);
  const following = useRunState((state) => state.following);
  if (!hasGrown) return null;
  if (following) {
    return (
      <span className="chip" title="Events that are written now are shown at once. Move the cursor to stay at an event.">
        <span className="dot live" /> following
      </span>
    );
  }
  return (
    <button type="button" className="chip on" title="Goes to the last event, and follows those that come (End)" onClick={toEnd}>
      {last > seen ? plural(last - seen, 'new event') : 'to the end'} ↓
    </button>
  );
}

/** At the end of the log: the status in the row of the execution, when that is not the replayed one. */
function StoredStatus() {
  const { setTab } = useRun();
  const stored = useRunState((state) => state.view.status);
  const frame = useRunState((state) => state.frame);
  if (frame === undefined || frame.status === null || frame.sequence < frame.lastSequence || frame.status === stored) return null;
  return (
    <button
      type="button"
      className="chip warn"
      title="The row of the execution says so; the events do not. See the findings."
      onClick={() => setTab('findings')}
    >
      stored as <b>{words(stored)}</b>
    </button>
  );
}
