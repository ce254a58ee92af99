import { List, X } from 'lucide-react';
import { type DragEvent, type MouseEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { OpenedSource } from '../../../core/contract/host.ts';
import { useApp, useNavigation, useSources } from '../../state/context.ts';
import type { Run } from '../../state/run.ts';
import { shortId } from '../../widgets/format.ts';
import './tab-strip.css';

/** What is open: for each database its list and its executions. It is there once there is a choice. */
export function TabStrip() {
  const open = useSources((sources) => sources.open);
  const runs = useNavigation((state) => state.runs);
  if (open.length < 2 && runs.length < 2) return null;
  return (
    <nav className="tabs" aria-label="Tabs">
      {open.map((source) => (
        <SourceTabs key={source.source} source={source} runs={runs.filter((run) => run.source === source.source)} isOnly={open.length === 1} />
      ))}
    </nav>
  );
}

function SourceTabs({
  source: { source, name, location },
  runs,
  isOnly,
}: {
  readonly source: OpenedSource;
  readonly runs: readonly Run[];
  readonly isOnly: boolean;
}) {
  const { navigation } = useApp();
  const isShown = useNavigation((state) => state.screen === 'executions' && state.source === source);
  return (
    <>
      <span className={`tab${isShown ? ' on' : ''}`}>
        <button
          type="button"
          className="tab-name"
          aria-current={isShown ? 'page' : undefined}
          title={location}
          onClick={() => navigation.showExecutions(source)}
        >
          <List size={12} aria-hidden="true" /> {isOnly ? 'Executions' : name}
        </button>
      </span>
      {runs.map((run) => (
        <RunTab key={run.execution} run={run} />
      ))}
    </>
  );
}

/** An execution: click shows it, the middle button closes it, and dragging moves it. */
function RunTab({ run }: { readonly run: Run }) {
  const { navigation } = useApp();
  const isShown = useNavigation((state) => state.screen === 'execution' && state.run === run);
  const view = useStore(run.store, (state) => state.view);
  const sequence = useStore(run.store, (state) => state.sequence);
  const status = useStore(run.store, (state) => state.frame?.status ?? undefined);
  const [isTarget, setTarget] = useState(false);
  const close = (event: MouseEvent): void => {
    if (event.button === 1) navigation.closeTab(run);
  };
  const drop = (event: DragEvent): void => {
    setTarget(false);
    const moved = Number(event.dataTransfer.getData(TAB));
    if (!Number.isNaN(moved)) navigation.moveTab(moved, run);
  };
  return (
    <span
      className={`tab${isShown ? ' on' : ''}${isTarget ? ' target' : ''}`}
      draggable
      onAuxClick={close}
      onDragStart={(event) => event.dataTransfer.setData(TAB, String(navigation.store.getState().runs.indexOf(run)))}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(TAB)) return;
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={drop}
    >
      <button
        type="button"
        className="tab-name"
        aria-current={isShown ? 'page' : undefined}
        title={`${view.workflowId} ${view.id}`}
        onClick={() => navigation.showRun(run)}
      >
        <span className="dot" data-status={status} /> <bdi>{view.workflowId}</bdi> <span className="mono">{shortId(view.id)}</span>{' '}
        <span className="dim">#{sequence}</span>
      </button>
      <button type="button" className="tab-close" aria-label={`Close ${view.workflowId} ${shortId(view.id)}`} onClick={() => navigation.closeTab(run)}>
        <X size={12} aria-hidden="true" />
      </button>
    </span>
  );
}

/** The type of what is dragged: the place of a tab. */
const TAB = 'application/x-hindsight-tab';
