import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type CSSProperties, type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { SourceId } from '../../../core/contract/cursor.ts';
import type { FoundInEvents, RunDigest } from '../../../core/contract/executions.ts';
import { explain } from '../../../core/fault.ts';
import { visible } from '../../../core/visible.ts';
import type { ExecutionSort, MinimapCell } from '../../../core/vocabulary.ts';
import type { Answer } from '../../client.ts';
import { usePages } from '../../state/answers.ts';
import type { Column } from '../../state/columns.ts';
import { useApp } from '../../state/context.ts';
import { type ExecutionsList, isSearched, listParams } from '../../state/executions-list.ts';
import { isSelected, selectedCount } from '../../state/selection.ts';
import { ColumnHead, HeadMenu } from '../../widgets/columns/column-head.tsx';
import { type Columns, useColumns } from '../../widgets/columns/use-columns.ts';
import { count, milliseconds, shortId, shownId, span, words } from '../../widgets/format.ts';
import { revealRow } from '../../widgets/reveal.ts';
import { type Times, useTimes } from '../../widgets/times.ts';
import { useDigests } from './digests.ts';
import { useFoundInEvents } from './found-in-events.ts';
import { RowsMenu } from './rows-menu.tsx';
import { useSelectionActions } from './selection-actions.ts';

type ExecutionListing = Answer<'executions.page'>['rows'][number];

/** One line of the list, whose data may not have arrived yet. */
interface Slot {
  readonly index: number;
  readonly row: ExecutionListing | undefined;
  readonly digest: RunDigest | undefined;
  /** Why it is listed, if its row does not say so. */
  readonly found: readonly FoundInEvents[] | undefined;
}

const ROW = 30;
/** The height of the row of headers, which stays in sight above the rows. */
const HEAD = 30;
/** At both ends of a row together. */
const PADDING = 40;

/** What the cells of a row are made from. */
interface Cells extends Slot {
  readonly times: Times;
}

interface ListColumn extends Column {
  /** The order that the database can give. */
  readonly sort?: ExecutionSort;
  readonly cell: (cells: Cells & { readonly row: ExecutionListing }) => ReactNode;
}

const COLUMNS: readonly ListColumn[] = [
  {
    id: 'status',
    label: 'Status',
    width: 130,
    sort: 'status',
    cell: ({ row }) => (
      <span className="status">
        <span className="dot" data-status={row.status} /> {words(row.status)}
      </span>
    ),
  },
  {
    id: 'workflow',
    label: 'Workflow',
    width: 160,
    grows: 1,
    sort: 'workflow',
    cell: ({ row }) => (
      <span className="workflow">
        <bdi>{row.workflowId}</bdi> <i>{row.workflowVersion}</i>
      </span>
    ),
  },
  {
    id: 'id',
    label: 'Execution',
    width: 112,
    fixed: true,
    cell: ({ row }) => (
      <span className="mono" title={shownId(row.id)}>
        {shortId(row.id)}
      </span>
    ),
  },
  { id: 'started', label: 'Started', width: 152, sort: 'started', cell: ({ row, times }) => <Time at={row.startedAt} times={times} /> },
  {
    id: 'updated',
    label: 'Last change',
    width: 152,
    sort: 'updated',
    cell: ({ row, times }) => <Time at={row.updatedAt} start={row.startedAt} times={times} />,
  },
  {
    id: 'duration',
    label: 'Duration',
    width: 88,
    number: true,
    sort: 'duration',
    cell: ({ row }) => span(milliseconds(row.updatedAt) - milliseconds(row.startedAt)),
  },
  { id: 'run', label: 'Run', width: 120, grows: 1, cell: ({ digest }) => <MinimapView digest={digest} /> },
  {
    id: 'error',
    label: 'Last failure',
    width: 140,
    grows: 1.2,
    cell: ({ digest }) => <bdi title={visible(digest?.error ?? '')}>{visible(digest?.error ?? '')}</bdi>,
  },
  { id: 'tokens', label: 'Tokens', width: 84, number: true, cell: ({ digest }) => amount(digest?.tokens, count) },
  { id: 'cost', label: 'Cost', width: 76, number: true, cell: ({ digest }) => amount(digest?.costUsd, (usd) => `$${usd.toFixed(usd < 1 ? 4 : 2)}`) },
  { id: 'events', label: 'Events', width: 80, number: true, sort: 'events', cell: ({ row }) => count(row.events) },
  { id: 'snapshots', label: 'Snapshots', width: 92, number: true, sort: 'snapshots', cell: ({ row }) => count(row.snapshots) },
  {
    id: 'segment',
    label: 'Segment',
    width: 84,
    number: true,
    sort: 'segment',
    cell: ({ row }) => (row.parentId === undefined && row.segment === 0 ? '–' : String(row.segment + 1)),
  },
  { id: 'tenant', label: 'Tenant', width: 84, sort: 'tenant', cell: ({ row }) => <bdi>{row.tenantId}</bdi> },
];
/** Shown while executions are listed only because of their events. */
const FOUND: ListColumn = { id: 'found', label: 'Found in its events', width: 230, grows: 1, fixed: true, cell: ({ found }) => <Found found={found ?? []} /> };

