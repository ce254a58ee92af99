import { Search } from 'lucide-react';
import { type KeyboardEvent, useState } from 'react';
import { useStore } from 'zustand';
import type { SourceId } from '../../../core/contract/cursor.ts';
import type { Access } from '../../../core/vocabulary.ts';
import { useAnswer, useAnswers } from '../../state/answers.ts';
import type { App } from '../../state/app.ts';
import { runCommand } from '../../state/commands.ts';
import { useApp, useSettings, useSources } from '../../state/context.ts';
import type { ExecutionsList } from '../../state/executions-list.ts';
import { keyLabel } from '../../state/keys.ts';
import { FaultAlert } from '../../widgets/fault-alert.tsx';
import { bytes, count, words } from '../../widgets/format.ts';
import { PaletteButton } from '../palette/palette-button.tsx';
import { ExecutionsGrid } from './executions-grid.tsx';
import './executions.css';

const ACCESS: Readonly<Record<Access, string>> = {
  live: 'read in place, while it may be written',
  copy: 'read from a private copy, so that its folder does not change',
  immutable: 'read in place; it is not being written',
  memory: 'in memory',
};

/** All executions of an open source. */
export function ExecutionsScreen({ source: id }: { readonly source: SourceId }) {
  const app = useApp();
  const { list } = app;
  const source = useSources((sources) => sources.open.find((open) => open.source === id));
  const platform = useSettings((settings) => settings.platform);
  const facets = useAnswer('executions.facets', { source: id });
  // Counting takes longer in a larger database, so the list does not wait for it.
  const counts = useAnswer('sources.count', { source: id });
  const query = useStore(list.store);
  const [shown, setShown] = useState<number>();
  const found = useFoundByStatus(id, query, facets?.statuses.map(({ name }) => name) ?? []);
  if (source === undefined) return null;
  const searchKeys = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowDown') document.querySelector<HTMLElement>('.executions-grid')?.focus();
    else if (event.key === 'Enter') void openSelected(app, id);
    else return;
    event.preventDefault();
  };
  const snapshotShare = source.size > 0 && counts !== undefined ? Math.round((counts.snapshotBytes / source.size) * 100) : 0;
  const total = facets?.total ?? counts?.executions;
  return (
    <div className="executions-screen">
      <header className="topbar">
        <b>Hindsight</b>
        <span className="sep">›</span>
        <span className="shrinks" title={source.location}>
          {source.name}
        </span>
        <span className="chip">read-only</span>
        <span className="grow" />
        <button type="button" className="button ghost" onClick={() => runCommand(app, 'close')}>
          Close
        </button>
        <button type="button" className="button" onClick={() => runCommand(app, 'open')}>
          Open… <kbd>{keyLabel('Mod+O', platform)}</kbd>
        </button>
        <PaletteButton />
      </header>
      <section className="source-head" aria-label="Source">
        <div className="grow">
          <h1>{source.name}</h1>
          <p>
            JamJet state, generation {source.generation} · {source.kind}
            {source.size > 0 ? ` · ${bytes(source.size)}` : ''} · {ACCESS[source.access]}
          </p>
        </div>
        <Figure value={total} caption="executions" />
        <Figure value={counts?.events} caption="events" />
        <Figure value={counts?.snapshots} caption={`snapshots, ${snapshotShare} % of size`} />
      </section>
      <section className="filters" aria-label="Filters">
        <label className="field search">
          <Search size={13} aria-hidden="true" className="dim" />
          <input
            data-filter
            type="search"
            aria-label="Search executions"
            placeholder="Id, workflow, status or tenant"
            value={query.text}
            onChange={(event) => list.setQuery({ text: event.target.value })}
            onKeyDown={searchKeys}
          />
          <kbd>/</kbd>
        </label>
        <button
          type="button"
          className={`chip${query.status === undefined ? ' on' : ''}`}
          aria-pressed={query.status === undefined}
          onClick={() => list.setQuery({ status: undefined })}
        >
          All <b>{countText(found === undefined ? total : found.all)}</b>
        </button>
        {facets?.statuses.map(({ name, count: number }) => (
          <button
            type="button"
            key={name}
            className={`chip${query.status === name ? ' on' : ''}`}
            aria-pressed={query.status === name}
            onClick={() => list.setQuery({ status: query.status === name ? undefined : name })}
          >
            <span className="dot" data-status={name} /> {words(name)} <b>{countText(found === undefined ? number : found.statuses.get(name))}</b>
          </button>
        ))}
        <span className="grow" />
        {facets !== undefined && facets.workflows.length > 1 && (
          <label className="button select">
            Workflow:
            <select aria-label="Workflow" value={query.workflow ?? ''} onChange={(event) => list.setQuery({ workflow: event.target.value || undefined })}>
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
        {total === 0 ? (
          <div className="empty">
            <p>There are no executions in this database yet.</p>
            <button type="button" className="button" onClick={() => runCommand(app, 'open-sample')}>
              Open the sample instead
            </button>
          </div>
        ) : (
          <ExecutionsGrid source={id} query={query} onTotal={setShown} />
        )}
      </div>
      <footer className="statusbar">
        <span role="status" aria-label="Shown">
          {total !== undefined && (
            <>
              <b>{count(shown ?? total)}</b> of {count(total)} shown
            </>
          )}
        </span>
        <span className="grow" />
        <span>Enter opens</span>
        <span>UTC</span>
      </footer>
    </div>
  );
}

function countText(value: number | undefined): string {
  return value === undefined ? '' : count(value);
}

/** How many executions match the search and the workflow, in all and by status; undefined when nothing limits the list. */
function useFoundByStatus(source: SourceId, { text, workflow }: ExecutionsList, statuses: readonly string[]) {
  const limits = { source, text: text.trim() || undefined, workflow, sort: 'started' as const, descending: true, offset: 0, limit: 1 };
  const isLimited = limits.text !== undefined || workflow !== undefined;
  const pages = useAnswers('executions.page', isLimited ? [limits, ...statuses.map((status) => ({ ...limits, status }))] : []);
  return isLimited ? { all: pages[0]?.total, statuses: new Map(statuses.map((status, i) => [status, pages[i + 1]?.total])) } : undefined;
}

/** Opens the selected execution, also when its row has not arrived yet. */
async function openSelected({ client, list, navigation }: App, source: SourceId): Promise<void> {
  const { selected, text, status, workflow, sort, descending } = list.store.getState();
  const page = await client.ask('executions.page', {
    source,
    status,
    workflow,
    text: text.trim() || undefined,
    sort,
    descending,
    offset: selected,
    limit: 1,
  });
  const [row] = page.ok ? page.value.rows : [];
  if (row !== undefined) await navigation.enterExecution(row.id);
}

/** @param value undefined while it is being counted. */
function Figure({ value, caption }: { readonly value: number | undefined; readonly caption: string }) {
  return (
    <div>
      <div className="figure">{value === undefined ? '…' : count(value)}</div>
      <div className="caption">{caption}</div>
    </div>
  );
}
