import { createColumnHelper, rowSortingFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { SourceId } from '../../../core/contract/cursor.ts';
import type { RunDigest } from '../../../core/contract/executions.ts';
import { explain } from '../../../core/fault.ts';
import { visible } from '../../../core/visible.ts';
import type { ExecutionSort, MinimapCell } from '../../../core/vocabulary.ts';
import type { Answer } from '../../client.ts';
import { usePages } from '../../state/answers.ts';
import { useApp } from '../../state/context.ts';
import type { ExecutionsList } from '../../state/executions-list.ts';
import { ago, clock, count, milliseconds, shortId, shownId, span, words } from '../../widgets/format.ts';
import { revealRow } from '../../widgets/reveal.ts';
import { useDigests } from './digests.ts';

type ExecutionListing = Answer<'executions.page'>['rows'][number];

/** One line of the list, whose data may not have arrived yet. */
interface Slot {
  readonly index: number;
  readonly row: ExecutionListing | undefined;
  readonly digest: RunDigest | undefined;
}

const ROW = 30;
/** The height of the row of headers, which stays in sight above the rows. */
const HEAD = 30;
const features = tableFeatures({ rowSortingFeature });
const helper = createColumnHelper<typeof features, Slot>();

const columns = helper.columns([
  helper.accessor(({ row }) => row?.status, {
    id: 'status',
    header: 'Status',
    cell: ({ getValue }) => (
      <span className="status">
        <span className="dot" data-status={getValue()} /> {words(getValue() ?? '')}
      </span>
    ),
  }),
  helper.accessor(({ row }) => row?.workflowId, {
    id: 'workflow',
    header: 'Workflow',
    cell: ({ row }) => (
      <span className="workflow">
        <bdi>{row.original.row?.workflowId}</bdi> <i>{row.original.row?.workflowVersion}</i>
      </span>
    ),
  }),
  helper.accessor(({ row }) => row?.id, {
    id: 'id',
    header: 'Execution',
    enableSorting: false,
    cell: ({ getValue }) => (
      <span className="mono" title={shownId(getValue() ?? '')}>
        {shortId(getValue() ?? '')}
      </span>
    ),
  }),
  helper.accessor(({ row }) => row?.startedAt, { id: 'started', header: 'Started', cell: ({ getValue }) => <time>{clock(getValue() ?? '')}</time> }),
  helper.accessor(({ row }) => row?.updatedAt, {
    id: 'updated',
    header: 'Last change',
    cell: ({ getValue }) => <time title={clock(getValue() ?? '')}>{ago(getValue() ?? '')}</time>,
  }),
  helper.accessor(({ row }) => row && milliseconds(row.updatedAt) - milliseconds(row.startedAt), {
    id: 'duration',
    header: 'Duration',
    cell: ({ getValue }) => span(getValue() ?? Number.NaN),
  }),
  helper.accessor(({ digest }) => digest, { id: 'run', header: 'Run', enableSorting: false, cell: ({ getValue }) => <MinimapView digest={getValue()} /> }),
  helper.accessor(({ digest }) => digest, {
    id: 'error',
    header: 'Last failure',
    enableSorting: false,
    cell: ({ getValue }) => <bdi title={visible(getValue()?.error ?? '')}>{visible(getValue()?.error ?? '')}</bdi>,
  }),
  helper.accessor(({ digest }) => digest, {
    id: 'tokens',
    header: 'Tokens',
    enableSorting: false,
    cell: ({ getValue }) => amount(getValue()?.tokens, count),
  }),
  helper.accessor(({ digest }) => digest, {
    id: 'cost',
    header: 'Cost',
    enableSorting: false,
    cell: ({ getValue }) => amount(getValue()?.costUsd, (usd) => `$${usd.toFixed(usd < 1 ? 4 : 2)}`),
  }),
  helper.accessor(({ row }) => row?.events, { id: 'events', header: 'Events', cell: ({ getValue }) => count(getValue() ?? 0) }),
  helper.accessor(({ row }) => row?.snapshots, { id: 'snapshots', header: 'Snapshots', cell: ({ getValue }) => count(getValue() ?? 0) }),
  helper.accessor(({ row }) => row?.segment, {
    id: 'segment',
    header: 'Segment',
    cell: ({ row }) => (row.original.row?.parentId === undefined && getSegment(row.original) === 0 ? '–' : String(getSegment(row.original) + 1)),
  }),
  helper.accessor(({ row }) => row?.tenantId, { id: 'tenant', header: 'Tenant', cell: ({ getValue }) => <bdi>{getValue()}</bdi> }),
]);
const NUMERIC = new Set(['duration', 'events', 'snapshots', 'segment', 'tokens', 'cost']);

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

function getSegment({ row }: Slot): number {
  return row?.segment ?? 0;
}

interface GridProps {
  readonly source: SourceId;
  readonly query: ExecutionsList;
  readonly onTotal: (total: number) => void;
}

/** The list of executions, requested in pages while it is scrolled, and sorted by the database. */
export function ExecutionsGrid({ source, query, onTotal }: GridProps) {
  const { list, navigation } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState({ first: 0, last: 60 });
  const { status, workflow, text, sort, descending, selected } = query;
  const key = JSON.stringify([status, workflow, text.trim(), sort, descending]);
  const pages = usePages(
    'executions.page',
    (offset, limit) => ({ source, status, workflow, text: text.trim() || undefined, sort, descending, offset, limit: Math.max(1, limit) }),
    (page) => page,
    window.first,
    window.last,
  );
  const { total } = pages;
  useEffect(() => onTotal(total), [total, onTotal]);
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

  const digests = useDigests(
    source,
    items.flatMap(({ index }) => pages.row(index)?.id ?? []),
  );
  const slots = items.map(({ index }): Slot => {
    const row = pages.row(index);
    return { index, row, digest: row && digests.get(row.id) };
  });
  const sorting = useMemo(() => [{ id: sort, desc: descending }], [sort, descending]);
  const table = useTable({ features, columns, data: slots, manualSorting: true, state: { sorting }, getRowId: ({ index }) => String(index) });

  const open = (index: number, newTab = false): void => {
    const row = pages.row(index);
    if (row !== undefined) void navigation.enterExecution(row.id, undefined, { newTab });
  };
  /** As links in a browser: with Ctrl or Cmd, or by the middle button, in a tab of its own. */
  const click = (event: MouseEvent, index: number): void => {
    list.select(index);
    if (event.button === 1 || event.ctrlKey || event.metaKey) open(index, true);
  };
  const move = (to: number): void => {
    const index = Math.max(0, Math.min(total - 1, to));
    list.select(index);
    revealRow(scroller.current, index, ROW, HEAD);
  };
  const onKey = (event: KeyboardEvent): void => {
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
    if (to !== undefined) move(to);
    else if (event.key === 'Enter' && event.target === event.currentTarget) open(selected);
    else return;
    event.preventDefault();
  };

  return (
    <div
      ref={scroller}
      className="executions-grid"
      role="grid"
      aria-label="Executions"
      aria-rowcount={total + 1}
      tabIndex={0}
      onKeyDown={onKey}
      aria-activedescendant={items.some(({ index }) => index === selected) ? `execution-${selected}` : undefined}
    >
      <div role="rowgroup" className="execution-head">
        {table.getHeaderGroups().map((group) => (
          <div key={group.id} role="row" className="execution-row head">
            {group.headers.map((header) => {
              const canSort = header.column.getCanSort();
              const sorted = header.column.getIsSorted();
              return (
                <div
                  key={header.id}
                  role="columnheader"
                  className={NUMERIC.has(header.id) ? 'number' : ''}
                  aria-sort={sorted === false ? 'none' : sorted === 'desc' ? 'descending' : 'ascending'}
                >
                  {canSort ? (
                    <button
                      type="button"
                      onClick={() => list.setQuery({ sort: header.id as ExecutionSort, descending: sort === header.id ? !descending : true })}
                    >
                      <table.FlexRender header={header} />
                      {sorted === 'desc' && <ArrowDown size={11} aria-hidden="true" />}
                      {sorted === 'asc' && <ArrowUp size={11} aria-hidden="true" />}
                    </button>
                  ) : (
                    <table.FlexRender header={header} />
                  )}
                </div>
              );
            })}
          </div>
        ))}
      </div>
      <div role="rowgroup" className="execution-rows" style={{ height: virtual.getTotalSize() }}>
        {table.getRowModel().rows.map((row, i) => {
          const { index } = row.original;
          return (
            <div
              key={row.id}
              id={`execution-${index}`}
              role="row"
              aria-rowindex={index + 2}
              aria-selected={index === selected}
              className={`execution-row${index === selected ? ' on' : ''}`}
              style={{ transform: `translateY(${items[i]?.start ?? 0}px)` }}
              onClick={(event) => click(event, index)}
              onAuxClick={(event) => event.button === 1 && click(event, index)}
              onDoubleClick={() => open(index)}
            >
              {row.getAllCells().map((cell) => (
                <div key={cell.id} role="gridcell" className={NUMERIC.has(cell.column.id) ? 'number' : ''}>
                  {row.original.row === undefined ? <span className="placeholder" /> : <table.FlexRender cell={cell} />}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      {pages.fault !== undefined && (
        <div className="empty" role="alert">
          {explain(pages.fault)}
        </div>
      )}
      {pages.fault === undefined && total === 0 && pages.loaded && <div className="empty">No execution matches. Change the search or the filters.</div>}
    </div>
  );
}