function Time({ at, start, times }: { readonly at: string; readonly start?: string; readonly times: Times }) {
  return <time title={times.tip(at, { start })}>{times.shown(at, { start })}</time>;
}

/** Which event has what is searched for. */
function Found({ found }: { readonly found: readonly FoundInEvents[] }) {
  const text = (hit: FoundInEvents): string => `#${hit.sequence} ${visible([hit.node, hit.error].filter((part) => part !== null).join(': '))}`;
  const title = found.map((hit) => `${hit.word === null ? 'a failure' : `"${hit.word}"`} in event ${text(hit)}`).join('\n');
  return (
    <bdi className="found" title={title}>
      {found.map(text).join(' · ')}
    </bdi>
  );
}

/** An amount of which most executions have none. */
function amount(value: number | undefined, format: (value: number) => string): string {
  return value === undefined || value === 0 ? '' : format(value);
}

const CELL_WORDS = { work: 'work', limit: 'limits', human: 'people', failure: 'failures' } as const;

/** A miniature of an execution. Neighbouring cells of one kind are drawn as one piece. */
function MinimapView({ digest }: { readonly digest: RunDigest | undefined }) {
  if (digest === undefined) return null;
  if (digest === null) return <span className="dim">long</span>;
  const pieces: { kind: MinimapCell; from: number; size: number }[] = [];
  digest.cells.forEach((kind, from) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.size++;
    else pieces.push({ kind, from, size: 1 });
  });
  const also = [...new Set(digest.cells)].filter((kind) => kind !== 'work').map((kind) => CELL_WORDS[kind]);
  return (
    <span className="strip" role="img" aria-label={also.length === 0 ? 'work' : `work, ${also.join(', ')}`}>
      {pieces.map(({ kind, from, size }) => (
        <i key={from} data-kind={kind} style={{ flexGrow: size }} />
      ))}
    </span>
  );
}

/** How much the list shows. */
export interface ShownCounts {
  readonly total: number;
  /** The answer of the search in events, of which there may be none. */
  readonly events: Answer<'executions.found'> | undefined;
}

interface GridProps {
  readonly source: SourceId;
  readonly query: ExecutionsList;
  readonly columns: Columns;
  readonly onShown: (shown: ShownCounts) => void;
}

