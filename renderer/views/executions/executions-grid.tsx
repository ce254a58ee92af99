import { functionalUpdate } from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type CSSProperties, type KeyboardEvent, type MouseEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { SourceId } from '../../../core/contract/cursor.ts';
import { explain } from '../../../core/fault.ts';
import type { ExecutionSort } from '../../../core/vocabulary.ts';
import type { Answer } from '../../client.ts';
import { usePages } from '../../state/answers.ts';
import { useApp } from '../../state/context.ts';
import { type ExecutionsList, isSearched, listParams } from '../../state/executions-list.ts';
import { NONE, withRange } from '../../state/selection.ts';
import { ColumnHead, HeadMenu } from '../../widgets/columns/column-head.tsx';
import { labelOf, templateOf, useColumnTable } from '../../widgets/columns/column-table.ts';
import { revealRow } from '../../widgets/reveal.ts';
import { useRowHeight, useRowPlaces } from '../../widgets/row-height.ts';
import { useDigests, useUsual } from './digests.ts';
import { useFoundInEvents } from './found-in-events.ts';
import { EXECUTIONS_LIST, type ExecutionListing, type Slot, useListColumns } from './list-columns.tsx';
import { RowsMenu } from './rows-menu.tsx';
import { useSelectionActions } from './selection-actions.ts';

/** How much higher a row is than in the other lists, in pixels. */
const HIGHER = 6;
/** The height of the row of headers, which stays in sight above the rows. */
const HEAD = 30;
/** The checkbox before a row, and the space behind it. */
const ENDS = { start: 34, end: 12 } as const;

/** How much the list shows. */
export interface ShownCounts {
  readonly total: number;
  /** The answer of the search in events, of which there may be none. */
  readonly events: Answer<'executions.found'> | undefined;
}

interface GridProps {
  readonly source: SourceId;
  readonly query: ExecutionsList;
  readonly onShown: (shown: ShownCounts) => void;
}

