import { createColumnHelper, rowSortingFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { Params, Reply } from '../../../core/contract.ts';
import type { RunStrip, StripCell } from '../../../core/replies.ts';
import { ask } from '../../client.ts';
import { usePages } from '../../state/pages.ts';
import { askList, enterExecution, type ListState, selectInList, useApp } from '../../state/session.ts';
import { useStrips } from '../../state/strips.ts';
import { ago, clock, count, shortId, shownId, span, words } from '../../widgets/format.ts';
import { revealRow } from '../../widgets/reveal.ts';

type ExecutionListing = Reply<'executions.page'>['rows'][number];
type Sort = Params<'executions.page'>['sort'];

/** A place in the list; its row may still be on its way. */
interface Slot {
  readonly index: number;
  readonly row: ExecutionListing | undefined;
  readonly strip: RunStrip | undefined;
}

const ROW = 30;
const features = tableFeatures({ rowSortingFeature });
const helper = createColumnHelper<typeof features, Slot>();

const time = (text: string): number => Date.parse(text.replace(/(\.\d{3})\d+/, '$1'));

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
  helper.accessor(({ row }) => row && time(row.updatedAt) - time(row.startedAt), {
    id: 'duration',
    header: 'Duration',
    cell: ({ getValue }) => span(getValue() ?? Number.NaN),
  }),
  helper.accessor(({ strip }) => strip, { id: 'run', header: 'Run', enableSorting: false, cell: ({ getValue }) => <Strip strip={getValue()} /> }),
  helper.accessor(({ row }) => row?.events, { id: 'events', header: 'Events', cell: ({ getValue }) => count(getValue() ?? 0) }),
  helper.accessor(({ row }) => row?.snapshots, { id: 'snapshots', header: 'Snapshots', cell: ({ getValue }) => count(getValue() ?? 0) }),
  helper.accessor(({ row }) => row?.segment, {
    id: 'segment',
    header: 'Segment',
    cell: ({ row }) => (row.original.row?.parentId === undefined && getSegment(row.original) === 0 ? '–' : String(getSegment(row.original) + 1)),
  }),
  helper.accessor(({ row }) => row?.tenantId, { id: 'tenant', header: 'Tenant', cell: ({ getValue }) => <bdi>{getValue()}</bdi> }),
]);
const NUMERIC = new Set(['duration', 'events', 'snapshots', 'segment']);

const STRIP_SAYS = { work: 'work', limit: 'limits', human: 'people', failure: 'failures' } as const;

/** A run in miniature; neighbours of one kind are one piece. */
function Strip({ strip }: { readonly strip: RunStrip | undefined }) {
  if (strip === undefined) return null;
  if (strip === null) return <span className="dim">long</span>;
  const pieces: { kind: StripCell; from: number; size: number }[] = [];
  strip.forEach((kind, from) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.size++;
    else pieces.push({ kind, from, size: 1 });
  });
  const also = [...new Set(strip)].filter((kind) => kind !== 'work').map((kind) => STRIP_SAYS[kind]);
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

/** The list of executions: read by pages while it is scrolled, sorted by the database. */
export function ExecutionsGrid({ list, onTotal }: { readonly list: ListState; readonly onTotal: (total: number) => void }) {
  const location = useApp((state) => state.source?.location ?? '');
  const scroller = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState({ first: 0, last: 60 });
  const { status, workflow, text, sort, descending, selected } = list;
  const key = JSON.stringify([location, status, workflow, text.trim(), sort, descending]);
  const pages = usePages<ExecutionListing>(key, 0, window.first, window.last, async (from, limit) => {
    const page = await ask('executions.page', { status, workflow, text: text.trim() || undefined, sort, descending, offset: from, limit });
    return page.ok ? { total: page.value.total, rows: page.value.rows } : undefined;
  });
  const { total } = pages;
  useEffect(() => onTotal(total), [total, onTotal]);
  // Another question starts at the top; one who comes back finds the row that was selected.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another question, or its first rows, move the list
  useEffect(() => {
    if (selected === 0) scroller.current?.scrollTo({ top: 0 });
    else if (total > 0) revealRow(scroller.current, selected, ROW);
  }, [key, total > 0]);

  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 12 });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 60;
  useEffect(() => setWindow({ first, last }), [first, last]);

  const strips = useStrips(
    location,
    items.flatMap(({ index }) => pages.row(index)?.id ?? []),
  );
  const slots = items.map(({ index }): Slot => {
    const row = pages.row(index);
    return { index, row, strip: row && strips.get(row.id) };
  });
  const sorting = useMemo(() => [{ id: sort, desc: descending }], [sort, descending]);
  const table = useTable({ features, columns, data: slots, manualSorting: true, state: { sorting }, getRowId: ({ index }) => String(index) });

  const open = (index: number): void => {
    const row = pages.row(index);
    if (row !== undefined) void enterExecution(row.id);
  };
  const move = (to: number): void => {
    const index = Math.max(0, Math.min(total - 1, to));
    selectInList(index);
    revealRow(scroller.current, index, ROW);
  };
  const onKey = (event: KeyboardEvent): void => {
    const page = Math.floor((scroller.current?.clientHeight ?? 600) / ROW) - 1;
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
    else if (event.key === 'Enter') open(selected);
    else return;
    event.preventDefault();
  };

  return (
    <div
      className="executions-grid"
      role="grid"
      aria-label="Executions"
      aria-rowcount={total + 1}
      tabIndex={-1}
      onKeyDown={onKey}
      aria-activedescendant={`execution-${selected}`}
    >
      <div role="rowgroup">
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
                    <button type="button" onClick={() => askList({ sort: header.id as Sort, descending: sort === header.id ? !descending : true })}>
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
      <div className="execution-scroll" ref={scroller} role="rowgroup" tabIndex={0}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
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
                onClick={() => selectInList(index)}
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
        {total === 0 && pages.loaded && <div className="empty">No execution matches. Change the search or the filters.</div>}
      </div>
    </div>
  );
}
