import { Menu } from '@base-ui/react/menu';
import { Tabs } from '@base-ui/react/tabs';
import { ChevronDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import type { Panel } from '../../state/panel.ts';
import '../../widgets/context-menu.css';
import './side.css';

/** Beside the state: the event at the cursor, and what is asked about values, as tabs. */
export function SidePanel() {
  const panels = useApp().panels.filter(({ region }) => region === 'side');
  const { setSide } = useRun();
  const side = useRunState((state) => state.side);
  const list = useRef<HTMLDivElement>(null);
  // The chosen tab is in sight, also in a strip that is too narrow for all of them.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is chosen by `side`
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' }), [side]);
  const [isCut, setCut] = useState(false);
  useEffect(() => {
    const shown = list.current;
    if (shown === null) return;
    const observer = new ResizeObserver(() => setCut(shown.scrollWidth > shown.clientWidth));
    observer.observe(shown);
    return () => observer.disconnect();
  }, []);
  return (
    <Tabs.Root value={side} onValueChange={(value) => setSide(String(value))} className="side">
      <div className="bar side-bar">
        <Tabs.List ref={list} className="side-tabs" aria-label="Details">
          {panels.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id} className="side-tab">
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {isCut && <AllPanels panels={panels} onChoose={setSide} />}
      </div>
      {panels.map(({ id, view: View }) => (
        <Tabs.Panel key={id} value={id} className="side-body">
          <View />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}

interface AllPanelsProps {
  readonly panels: readonly Panel[];
  readonly onChoose: (id: string) => void;
}

/** All details by name, where the strip is too narrow to show each tab. */
function AllPanels({ panels, onChoose }: AllPanelsProps) {
  return (
    <Menu.Root>
      <Menu.Trigger className="icon-button" aria-label="All details" title="All details">
        <ChevronDown aria-hidden="true" />
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="menu-place" align="end">
          <Menu.Popup className="menu" aria-label="All details">
            {panels.map(({ id, label }) => (
              <Menu.Item key={id} className="menu-item" onClick={() => onChoose(id)}>
                {label}
              </Menu.Item>
            ))}
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
