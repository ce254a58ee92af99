import { List, X } from 'lucide-react';
import { type DragEvent, type MouseEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { OpenedSource } from '../../../core/contract/host.ts';
import { useApp, useNavigation, useSources } from '../../state/context.ts';
import type { Run } from '../../state/run.ts';
import { isAwake, type Tab } from '../../state/tab.ts';
import { shortId } from '../../widgets/format.ts';
import './tab-strip.css';

/** What is open: for each database its list and its executions. It is there once there is a choice. */
export function TabStrip() {
  const open = useSources((sources) => sources.open);
  const tabs = useNavigation((state) => state.tabs);
  if (open.length < 2 && tabs.length < 2) return null;
  return (
    <nav className="tabs" aria-label="Tabs">
      {open.map((source) => (
        <SourceTabs key={source.source} source={source} tabs={tabs.filter((tab) => tab.source === source.source)} isOnly={open.length === 1} />
      ))}
    </nav>
  );
}

function SourceTabs({
  source: { source, name, location },
  tabs,
  isOnly,
}: {
  readonly source: OpenedSource;
  readonly tabs: readonly Tab[];
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
      {tabs.map((tab) => (
        <ExecutionTab key={tab.execution} tab={tab} />
      ))}
    </>
  );
}

/** An execution: click shows it, the middle button closes it, and dragging moves it. */
function ExecutionTab({ tab }: { readonly tab: Tab }) {
  const { navigation } = useApp();
  const isShown = useNavigation((state) => state.screen === 'execution' && state.run === tab);
  const [isTarget, setTarget] = useState(false);
  const workflow = isAwake(tab) ? tab.store.getState().view.workflowId : tab.look.workflow;
  const close = (event: MouseEvent): void => {
    if (event.button === 1) navigation.closeTab(tab);
  };
  const drop = (event: DragEvent): void => {
    setTarget(false);
    const moved = Number(event.dataTransfer.getData(TAB));
    if (!Number.isNaN(moved)) navigation.moveTab(moved, tab);
  };
  return (
    <span
      className={`tab${isShown ? ' on' : ''}${isTarget ? ' target' : ''}`}
      draggable
      onAuxClick={close}
      onDragStart={(event) => event.dataTransfer.setData(TAB, String(navigation.store.getState().tabs.indexOf(tab)))}
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
        title={`${workflow} ${tab.execution}`}
        onClick={() => navigation.showTab(tab)}
      >
        {isAwake(tab) ? <Moment run={tab} /> : <TabName {...tab.look} />}
      </button>
      <button type="button" className="tab-close" aria-label={`Close ${workflow} ${shortId(tab.execution)}`} onClick={() => navigation.closeTab(tab)}>
        <X size={12} aria-hidden="true" />
      </button>
    </span>
  );
}

/** Where the cursor of a tab is. */
function Moment({ run }: { readonly run: Run }) {
  const { workflowId } = useStore(run.shown, (state) => state.view);
  const sequence = useStore(run.shown, (state) => state.sequence);
  const status = useStore(run.shown, (state) => state.frame?.status ?? undefined);
  return <TabName workflow={workflowId} execution={run.execution} sequence={sequence} status={status} />;
}

function TabName({ workflow, execution, sequence, status }: TabNameProps) {
  return (
    <>
      <span className="dot" data-status={status} /> <bdi>{workflow}</bdi> <span className="mono">{shortId(execution)}</span>{' '}
      <span className="dim">#{sequence}</span>
    </>
  );
}

interface TabNameProps {
  readonly workflow: string;
  readonly execution: string;
  readonly sequence: number;
  /** undefined until it is read. */
  readonly status?: string | undefined;
}

/** The type of what is dragged: the place of a tab. */
const TAB = 'application/x-hindsight-tab';
