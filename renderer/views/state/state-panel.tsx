import { Tabs } from '@base-ui/react/tabs';
import { ChevronsDownUp, ChevronsUpDown } from 'lucide-react';
import { READINGS, type Reading } from '../../../core/vocabulary.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { count } from '../../widgets/format.ts';
import './state.css';

/** The state at the cursor. Its tabs are a tree, the changes by the event, and the exact text. */
export function StatePanel() {
  const panels = useApp().panels.filter(({ region }) => region === 'state');
  const { setTab } = useRun();
  const tab = useRunState((state) => state.tab);
  const refused = useRunState(({ frame, tab }) =>
    tab === 'findings' || tab === 'graph' || tab === 'conversation' ? undefined : (frame?.refused ?? undefined),
  );
  return (
    <Tabs.Root value={tab} onValueChange={(value) => setTab(String(value))} className="state">
      <div className="bar">
        <h2>State</h2>
        <Changes />
        <span className="grow" />
        <Tabs.List className="segments" aria-label="State as">
          {panels.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id} className="segment">
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </div>
      <ReadingBar />
      {panels.map(({ id, view: View }) => (
        <Tabs.Panel key={id} value={id} className="state-panel">
          {refused === undefined ? <View /> : <Refused reason={refused} />}
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}

/** Instead of a state: there is none in the reading *recovery* where the runtime would not rebuild one. */
function Refused({ reason }: { readonly reason: string }) {
  const { setReading } = useRun();
  return (
    <div className="empty">
      <p>
        The runtime would refuse this execution here because <bdi>{reason}</bdi>. There is no recovered state.
      </p>
      <button type="button" className="button" onClick={() => setReading('replay')}>
        Show the replayed state
      </button>
    </div>
  );
}

function Changes() {
  const frame = useRunState((state) => state.frame);
  const changes = frame?.slices.changes;
  if (frame === undefined || changes === undefined) return null;
  if (changes === null) return <span className="mono dim">at #{frame.sequence}</span>;
  const { added, changed, removed, more } = changes;
  return (
    <>
      <span className="mono dim">at #{frame.sequence}</span>
      {changed > 0 && <ChangeCount count={changed} word="changed" sign="~" />}
      {added > 0 && <ChangeCount count={added} word="added" sign="+" />}
      {removed > 0 && <ChangeCount count={removed} word="removed" sign="−" />}
      {more && <span className="chip">and more</span>}
      {added + changed + removed === 0 && frame.slices.event != null && (
        <span className="dim">{frame.slices.event.unreadable === null ? 'no change' : 'its change is not known'}</span>
      )}
    </>
  );
}

/** In a narrow panel, the word is not shown but its sign, as in the tree. */
function ChangeCount({ count: number, word, sign }: { readonly count: number; readonly word: string; readonly sign: string }) {
  return (
    <span className={`chip ${word}`} title={`${count(number)} ${word}`} data-sign={sign}>
      {number}
      <span className="chip-word"> {word}</span>
    </span>
  );
}

const TITLES: Readonly<Record<Reading, string>> = {
  replay: 'All events from the first one: what the log says.',
  recovery: 'What the runtime would rebuild from the latest snapshot and the events after it. Differences from replay are marked.',
  given: 'What the scheduler hands to nodes, evaluates conditions on and ends with, by its own fold. Differences from replay are marked.',
};

/** The choice of the reading, and where the readings differ at the cursor. */
function ReadingBar() {
  const { setReading, setReveal, setTab, unfold } = useRun();
  const reading = useRunState((state) => state.reading);
  const reveal = useRunState((state) => state.reveal);
  const tab = useRunState((state) => state.tab);
  const frame = useRunState((state) => state.frame);
  const recovery = frame?.slices.recovery;
  const differences = recovery?.differences;
  const given = frame?.slices.given;
  return (
    <div className="bar reading">
      <span className="segments" role="group" aria-label="Reading">
        {READINGS.map((name) => (
          <button key={name} type="button" className="segment" aria-pressed={reading === name} onClick={() => setReading(name)} title={TITLES[name]}>
            {name}
          </button>
        ))}
      </span>
      {reading !== 'given' && differences?.length === 0 && frame?.incompleteFrom === null && <span className="agree">✓ recovery equal</span>}
      {reading !== 'given' && recovery?.refused != null && (
        <span className="warning" title={`The runtime would refuse this execution because ${recovery.refused}.`}>
          ! refused by the runtime because {recovery.refused}
        </span>
      )}
      {reading !== 'given' && recovery?.rounded != null && (
        <span className="dim" title="The runtime's JSON reader is not exact. In the reading recovery the numbers are as it reads them.">
          the runtime reads {recovery.rounded.stored} as {recovery.rounded.read} (#{recovery.rounded.sequence})
        </span>
      )}
      {reading !== 'given' && differences !== undefined && differences !== null && differences.length > 0 && (
        <span className="warning" title={differences.join('; ')}>
          recovery ≠ {differences.join('; ')}
        </span>
      )}
      {reading === 'given' && given?.paths === 0 && <span className="agree">✓ given equal</span>}
      {given != null && given.paths > 0 && (
        <button
          type="button"
          className="link warning"
          title="The scheduler's fold is shallow and leaves out approvals, so nodes do not receive the state that replay shows. Shows what they receive."
          onClick={() => {
            setReading('given');
            setTab('tree');
          }}
        >
          {reading === 'given' ? '≠' : 'given ≠'} {count(given.paths)}
          {given.more ? '+' : ''} {given.paths === 1 ? 'path' : 'paths'}
        </button>
      )}
      <span className="grow" />
      {tab === 'tree' && (
        <span className="legend dim" data-reading={reading}>
          {reading === 'replay' ? 'changed by this event' : 'differs from replay'}
        </span>
      )}
      {tab === 'tree' && (
        <span className="unfolding">
          <button type="button" className="icon-button" aria-label="Open all" title="Open all" onClick={() => unfold('all')}>
            <ChevronsUpDown size={13} aria-hidden="true" />
          </button>
          <button type="button" className="icon-button" aria-label="Close all" title="Close all" onClick={() => unfold('none')}>
            <ChevronsDownUp size={13} aria-hidden="true" />
          </button>
        </span>
      )}
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
