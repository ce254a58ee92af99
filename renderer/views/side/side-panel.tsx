import { Tabs } from '@base-ui/react/tabs';
import { useEffect, useRef } from 'react';
import { useApp, useRun, useRunState } from '../../state/context.ts';
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
  return (
    <Tabs.Root value={side} onValueChange={(value) => setSide(String(value))} className="side">
      <div className="bar">
        <Tabs.List ref={list} className="side-tabs" aria-label="Details">
          {panels.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id} className="side-tab">
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </div>
      {panels.map(({ id, view: View }) => (
        <Tabs.Panel key={id} value={id} className="side-body">
          <View />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}
