import { useEffect, useRef, useState } from 'react';
import { useApp, useRunState } from '../../state/context.ts';
import type { Region } from '../../state/panel.ts';
import { FaultAlert } from '../../widgets/fault-alert.tsx';
import { SearchPanel } from '../search/search-panel.tsx';
import { SidePanel } from '../side/side-panel.tsx';
import { StatePanel } from '../state/state-panel.tsx';
import { WhyLine } from '../why/why-line.tsx';
import { Panes } from './panes.tsx';
import { Toolbar } from './toolbar.tsx';
import './execution.css';

/** The panels of one region, one below another. */
function Panels({ region }: { readonly region: Exclude<Region, 'state' | 'side'> }) {
  return useApp()
    .panels.filter((panel) => panel.region === region)
    .map(({ id, view: View }) => <View key={id} />);
}

function Search() {
  return useRunState((state) => state.searching) ? <SearchPanel /> : null;
}

/** How long the panels wait for the first frame, in milliseconds. Drawn without one, all of them would be drawn twice. */
const WAIT = 30;

/** One execution. Every panel is a function of the cursor. It begins with the focus on the slider. */
export function ExecutionScreen() {
  const screen = useRef<HTMLDivElement>(null);
  const hasFrame = useRunState((state) => state.frame !== undefined);
  const [isDue, setDue] = useState(false);
  const isShown = hasFrame || isDue;
  useEffect(() => {
    if (isShown) return;
    const timer = setTimeout(() => setDue(true), WAIT);
    return () => clearTimeout(timer);
  }, [isShown]);
  useEffect(() => {
    if (isShown) screen.current?.querySelector<HTMLElement>('[role=slider]')?.focus();
  }, [isShown]);
  if (!isShown) return <div className="execution-screen" />;
  return (
    <div className="execution-screen" ref={screen}>
      <Toolbar />
      <div className="execution-faults">
        <FaultAlert />
        <WhyLine />
      </div>
      <Panels region="timeline" />
      <div className="panes-scroll">
        <Panes events={<Panels region="events" />} state={<StatePanel />} details={<SidePanel />} />
      </div>
      <Search />
      <Panels region="status" />
    </div>
  );
}
