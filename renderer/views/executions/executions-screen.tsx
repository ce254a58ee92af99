import { TriangleAlert } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { SourceId } from '../../../core/contract/cursor.ts';
import type { OpenedSource } from '../../../core/contract/host.ts';
import type { Access, RowForm } from '../../../core/vocabulary.ts';
import { useAnswer } from '../../state/answers.ts';
import type { App } from '../../state/app.ts';
import { runCommand } from '../../state/commands.ts';
import { useApp, useSettings, useSources } from '../../state/context.ts';
import { type ExecutionsList, isSearched, listParams } from '../../state/executions-list.ts';
import { keyLabel } from '../../state/keys.ts';
import { NONE } from '../../state/selection.ts';
import { FaultAlert } from '../../widgets/fault-alert.tsx';
import { bytes, count, plural } from '../../widgets/format.ts';
import { Outdated } from '../../widgets/outdated.tsx';
import { Replica } from '../../widgets/replica.tsx';
import { useTimes, zoneName } from '../../widgets/times.ts';
import { TimesMenu } from '../../widgets/times-menu.tsx';
import { PaletteButton } from '../palette/palette-button.tsx';
import { AllApprovals, ApprovalsStatus } from './all-approvals.tsx';
import { CausesStatus, CausesView } from './causes-view.tsx';
import { ExecutionsGrid, type ShownCounts } from './executions-grid.tsx';
import { ListColumnsButton } from './list-columns.tsx';
import { ListFilters } from './list-filters.tsx';
import { TABLE_FORMS } from './rows-menu.tsx';
import { useSelectionActions } from './selection-actions.ts';
import './executions.css';

const ACCESS: Readonly<Record<Access, string>> = {
  live: 'read in place, while it may be written',
  copy: 'read from a private copy, so that its folder does not change',
  immutable: 'read in place; it is not being written',
  memory: 'in memory',
};

/** How long a list at its top waits for more before it is read again, in milliseconds. */
const GATHERING = 1000;

/** A list at its top shows what is written; one that was moved stays as it is until the user wants to see it. */
function NewRows({ source }: { readonly source: SourceId }) {
  const { sources, list } = useApp();
  const isNew = useSources(({ news }) => news.get(source) === 'changed');
  const isAtTop = useStore(
    list.store,
    // What is read from all runs is not read again every second.
    ({ focused, selected, view, cause }) => view === 'runs' && cause === undefined && focused === 0 && Object.keys(selected).length === 0,
  );
  const [isScrolled, setScrolled] = useState(false);
  useEffect(() => {
    if (!isNew || !isAtTop) return;
    const timer = setTimeout(() => {
      const scrolled = (document.querySelector('.executions-grid')?.scrollTop ?? 0) > 0;
      setScrolled(scrolled);
      if (!scrolled) void sources.showNews(source);
    }, GATHERING);
    return () => clearTimeout(timer);
  }, [isNew, isAtTop, source, sources]);
  if (!isNew || (isAtTop && !isScrolled)) return null;
  return (
    <button type="button" className="chip on" title="Others have written to the database. Rows may move." onClick={() => void sources.showNews(source)}>
      new data · show
    </button>
  );
}

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
  const [shown, setShown] = useState<ShownCounts>();
  const selected = useMemo(() => Object.keys(query.selected).length, [query.selected]);
  const { zone } = useTimes().choice;
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
        <Outdated source={id} />
        <Replica source={id} />
        <NewRows source={id} />
        <span className="grow" />
        <button type="button" className="button ghost" onClick={() => runCommand(app, 'close')}>
          Close
        </button>
        <button type="button" className="button" onClick={() => runCommand(app, 'open')}>
          Open… <kbd>{keyLabel('Mod+O', platform)}</kbd>
        </button>
        <PaletteButton />
      </header>
      <section aria-label="Source">
        <div className="source-head">
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
        </div>
        {source.remarks !== undefined && <Remarks remarks={source.remarks} />}
      </section>
      <ListFilters source={id} list={query} mayFindMore={mayFindMore(query, shown?.events)} found={shown?.events} onSearchKey={searchKeys} />
      <div className="executions-body">
        <FaultAlert />
        {total === 0 ? (
          <div className="empty">
            <p>There are no executions in this database yet.</p>
            <button type="button" className="button" onClick={() => runCommand(app, 'open-sample')}>
              Open the sample instead
            </button>
          </div>
        ) : query.view === 'causes' ? (
          <CausesView source={id} />
        ) : query.view === 'approvals' ? (
          <AllApprovals source={id} />
        ) : (
          <ExecutionsGrid source={id} query={query} onShown={setShown} />
        )}
      </div>
      <footer className="statusbar">
        {query.view !== 'runs' ? (
          <>
            {query.view === 'causes' ? <CausesStatus source={id} /> : <ApprovalsStatus source={id} />}
            <span className="grow" />
          </>
        ) : (
          <>
            <span role="status" aria-label="Shown">
              {total !== undefined && (
                <>
                  <b>{count(shown?.total ?? total)}</b> of {count(total)} shown
                </>
              )}
            </span>
            {isSearched(query) && shown?.events !== undefined && <InEvents events={shown.events} />}
            <Selected count={selected} source={id} />
            <span className="grow" />
            <span className="dim">Enter opens</span>
            <ListColumnsButton />
          </>
        )}
        <TimesMenu className="bar-button">{zoneName(zone)}</TimesMenu>
      </footer>
    </div>
  );
}

