import { Tabs } from '@base-ui/react/tabs';
import { type StateTab, setReading, setReveal, setTab, useCursor } from '../../state/cursor.ts';
import { count } from '../../widgets/format.ts';
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

const READINGS = [
  ['replay', 'From the first event: what is true'],
  ['recovery', 'What the runtime would rebuild: the latest snapshot and the events after it. Marked is where that differs from replay.'],
  ['given', 'What the scheduler hands to nodes, decides conditions on and ends with: its own fold. Marked is where that differs from replay.'],
] as const;

/** Which reading is shown, and where the three do not agree here. */
function ReadingBar() {
  const reading = useCursor((state) => state.reading);
  const reveal = useCursor((state) => state.reveal);
  const tab = useCursor((state) => state.tab);
  const frame = useCursor((state) => state.frame);
  const differences = frame?.recovery.differences;
  return (
    <div className="bar reading">
      <span className="segments" role="group" aria-label="Reading">
        {READINGS.map(([name, title]) => (
          <button key={name} type="button" className="segment" aria-pressed={reading === name} onClick={() => setReading(name)} title={title}>
            {name}
          </button>
        ))}
      </span>
      {reading !== 'given' && differences?.length === 0 && <span className="agree">✓ recovery equal</span>}
      {reading !== 'given' && differences !== undefined && differences !== null && differences.length > 0 && (
        <span className="warning" title={differences.join('; ')}>
          ≠ {differences.join('; ')}
        </span>
      )}
      {reading === 'given' && frame?.given?.paths === 0 && <span className="agree">✓ given equal</span>}
      {frame?.given != null && frame.given.paths > 0 && (
        <span className="warning" title="The scheduler folds shallowly and leaves approvals out: nodes do not see the state that replay shows.">
          {reading === 'given' ? '≠' : 'given ≠'} {count(frame.given.paths)}
          {frame.given.more ? '+' : ''} {frame.given.paths === 1 ? 'path' : 'paths'}
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
