import { Tabs } from '@base-ui/react/tabs';
import { type StateTab, setReading, setReveal, setTab, useCursor } from '../../state/cursor.ts';
import { DiffView } from './diff-view.tsx';
import { JsonView } from './json-view.tsx';
import { StateTree } from './state-tree.tsx';
import './state.css';

const TABS: readonly (readonly [tab: StateTab, label: string])[] = [
  ['tree', 'Tree'],
  ['diff', 'Diff'],
  ['json', 'JSON'],
];

/** The state at the cursor: as a tree, as what this event changed, as exact text. */
export function StatePanel() {
  const tab = useCursor((state) => state.tab);
  return (
    <Tabs.Root value={tab} onValueChange={(value) => setTab(value as StateTab)} className="state">
      <div className="bar">
        <h2>State</h2>
        <Changes />
        <span className="grow" />
        <Tabs.List className="segments" aria-label="State as">
          {TABS.map(([value, label]) => (
            <Tabs.Tab key={value} value={value} className="segment">
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </div>
      <ReadingBar />
      <Tabs.Panel value="tree" className="state-panel">
        <StateTree />
      </Tabs.Panel>
      <Tabs.Panel value="diff" className="state-panel">
        <DiffView />
      </Tabs.Panel>
      <Tabs.Panel value="json" className="state-panel">
        <JsonView />
      </Tabs.Panel>
    </Tabs.Root>
  );
}

function Changes() {
  const frame = useCursor((state) => state.frame);
  if (frame === undefined) return null;
  const { added, changed, removed, more } = frame.changes;
  return (
    <>
      <span className="mono dim">at #{frame.sequence}</span>
      {changed > 0 && <span className="chip changed">{changed} changed</span>}
      {added > 0 && <span className="chip added">{added} added</span>}
      {removed > 0 && <span className="chip removed">{removed} removed</span>}
      {more && <span className="chip">and more</span>}
      {added + changed + removed === 0 && frame.event !== null && <span className="dim">no change</span>}
    </>
  );
}

/** Which reading is shown, and whether the two agree here. */
function ReadingBar() {
  const reading = useCursor((state) => state.reading);
  const reveal = useCursor((state) => state.reveal);
  const tab = useCursor((state) => state.tab);
  const frame = useCursor((state) => state.frame);
  const differences = frame?.recovery.differences;
  return (
    <div className="bar reading">
      <span className="segments" role="group" aria-label="Reading">
        <button
          type="button"
          className="segment"
          aria-pressed={reading === 'replay'}
          onClick={() => setReading('replay')}
          title="From the first event: what is true"
        >
          replay
        </button>
        <button
          type="button"
          className="segment"
          aria-pressed={reading === 'recovery'}
          onClick={() => setReading('recovery')}
          title="What the runtime would rebuild: the latest snapshot and the events after it. Marked is where that differs from replay."
        >
          recovery
        </button>
      </span>
      {differences?.length === 0 && <span className="agree">✓ equal</span>}
      {differences !== undefined && differences !== null && differences.length > 0 && (
        <span className="warning" title={differences.join('; ')}>
          ≠ {differences.join('; ')}
        </span>
      )}
      <span className="grow" />
      {tab === 'tree' && (
        <label className="check">
          <input type="checkbox" checked={reveal} onChange={(event) => setReveal(event.target.checked)} /> reveal changes
        </label>
      )}
      {frame?.incompleteFrom != null && <span className="chip warn">incomplete from #{frame.incompleteFrom}</span>}
      {frame?.fromSnapshot != null && <span className="chip warn">from snapshot #{frame.fromSnapshot}, not checked yet</span>}
    </div>
  );
}
