import { Group, Panel, Separator } from 'react-resizable-panels';
import { keepLayout, useApp } from '../../state/session.ts';
import { FaultAlert } from '../../widgets/fault-alert.tsx';
import { EventsPanel } from '../events/events-panel.tsx';
import { Inspector } from '../inspector/inspector.tsx';
import { StatePanel } from '../state/state-panel.tsx';
import { Timeline } from '../timeline/timeline.tsx';
import { StatusBar } from './status-bar.tsx';
import { Toolbar } from './toolbar.tsx';
import './execution.css';

const PANES = ['events', 'state', 'inspector'] as const;

/** One execution. Every panel is a function of the cursor. */
export function ExecutionScreen() {
  const layout = useApp((state) => state.layout['panes']);
  const remembered = layout?.length === PANES.length ? Object.fromEntries(PANES.map((pane, i) => [pane, layout[i] ?? 33])) : undefined;
  return (
    <div className="execution-screen">
      <Toolbar />
      <div className="execution-faults">
        <FaultAlert />
      </div>
      <Timeline />
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
          <EventsPanel />
        </Panel>
        <Separator className="separator" />
        <Panel id="state" minSize="320px" className="pane">
          <StatePanel />
        </Panel>
        <Separator className="separator" />
        <Panel id="inspector" minSize="240px" defaultSize="24%" className="pane">
          <Inspector />
        </Panel>
      </Group>
      <StatusBar />
    </div>
  );
}
