import { Tabs } from '@base-ui/react/tabs';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import './side.css';

/** Beside the state: the event at the cursor, and what is asked about values, as tabs. */
export function SidePanel() {
  const panels = useApp().panels.filter(({ region }) => region === 'side');
  const { setSide } = useRun();
  const side = useRunState((state) => state.side);
  return (
    <Tabs.Root value={side} onValueChange={(value) => setSide(String(value))} className="side">
      <div className="bar">
        <Tabs.List className="side-tabs" aria-label="Details">
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