/** The list of executions, requested in pages while it is scrolled, and sorted by the database. Those that are found by their events follow. */
export function ExecutionsGrid({ source, query, columns, onShown }: GridProps) {
  const { list, navigation } = useApp();
  const actions = useSelectionActions(source);
  const times = useTimes();
  const scroller = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState({ first: 0, last: 60 });
  const [aimed, setAimed] = useState<ExecutionListing>();
  const { sort, descending, selected, ranges } = query;
  const params = listParams(source, query);
  const key = JSON.stringify(params);
  const pages = usePages(
    'executions.page',
    (offset, limit) => ({ ...params, offset, limit: Math.max(1, limit) }),
    (page) => page,
    window.first,
    window.last,
  );
  const found = useFoundInEvents(source, query, window.first - pages.total, window.last - pages.total);
  // A search that was cancelled is asked for again if it is still wanted.
  const fault = pages.fault ?? (found.fault?.kind === 'cancelled' ? undefined : found.fault);
  const events = pages.loaded ? found.newest : undefined;
  const total = pages.total + (pages.loaded ? found.total : 0);
  useEffect(() => onShown({ total, events }), [total, events, onShown]);
  // A new query starts at the top; after coming back from an execution, the selected row is visible.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new query, or its first rows, move the list
  useEffect(() => {
    if (selected === 0) scroller.current?.scrollTo({ top: 0 });
    else if (total > 0) revealRow(scroller.current, selected, ROW, HEAD);
  }, [key, total > 0]);

  useEffect(() => scroller.current?.focus({ preventScroll: true }), []);

  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 60;
  useEffect(() => setWindow({ first, last }), [first, last]);

  const foundAt = (index: number) => (index < pages.total ? undefined : found.row(index - pages.total));
  const rowAt = (index: number): ExecutionListing | undefined => pages.row(index) ?? foundAt(index)?.row;
  const digests = useDigests(
    source,
    items.flatMap(({ index }) => rowAt(index)?.id ?? []),
  );
  const known = columns.shown.flatMap(({ id }) => COLUMNS.find((column) => column.id === id) ?? []);
  const hasFound = found.total > 0;
  // It comes first, because it says why a row is here at all.
  const shown = hasFound ? [FOUND, ...known] : known;
  const template = { '--columns': hasFound ? `minmax(${FOUND.width}px, 1fr) ${columns.template}` : columns.template } as CSSProperties;
  const minWidth = columns.width + (hasFound ? FOUND.width : 0) + PADDING;

  const open = (index: number, newTab = false): void => {
    const row = rowAt(index);
    if (row !== undefined) void navigation.enterExecution(row.id, undefined, { newTab });
  };
  const click = (event: MouseEvent, index: number): void => {
    if (event.shiftKey) list.selectTo(index);
    else if (event.ctrlKey || event.metaKey) list.toggle(index);
    else list.select(index);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const page = Math.floor(((scroller.current?.clientHeight ?? 600) - HEAD) / ROW) - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: selected + 1,
      ArrowUp: selected - 1,
      PageDown: selected + page,
      PageUp: selected - page,
      Home: 0,
      End: total - 1,
    };
    const to = moves[event.key];
    const withModifier = event.ctrlKey || event.metaKey;
    if (to !== undefined && total > 0) {
      const index = Math.max(0, Math.min(total - 1, to));
      if (event.shiftKey) list.selectTo(index);
      else list.select(index);
      revealRow(scroller.current, index, ROW, HEAD);
    } else if (event.key === 'Enter' && selectedCount(ranges) > 1) void actions.openInTabs();
    else if (event.key === 'Enter') open(selected, withModifier);
    else if (event.key === 'Escape') list.select(selected);
    else if (event.key === ' ' && withModifier) list.toggle(selected);
    else if (event.key === 'a' && withModifier) list.selectAll(total);
    else if (event.key === 'c' && withModifier) void actions.copy('ids');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const aim = (index: number): void => {
    if (!isSelected(ranges, index)) list.select(index);
    setAimed(rowAt(index));
  };

  return (
    <RowsMenu row={aimed} count={selectedCount(ranges)} actions={actions}>
      <div
        ref={scroller}
        className="executions-grid"
        role="grid"
        aria-label="Executions"
        aria-rowcount={total + 1}
        aria-multiselectable="true"
        tabIndex={0}
        onKeyDown={onKey}
        style={template}
        aria-activedescendant={items.some(({ index }) => index === selected) ? `execution-${selected}` : undefined}
      >
        <div role="rowgroup" className="execution-head" style={{ minWidth }}>
          <HeadMenu columns={columns}>
            <div role="row" className="execution-row head">
              {hasFound && (
                <div role="columnheader" className="column-head" title="These rows are listed because of what is in their events">
                  {FOUND.label}
                </div>
              )}
              {known.map((column) => (
                <ColumnHead
                  key={column.id}
                  columns={columns}
                  column={column}
                  role="columnheader"
                  sort={column.sort === undefined || sort !== column.sort ? 'none' : descending ? 'descending' : 'ascending'}
                >
                  <HeadLabel column={column} query={query} />
                </ColumnHead>
              ))}
            </div>
          </HeadMenu>
        </div>
        <div role="rowgroup" className="execution-rows" style={{ height: virtual.getTotalSize(), minWidth }}>
          {items.map(({ index, start }) => {
            const row = rowAt(index);
            const on = isSelected(ranges, index);
            const cells = { index, row, digest: row && digests.get(row.id), found: foundAt(index)?.found, times };
            return (
              <div
                key={index}
                id={`execution-${index}`}
                role="row"
                aria-rowindex={index + 2}
                aria-selected={on}
                className={`execution-row${on ? ' on' : ''}${index === selected ? ' at' : ''}`}
                style={{ transform: `translateY(${start}px)` }}
                onClick={(event) => click(event, index)}
                onAuxClick={(event) => event.button === 1 && open(index, true)}
                onContextMenu={() => aim(index)}
                onDoubleClick={(event) => open(index, event.ctrlKey || event.metaKey)}
              >
                {shown.map((column) => (
                  <div key={column.id} role="gridcell" className={column.number === undefined ? '' : 'number'}>
                    {row === undefined ? <span className="placeholder" /> : column.cell({ ...cells, row })}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
        {fault !== undefined && (
          <div className="empty" role="alert">
            {explain(fault)}
          </div>
        )}
        {fault === undefined && total === 0 && pages.loaded && (
          <div className="empty">
            {isSearched(query) && events?.complete !== true
              ? 'No row matches; the events are being searched.'
              : 'No execution matches. Change the search or the filters.'}
          </div>
        )}
      </div>
    </RowsMenu>
  );
}

function HeadLabel({ column: { label, sort }, query }: { readonly column: ListColumn; readonly query: ExecutionsList }) {
  const { list } = useApp();
  if (sort === undefined) return label;
  const isSorted = query.sort === sort;
  return (
    <button type="button" onClick={() => list.setQuery({ sort, descending: isSorted ? !query.descending : true })}>
      {label}
      {isSorted && (query.descending ? <ArrowDown size={11} aria-hidden="true" /> : <ArrowUp size={11} aria-hidden="true" />)}
    </button>
  );
}

/** The columns of the list, as the user has arranged them. */
export function useListColumns(): Columns {
  return useColumns('executions', COLUMNS);
}