/** What should be known of the database as a whole, with statements that can be copied. */
function Remarks({ remarks }: { readonly remarks: NonNullable<OpenedSource['remarks']> }) {
  const { copyText } = useApp();
  return (
    <ul className="source-remarks" aria-label="Remarks on the database">
      {remarks.map(({ text, sql }) => (
        <li key={text}>
          <TriangleAlert size={14} aria-hidden="true" />
          <span className="selectable">{text}</span>
          {sql !== undefined && (
            <button type="button" className="button ghost" title={sql} onClick={() => void copyText(sql, 'SQL')}>
              Copy the SQL
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** Whether what is searched for may be in the events of executions that are not searched: not yet, or because the filters leave them out. */
function mayFindMore(list: ExecutionsList, events: ShownCounts['events']): boolean {
  const isLimited = list.status !== undefined || list.workflow !== undefined || list.tenant !== undefined || list.hasParent !== undefined;
  return isSearched(list) && (isLimited || events?.complete !== true);
}

/** How far the events are searched, and how many executions were found by them. */
function InEvents({ events: { total, searched, of, unreadable, complete } }: { readonly events: NonNullable<ShownCounts['events']> }) {
  return (
    <span role="status" aria-label="Search in events">
      {complete ? `${plural(of, 'run')} searched by nodes and errors` : `searching events… ${count(searched)} of ${plural(of, 'run')}`}
      {total > 0 && (
        <>
          {' '}
          · <b>{count(total)}</b> found by them
        </>
      )}
      {unreadable > 0 && <span className="warning"> · {plural(unreadable, 'run')} cannot be read to the end: the database is damaged</span>}
    </span>
  );
}

/** What can be done with the selected executions. */
function Selected({ count: selected, source }: { readonly count: number; readonly source: SourceId }) {
  const { list } = useApp();
  const { copy, openInTabs } = useSelectionActions(source);
  if (selected === 0) return null;
  return (
    <span role="group" aria-label="Selection" className="selection">
      <span role="status" aria-label="Selected">
        <b>{count(selected)}</b> selected
      </span>
      <button type="button" className="bar-button" onClick={() => void copy('ids')}>
        Copy ids
      </button>
      {Object.entries(TABLE_FORMS).map(([form, words]) => (
        <button key={form} type="button" className="bar-button" aria-label={`Copy as ${words}`} onClick={() => void copy(form as RowForm)}>
          {words}
        </button>
      ))}
      <button type="button" className="bar-button" onClick={() => void openInTabs()}>
        Open in tabs
      </button>
      <button type="button" className="bar-button" title="Esc" onClick={() => list.setSelected(NONE)}>
        Clear
      </button>
    </span>
  );
}

/** Opens the selected execution, also when its row has not arrived yet. */
async function openSelected({ client, list, navigation }: App, source: SourceId): Promise<void> {
  const state = list.store.getState();
  const ids = await client.ask('executions.ids', { ...listParams(source, state), ranges: [[state.focused, state.focused]], limit: 1 });
  const [id] = ids.ok ? ids.value : [];
  if (id !== undefined) await navigation.enterExecution(id);
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
