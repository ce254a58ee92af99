import { Search, X } from 'lucide-react';
import type { KeyboardEvent, ReactNode } from 'react';
import type { SourceId } from '../../../core/contract/cursor.ts';
import { visible } from '../../../core/visible.ts';
import type { Answer } from '../../client.ts';
import { useAnswer } from '../../state/answers.ts';
import { useApp } from '../../state/context.ts';
import { type ExecutionsList, filterParams, isFiltered, NO_FILTERS } from '../../state/executions-list.ts';
import { count, words } from '../../widgets/format.ts';
import { StartedFilter } from './started-filter.tsx';

const SEARCH_HELP = `Each word must be found, and "words in quotes" as they stand. -word leaves out what has it in its id, workflow, status or tenant.`;

const VIEWS = [
  { view: 'runs', label: 'Runs' },
  { view: 'causes', label: 'By cause' },
  { view: 'approvals', label: 'Approvals' },
] as const;

const ABOUT = {
  causes: 'All runs that did not complete, grouped by why they ended or what they wait for. Numbers, ids and quoted texts are folded.',
  approvals: 'What people were asked in all runs, those that wait longest first, and what they decided.',
} as const;

interface ListFiltersProps {
  readonly source: SourceId;
  readonly list: ExecutionsList;
  /** Whether the events of executions that are not counted may have what is searched for. */
  readonly mayFindMore: boolean;
  /** What was found in events; it is counted beside what was found in rows. */
  readonly found: Answer<'executions.found'> | undefined;
  /** Enter and the arrow down leave the search. */
  readonly onSearchKey: (event: KeyboardEvent) => void;
}

/** What limits the list. Each choice shows how many executions the other choices leave for it. */
export function ListFilters({ source, list, mayFindMore, found, onSearchKey }: ListFiltersProps) {
  const { setQuery, setView } = useApp().list;
  const all = useAnswer('executions.facets', { source });
  const inRows = useAnswer('executions.facets', filterParams(source, list), { keep: true });
  const left = inRows && withFound(inRows, found?.facets ?? null);
  if (all === undefined) return <section className="filters" aria-label="Filters" />;
  const { status, workflow, tenant, hasParent, hasError, cause } = list;
  const more = mayFindMore ? '+' : '';
  const title = more === '' ? undefined : 'More may be found by events that have not been searched';
  const allStatuses = left?.statuses.reduce((sum, { count: number }) => sum + number, 0);
  const views = (
    <span className="segments" role="group" aria-label="Show">
      {VIEWS.map(({ view, label }) => (
        <button key={view} type="button" className="segment" aria-pressed={list.view === view} onClick={() => setView(view)}>
          {label}
        </button>
      ))}
    </span>
  );
  if (list.view !== 'runs') {
    return (
      <section className="filters" aria-label="Filters">
        {views}
        <span className="dim">{ABOUT[list.view]}</span>
      </section>
    );
  }
  return (
    <section className="filters" aria-label="Filters">
      <label className="field search">
        <Search size={13} aria-hidden="true" className="dim" />
        <input
          data-filter
          type="search"
          aria-label="Search executions"
          placeholder="Id, workflow, node, error …"
          title={SEARCH_HELP}
          value={list.text}
          maxLength={500}
          onChange={(event) => setQuery({ text: event.target.value })}
          onKeyDown={onSearchKey}
        />
        <kbd>/</kbd>
      </label>
      {views}
      <Chip isOn={status === undefined} title={title} onClick={() => setQuery({ status: undefined })}>
        All <b>{countText(allStatuses, more)}</b>
      </Chip>
      {all.statuses.map(({ name }) => (
        <Chip key={name} isOn={status === name} title={title} onClick={() => setQuery({ status: status === name ? undefined : name })}>
          <span className="dot" data-status={name} /> {words(name)} <b>{countText(left && countOf(left.statuses, name), more)}</b>
        </Chip>
      ))}
      <span className="filter-break" />
      {cause !== undefined && (
        <Chip isOn title={cause.cause} onClick={() => setQuery({ cause: undefined })}>
          <span className="chip-text">
            cause: <bdi>{visible(cause.cause)}</bdi>
          </span>
          <X size={12} aria-label="Remove" />
        </Chip>
      )}
      <Chip isOn={hasError} title="Failed, or with a failure in its events, which are read for it" onClick={() => setQuery({ hasError: !hasError })}>
        has error <b>{hasError && found?.complete === true ? countText(inRows && inRows.withError + found.total, '') : countText(inRows?.withError, '+')}</b>
      </Chip>
      {all.withParent > 0 && (
        <Chip isOn={hasParent === true} title="Continues another execution" onClick={() => setQuery({ hasParent: hasParent === true ? undefined : true })}>
          has parent <b>{countText(left?.withParent, more)}</b>
        </Chip>
      )}
      {all.workflows.length > 1 && (
        <Choice label="Workflow" value={workflow} all={all.workflows} left={left?.workflows} more={more} onChoose={(name) => setQuery({ workflow: name })} />
      )}
      {all.tenants.length > 1 && (
        <Choice label="Tenant" value={tenant} all={all.tenants} left={left?.tenants} more={more} onChoose={(name) => setQuery({ tenant: name })} />
      )}
      <StartedFilter newest={all.newest} started={list.started} onChoose={(started) => setQuery({ started })} />
      {isFiltered(list) && (
        <button type="button" className="button ghost" onClick={() => setQuery(NO_FILTERS)}>
          <X size={13} aria-hidden="true" /> Clear all
        </button>
      )}
    </section>
  );
}

interface ChipProps {
  readonly isOn: boolean;
  readonly title: string | undefined;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

function Chip({ isOn, title, onClick, children }: ChipProps) {
  return (
    <button type="button" className={`chip${isOn ? ' on' : ''}`} aria-pressed={isOn} title={title} onClick={onClick}>
      {children}
    </button>
  );
}

type Facets = Answer<'executions.facets'>;
type Counts = readonly { readonly name: string; readonly count: number }[];

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly all: Counts;
  readonly left: Counts | undefined;
  readonly more: string;
  readonly onChoose: (name: string | undefined) => void;
}

function Choice({ label, value, all, left, more, onChoose }: ChoiceProps) {
  return (
    <label className={`button select${value === undefined ? '' : ' on'}`}>
      {label}:
      <select aria-label={label} value={value ?? ''} onChange={(event) => onChoose(event.target.value || undefined)}>
        <option value="">all</option>
        {all.map(({ name }) => (
          <option key={name} value={name}>
            {name} ({countText(left && countOf(left, name), more)})
          </option>
        ))}
      </select>
    </label>
  );
}

/** What the filters leave in the rows, and what was found in events besides. */
function withFound(inRows: Facets, found: Facets | null): Pick<Facets, 'statuses' | 'workflows' | 'tenants' | 'withParent'> {
  if (found === null) return inRows;
  const sum = (rows: Counts, events: Counts): Counts =>
    [...new Set([...rows, ...events].map(({ name }) => name))].map((name) => ({ name, count: countOf(rows, name) + countOf(events, name) }));
  return {
    statuses: sum(inRows.statuses, found.statuses),
    workflows: sum(inRows.workflows, found.workflows),
    tenants: sum(inRows.tenants, found.tenants),
    withParent: inRows.withParent + found.withParent,
  };
}

function countOf(counts: Counts, name: string): number {
  return counts.find((known) => known.name === name)?.count ?? 0;
}

/** @param value undefined while it is being counted. @param more `+` when there may be more. */
function countText(value: number | undefined, more: string): string {
  return value === undefined ? '' : count(value) + more;
}