/** The list of executions, requested in pages while it is scrolled, and sorted by the database. Those that are found by their events follow. */
export function ExecutionsGrid({ source, query, onShown }: GridProps) {
  const { list, navigation } = useApp();
  const actions = useSelectionActions(source);
  const rowHeight = useRowHeight() + HIGHER;
  const scroller = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState({ first: 0, last: 60 });
  const [aimed, setAimed] = useState<ExecutionListing>();
  const { sort, descending, focused, selected } = query;
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
    if (focused === 0) scroller.current?.scrollTo({ top: 0 });
    else if (total > 0) revealRow(scroller.current, focused, rowHeight, HEAD);
  }, [key, total > 0]);

  useEffect(() => scroller.current?.focus({ preventScroll: true }), []);

  const virtual = useVirtualizer({ count: total, getScrollElement: () => scroller.current, estimateSize: () => rowHeight, overscan: 12 });
  useRowPlaces(virtual, rowHeight);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 60;
  useEffect(() => setWindow({ first, last }), [first, last]);

  const foundAt = (index: number) => (index < pages.total ? undefined : found.row(index - pages.total));
  const rowAt = (index: number): ExecutionListing | undefined => pages.row(index) ?? foundAt(index)?.row;
  const onScreen = items.flatMap(({ index }) => rowAt(index) ?? []);
  const digests = useDigests(source, onScreen);
  const usual = useUsual(source, onScreen);
  const slots = items.map(({ index }): Slot => {
    const row = rowAt(index);
    return { index, row, digest: row && digests.get(row.id), usual: row && usual.get(row.workflowId), found: foundAt(index)?.found };
  });
  const hasFound = found.total > 0;
  const sorting = useMemo(() => [{ id: sort, desc: descending }], [sort, descending]);
  const table = useColumnTable(EXECUTIONS_LIST, useListColumns(hasFound), {
    data: slots,
    getRowId: ({ index }) => String(index),
    state: { sorting, rowSelection: selected },
    onRowSelectionChange: (change) => list.setSelected(functionalUpdate(change, list.store.getState().selected)),
  });
  const isAny = selected !== NONE && Object.keys(selected).length > 0;
  const template = { '--columns': `${ENDS.start}px ${templateOf(table)} ${ENDS.end}px` } as CSSProperties;
  const minWidth = table.getTotalSize() + ENDS.start + ENDS.end;

  const open = (index: number, newTab = false): void => {
    const row = rowAt(index);
    if (row !== undefined) void navigation.enterExecution(row.id, undefined, { newTab });
  };
  const toggle = (index: number): void => {
    list.focus(index);
    table.setRowSelection(({ [index]: was, ...others }) => (was === undefined ? { ...others, [index]: true } : others));
  };
  const selectAll = (): void => table.setRowSelection(total === 0 ? {} : { ...withRange(NONE, 0, total - 1) });
  /** As links in a browser: with Ctrl or Cmd, or by the middle button, in a tab of its own. */
  const click = (event: MouseEvent, index: number): void => {
    if (event.button === 1 || event.ctrlKey || event.metaKey) {
      list.focus(index);
      open(index, true);
    } else if (event.shiftKey) list.selectTo(index);
    else list.setSelected(NONE, index);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const page = Math.floor(((scroller.current?.clientHeight ?? 600) - HEAD) / rowHeight) - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: focused + 1,
      ArrowUp: focused - 1,
      PageDown: focused + page,
      PageUp: focused - page,
      Home: 0,
      End: total - 1,
    };
    const to = moves[event.key];
    const withModifier = event.ctrlKey || event.metaKey;
    if (to !== undefined && total > 0) {
      const index = Math.max(0, Math.min(total - 1, to));
      if (event.shiftKey) list.selectTo(index);
      else list.focus(index);
      revealRow(scroller.current, index, rowHeight, HEAD);
    } else if (event.key === 'Enter') open(focused, withModifier);
    else if (event.key === ' ' && total > 0) toggle(focused);
    else if (event.key === 'Escape' && isAny) list.setSelected(NONE);
    else if (event.key === 'a' && withModifier) selectAll();
    else if (event.key === 'c' && withModifier) void actions.copy('ids');
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** The menu is about the selected rows, if it is opened on one of them. */
  const aim = (index: number): void => {
    if (selected[index] === undefined) list.setSelected(NONE, index);
    setAimed(rowAt(index));
  };

  return (
    <RowsMenu row={aimed} count={Math.max(1, Object.keys(selected).length)} actions={actions}>
      <div
        ref={scroller}
        className={`executions-grid${isAny ? ' selecting' : ''}`}
        role="grid"
        aria-label="Executions"
        aria-rowcount={total + 1}
        aria-multiselectable="true"
        tabIndex={0}
        onKeyDown={onKey}
        style={template}
        aria-activedescendant={items.some(({ index }) => index === focused) ? `execution-${focused}` : undefined}
      >
        <div role="rowgroup" className="execution-head" style={{ minWidth }}>
          <HeadMenu list={EXECUTIONS_LIST} table={table}>
            <div role="row" className="execution-row head">
              <div role="columnheader" className="select-cell">
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label="Select all"
                  title="Select all"
                  checked={total > 0 && Object.keys(selected).length === total}
                  onChange={({ target }) => (target.checked ? selectAll() : list.setSelected(NONE))}
                />
              </div>
              {table.getLeafHeaders().map((header) => {
                const sorted = header.column.getIsSorted();
                return (
                  <ColumnHead
                    key={header.id}
                    table={table}
                    header={header}
                    role="columnheader"
                    sort={sorted === false ? 'none' : sorted === 'desc' ? 'descending' : 'ascending'}
                  >
                    {header.column.getCanSort() ? (
                      <button
                        type="button"
                        onClick={() => list.setQuery({ sort: header.id as ExecutionSort, descending: sorted === false ? true : !descending })}
                      >
                        {labelOf(header.column)}
                        {sorted === 'desc' && <ArrowDown size={11} aria-hidden="true" />}
                        {sorted === 'asc' && <ArrowUp size={11} aria-hidden="true" />}
                      </button>
                    ) : (
                      labelOf(header.column)
                    )}
                  </ColumnHead>
                );
              })}
            </div>
          </HeadMenu>
        </div>
        <div role="rowgroup" className="execution-rows" style={{ height: virtual.getTotalSize(), minWidth }}>
          {table.getRowModel().rows.map((row, i) => {
            const { index } = row.original;
            const isOn = row.getIsSelected();
            return (
              <div
                key={row.id}
                id={`execution-${index}`}
                role="row"
                aria-rowindex={index + 2}
                // Without a selection, what is done is done to the row that the keys are at.
                aria-selected={isAny ? isOn : index === focused}
                className={`execution-row${isOn ? ' on' : ''}${index === focused ? ' at' : ''}`}
                style={{ transform: `translateY(${items[i]?.start ?? 0}px)` }}
                // Shift and the mouse would select text.
                onMouseDown={(event) => event.shiftKey && event.preventDefault()}
                onClick={(event) => click(event, index)}
                onAuxClick={(event) => event.button === 1 && click(event, index)}
                onContextMenu={() => aim(index)}
                onDoubleClick={(event) => !(event.ctrlKey || event.metaKey) && open(index)}
              >
                <div
                  role="gridcell"
                  className="select-cell"
                  onClick={(event) => {
                    event.stopPropagation();
                    if (event.shiftKey) list.selectTo(index);
                    else toggle(index);
                    scroller.current?.focus({ preventScroll: true });
                  }}
                  onDoubleClick={(event) => event.stopPropagation()}
                >
                  <input type="checkbox" tabIndex={-1} aria-label="Select" title="Select (Space)" checked={isOn} readOnly />
                </div>
                {row.getVisibleCells().map((cell) => (
                  <div key={cell.id} role="gridcell" className={cell.column.columnDef.meta?.number === undefined ? '' : 'number'}>
                    {row.original.row === undefined ? <span className="placeholder" /> : <table.FlexRender cell={cell} />}
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
