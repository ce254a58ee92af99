import { Search } from 'lucide-react';
import { useState } from 'react';
import { useAnswer } from '../../state/answer.ts';
import { keyLabel, run } from '../../state/commands.ts';
import { askList, chooseSource, closeSource, openSample, useApp } from '../../state/session.ts';
import { FaultAlert } from '../../widgets/fault-alert.tsx';
import { bytes, count, words } from '../../widgets/format.ts';
import { ExecutionsGrid } from './executions-grid.tsx';
import './executions.css';

const ACCESS = {
  live: 'read in place beside its writer',
  copy: 'read from a private copy, so that nothing beside it changes',
  immutable: 'read in place; nobody is writing',
  memory: 'in memory',
} as const;

/** All executions of the open source. */
export function ExecutionsScreen() {
  const source = useApp((state) => state.source);
  const facets = useAnswer('executions.facets', {}, source?.location ?? '');
  const list = useApp((state) => state.list);
  const [shown, setShown] = useState<number>();
  if (source === undefined) return null;
  const snapshotShare = source.size > 0 ? Math.round((source.snapshotBytes / source.size) * 100) : 0;
  return (
    <div className="executions-screen">
      <header className="topbar">
        <b>Hindsight</b>
        <span className="sep">›</span>
        <span>{source.name}</span>
        <span className="chip">read-only</span>
        <span className="grow" />
        <button type="button" className="button ghost" onClick={() => void closeSource()}>
          Close
        </button>
        <button type="button" className="button" onClick={() => void chooseSource()}>
          Open… <kbd>{keyLabel('Mod+O')}</kbd>
        </button>
        <button type="button" className="button" onClick={() => run('palette')}>
          Search or run <kbd>{keyLabel('Mod+K')}</kbd>
        </button>
      </header>
      <section className="source-head" aria-label="Source">
        <div className="grow">
          <h1>{source.name}</h1>
          <p>
            JamJet state, generation {source.generation} · {source.kind}
            {source.size > 0 ? ` · ${bytes(source.size)}` : ''} · {ACCESS[source.access]}
          </p>
        </div>
        <Figure value={count(source.executions)} caption="executions" />
        <Figure value={count(source.events)} caption="events" />
        <Figure value={count(source.snapshots)} caption={`snapshots, ${snapshotShare} % of size`} />
      </section>
      <section className="filters" aria-label="Filters">
        <label className="field search">
          <Search size={13} aria-hidden="true" className="dim" />
          <input
            data-filter
            type="search"
            aria-label="Search executions"
            placeholder="Id, workflow, status or tenant"
            value={list.text}
            onChange={(event) => askList({ text: event.target.value })}
          />
          <kbd>/</kbd>
        </label>
        <button
          type="button"
          className={`chip${list.status === undefined ? ' on' : ''}`}
          aria-pressed={list.status === undefined}
          onClick={() => askList({ status: undefined })}
        >
          All <b>{count(facets?.total ?? source.executions)}</b>
        </button>
        {facets?.statuses.map(({ name, count: number }) => (
          <button
            type="button"
            key={name}
            className={`chip${list.status === name ? ' on' : ''}`}
            aria-pressed={list.status === name}
            onClick={() => askList({ status: list.status === name ? undefined : name })}
          >
            <span className="dot" data-status={name} /> {words(name)} <b>{count(number)}</b>
          </button>
        ))}
        <span className="grow" />
        {facets !== undefined && facets.workflows.length > 1 && (
          <label className="button select">
            Workflow:
            <select aria-label="Workflow" value={list.workflow ?? ''} onChange={(event) => askList({ workflow: event.target.value || undefined })}>
              <option value="">all</option>
              {facets.workflows.map(({ name, count: number }) => (
                <option key={name} value={name}>
                  {name} ({count(number)})
                </option>
              ))}
            </select>
          </label>
        )}
      </section>
      <div className="executions-body">
        <FaultAlert />
        {source.executions === 0 ? (
          <div className="empty">
            <p>There are no executions in this database yet.</p>
            <button type="button" className="button" onClick={() => void openSample()}>
              Look at the sample instead
            </button>
          </div>
        ) : (
          <ExecutionsGrid list={list} onTotal={setShown} />
        )}
      </div>
      <footer className="statusbar">
        <span role="status" aria-label="Shown">
          <b>{count(shown ?? source.executions)}</b> of {count(source.executions)} shown
        </span>
        <span className="grow" />
        <span>Enter opens</span>
        <span>UTC</span>
      </footer>
    </div>
  );
}

function Figure({ value, caption }: { readonly value: string; readonly caption: string }) {
  return (
    <div>
      <div className="figure">{value}</div>
      <div className="caption">{caption}</div>
    </div>
  );
}
