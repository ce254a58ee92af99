import { useEffect, useRef } from 'react';
import { Group, Panel, Separator } from 'react-resizable-panels';
import { useApp, useRunState, useSettings } from '../../state/context.ts';
import type { Region } from '../../state/panel.ts';
import { FaultAlert } from '../../widgets/fault-alert.tsx';
import { SearchPanel } from '../search/search-panel.tsx';
import { SidePanel } from '../side/side-panel.tsx';
import { StatePanel } from '../state/state-panel.tsx';
import { Toolbar } from './toolbar.tsx';
import './execution.css';

const PANES = ['events', 'state', 'inspector'] as const;

/** The panels of one region, one below another. */
function Panels({ region }: { readonly region: Exclude<Region, 'state' | 'side'> }) {
  return useApp()
    .panels.filter((panel) => panel.region === region)
    .map(({ id, view: View }) => <View key={id} />);
}

function Search() {
  return useRunState((state) => state.searching) ? <SearchPanel /> : null;
}

/** One execution. Every panel is a function of the cursor. It begins with the focus on the slider. */
export function ExecutionScreen() {
  const { keepLayout } = useApp().settings;
  const layout = useSettings((settings) => settings.layout['panes']);
  const remembered = layout?.length === PANES.length ? Object.fromEntries(PANES.map((pane, i) => [pane, layout[i] ?? 33])) : undefined;
  const screen = useRef<HTMLDivElement>(null);
  useEffect(() => screen.current?.querySelector<HTMLElement>('[role=slider]')?.focus(), []);
  return (
    <div className="execution-screen" ref={screen}>
      <Toolbar />
      <div className="execution-faults">
        <FaultAlert />
      </div>
      <Panels region="timeline" />
      <div className="panes-scroll">
        <Group
          className="panes"
          {...(remembered === undefined ? {} : { defaultLayout: remembered })}
          onLayoutChanged={(sizes) =>
            keepLayout(
              'panes',
              PANES.map((pane) => Math.round((sizes[pane] ?? 33) * 100) / 100),
            )
          }
        >
          <Panel id="events" minSize="240px" defaultSize="29%" className="pane">
            <Panels region="events" />
          </Panel>
          <Separator className="separator" />
          <Panel id="state" minSize="320px" className="pane">
            <StatePanel />
          </Panel>
          <Separator className="separator" />
          <Panel id="inspector" minSize="240px" defaultSize="24%" className="pane">
            <SidePanel />
          </Panel>
        </Group>
      </div>
      <Search />
      <Panels region="status" />
    </div>
  );
}
