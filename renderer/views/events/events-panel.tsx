import { ChevronDown, ChevronRight, ChevronsDownUp, Clock, Flag } from 'lucide-react';
import { type CSSProperties, type KeyboardEvent, memo, type RefCallback, type UIEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { EventListRow } from '../../../core/contract/events.ts';
import { explain } from '../../../core/fault.ts';
import { SNAPSHOT_VERDICTS, type TimeForm } from '../../../core/vocabulary.ts';
import { type Pages, useAnswer, usePages } from '../../state/answers.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { EVENTS_LIST, removePathColumn } from '../../state/event-columns.ts';
import type { RunState } from '../../state/run-state.ts';
import { ColumnHead, HeadMenu } from '../../widgets/columns/column-head.tsx';
import { type ListTable, labelOf, templateOf } from '../../widgets/columns/column-table.ts';
import { ColumnsButton } from '../../widgets/columns/columns-button.tsx';
import { bytes, count } from '../../widgets/format.ts';
import { useRowHeight } from '../../widgets/row-height.ts';
import { type RowPlace, useRowWindow } from '../../widgets/row-window.ts';
import { WrongText } from '../../widgets/suggestions.tsx';
import { useTimes } from '../../widgets/times.ts';
import { TimesMenu } from '../../widgets/times-menu.tsx';
import { Detail } from '../inspector/inspector.tsx';
import { type EventCells, eventCell, useEventColumns, useValues } from './event-columns.tsx';
import { EventMenu } from './event-menu.tsx';
import { FilterField, LANGUAGE } from './filter-field.tsx';
import { ListSwitch } from './list-switch.tsx';
import './events.css';

/** The place of the flag at the end of a row, and what is left free behind it. */
const END = 26;
/** In a narrower panel, what happened matters more than when. */
const NARROW = 340;

/** The row at the cursor; before the first frame, what it is in a log without gaps. */
function placeOf({ frame, sequence }: RunState): number {
  return Math.max(0, frame?.position ?? sequence - 1);
}

/** The events in the order of the log. Only the rows on screen exist as elements. */
export function EventsPanel() {
  const app = useApp();
  const { source, execution, store, step, toMatch, setFilter, toggleDetails, closeDetails } = useRun();
  const start = useRunState((state) => state.view.startedAt);
  const detailed = useRunState((state) => state.detailed);
  const [isNarrow, setNarrow] = useState(false);
  const table = useEventColumns(isNarrow);
  const shownColumns = table.getVisibleLeafColumns();
  const filter = useRunState((state) => state.filter);
  const [begin] = useState(() => (filter.trim() === '' ? placeOf(store.getState()) : 0));
  const [window, setWindow] = useState({ first: Math.max(0, begin - 30), last: begin + 30 });
  /** The row that the menu is about. */
  const [aimed, setAimed] = useState<number>();
  const scroller = useRef<HTMLDivElement>(null);
  const heads = useRef<HTMLDivElement>(null);

  const pages = usePages(
    'events.page',
    (from, count) => ({ source, execution, from, count, filter: filter.trim() }),
    (page) => page,
    window.first,
    window.last,
  );
  const { all = 0, complete = true } = pages.newest ?? {};
  const rowHeight = useRowHeight();
  const {
    items,
    totalSize,
    reveal: revealAt,
    measure,
    forget,
  } = useRowWindow(scroller, { list: 'events', count: pages.total, rowHeight, overscan: 8, first: begin });
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 60;
  useEffect(() => setWindow({ first, last }), [first, last]);

  const filtered = filter.trim() !== '';
  // Other rows have the heights of those that were at their places before. They are placed before one of them is revealed.
  const placed = useRef(filter);
  useLayoutEffect(() => {
    if (placed.current !== filter) forget();
    placed.current = filter;
  }, [filter, forget]);
  const reveal = (index: number): void => {
    if (index >= 0) revealAt(index);
  };
  /** The row that the list follows; -1 for none. */
  const followed = useRef(-1);
  const follow = useRef((): void => {});
  follow.current = () => reveal(followed.current);
  const onMoved = useCallback((row: number): void => {
    followed.current = row;
    follow.current();
  }, []);
  // The panel may be resized after the first paint.
  useEffect(() => {
    const shown = scroller.current;
    if (shown === null) return;
    const observer = new ResizeObserver(() => {
      setNarrow(shown.clientWidth < NARROW);
      follow.current();
    });
    observer.observe(shown);
    return () => observer.disconnect();
  }, []);

  const toggle = ({ sequence: at }: EventListRow, index: number): void => {
    if (detailed.has(at)) forget(index);
    toggleDetails(at);
  };
  const toggled = useRef(toggle);
  toggled.current = toggle;
  const onToggle = useCallback((row: EventListRow, index: number): void => toggled.current(row, index), []);
  const closeAll = (): void => {
    closeDetails();
    forget();
  };
  const paths = shownColumns.map(({ id }) => id).filter((id) => id.startsWith('/'));
  const values = useValues(paths, pages.row, first, last);
  const keys = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    if (target.closest('.event-details') !== null) return;
    if (event.key === 'Enter' && target === event.currentTarget) {
      // The frame, and with it the row that is followed, may be that of an earlier cursor.
      const { sequence } = store.getState();
      const index = items.find((item) => pages.row(item.index)?.sequence === sequence)?.index ?? followed.current;
      const shown = pages.row(index);
      if (shown !== undefined) toggle(shown, index);
      return event.preventDefault();
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const down = event.key === 'ArrowDown';
    if (filtered) void toMatch(down ? 'next' : 'previous');
    else step(down ? 1 : -1);
  };
  /** A choice of how times are shown that shows none would seem to do nothing. */
  const showTimes = (form: TimeForm): void => {
    if (form !== 'previous') table.getColumn('time')?.toggleVisibility(true);
  };
  /** The heads stay above their columns. */
  const scrollHeads = (event: UIEvent<HTMLElement>): void => heads.current?.scrollTo({ left: event.currentTarget.scrollLeft });
  const leaveFilter = (): void => {
    scroller.current?.focus();
    if (filtered) void toMatch('first');
  };
  return (
    <section
      className="events"
      aria-label="Events"
      style={{ '--columns': `${templateOf(table)} ${END}px`, '--columns-width': `${table.getTotalSize() + END}px` } as CSSProperties}
    >
      <div className="bar">
        <ListSwitch />
        <FilterField onLeave={leaveFilter} />
        <span role="status" aria-label="Events shown">
          {!pages.loaded ? '' : filtered ? `${count(pages.total)}${complete ? '' : ' so far'} of ${count(all)}` : count(all)}
        </span>
        {filtered && pages.loaded && complete && all > pages.total && (
          <button type="button" className="link" title="Shows all events (Escape in the filter)" onClick={() => setFilter('')}>
            hidden: {count(all - pages.total)}
          </button>
        )}
        {detailed.size > 0 && (
          <button type="button" className="icon-button" aria-label="Close all details" title="Close all details" onClick={closeAll}>
            <ChevronsDownUp aria-hidden="true" />
          </button>
        )}
        <TimesMenu className="icon-button" onForm={showTimes}>
          <Clock aria-hidden="true" />
        </TimesMenu>
        <ColumnsButton list={EVENTS_LIST} table={table} className="icon-button" onRemove={(path) => removePathColumn(app, path)} />
      </div>
      <HeadMenu list={EVENTS_LIST} table={table}>
        <div className="event-heads" ref={heads} role="group" aria-label="Columns of the events">
          <div className="event-row head">
            {table.getLeafHeaders().map((header) => (
              <ColumnHead key={header.id} table={table} header={header}>
                <span title={labelOf(header.column)}>{header.column.columnDef.meta?.short ?? labelOf(header.column)}</span>
              </ColumnHead>
            ))}
          </div>
        </div>
      </HeadMenu>
      <EventMenu row={aimed === undefined ? undefined : pages.row(aimed)}>
        <div
          className="event-scroll"
          ref={scroller}
          role="grid"
          aria-label="Events"
          aria-rowcount={pages.total}
          tabIndex={0}
          onKeyDown={keys}
          onScroll={scrollHeads}
        >
          <div style={{ height: totalSize, position: 'relative' }} role="rowgroup">
            <EventRows
              items={items}
              pages={pages}
              columns={shownColumns}
              start={start}
              values={values}
              measure={measure}
              onToggle={onToggle}
              onAim={setAimed}
              onMoved={onMoved}
            />
          </div>
          {pages.fault !== undefined && (
            <div className="empty" role="alert">
              <WrongText text={filter.trim()} at={pages.fault.at} />
              <p>{explain(pages.fault)}</p>
            </div>
          )}
          {pages.fault === undefined && pages.loaded && pages.total === 0 && complete && (
            <div className="empty">{filtered ? `No event matches. ${LANGUAGE}` : 'This execution has no events yet.'}</div>
          )}
        </div>
      </EventMenu>
    </section>
  );
}

interface EventRowsProps extends Pick<RowCellsProps, 'columns' | 'start' | 'values' | 'onToggle'> {
  readonly items: readonly RowPlace[];
  readonly pages: Pages<EventListRow, unknown>;
  /** Measures a row with its details. */
  readonly measure: RefCallback<HTMLElement>;
  readonly onAim: (index: number) => void;
  /** The cursor is at another row. */
  readonly onMoved: (row: number) => void;
}

/** The rows on screen. Apart from the panel, so that a move of the cursor draws no more than the rows that it changes. */
function EventRows({ items, pages, measure, onMoved, ...cells }: EventRowsProps) {
  const { source, execution } = useRun();
  const sequence = useRunState((state) => state.sequence);
  const position = useRunState((state) => state.frame?.position);
  const filter = useRunState((state) => state.filter);
  const detailed = useRunState((state) => state.detailed);
  const known = useTimes();
  // How long ago something was is another text in each drawing.
  const times = known.choice.form === 'ago' ? { ...known } : known;
  const filtered = filter.trim() !== '';
  const matches = useAnswer('events.matches', filtered ? { source, execution, sequence, filter } : undefined, { keep: true });
  // The row at the cursor, or the last one before it; 0 before the first event.
  const at = filtered ? matches?.index : position;
  const row = at === undefined ? -1 : Math.min(Math.max(0, at), pages.total - 1);
  // The list follows the cursor, but does not move while the cursor's row is visible.
  useEffect(() => onMoved(row), [onMoved, row]);
  return items.map(({ index, start: top }) => {
    const shown = pages.row(index);
    const isOpen = shown !== undefined && detailed.has(shown.sequence);
    return (
      <div key={index} data-index={index} ref={isOpen ? measure : undefined} className="event-slot" style={{ transform: `translateY(${top}px)` }}>
        <EventRow
          index={index}
          row={shown}
          {...cells}
          times={times}
          place={shown === undefined || shown.sequence < sequence ? 'before' : shown.sequence === sequence ? 'at' : 'after'}
          near={filtered && index === at && matches?.isMatch === false}
          isOpen={isOpen}
        />
        {isOpen && <EventDetails sequence={shown.sequence} />}
      </div>
    );
  });
}

/** An event in full, below its row. */
function EventDetails({ sequence }: { readonly sequence: number }) {
  const { source, execution } = useRun();
  const detail = useAnswer('events.detail', { source, execution, sequence });
  return (
    <div role="row" className="event-details">
      <div role="gridcell" className="selectable" tabIndex={0} aria-label={`Details of event ${sequence}`}>
        {detail === undefined ? <p className="dim">Reading…</p> : detail === null ? <p className="dim">There is no such event.</p> : <Detail event={detail} />}
      </div>
    </div>
  );
}

/** The cells that have always been there have names of their own. */
function classOf(id: string): string {
  if (id.startsWith('/')) return 'cell-path';
  return id === 'sequence' || id === 'what' || id === 'delta' ? id : `cell-${id}`;
}

interface TwistProps {
  readonly sequence: number;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function Twist({ sequence, isOpen, onToggle }: TwistProps) {
  return (
    <button
      type="button"
      className="event-twist"
      tabIndex={-1}
      aria-expanded={isOpen}
      aria-label={`Details of ${sequence}`}
      title="Details (Enter)"
      onClick={(event) => {
        event.stopPropagation();
        onToggle();
      }}
    >
      {isOpen ? <ChevronDown size={12} aria-hidden="true" /> : <ChevronRight size={12} aria-hidden="true" />}
    </button>
  );
}

interface RowCellsProps {
  readonly index: number;
  readonly row: EventListRow;
  readonly columns: ReturnType<ListTable<EventListRow>['getVisibleLeafColumns']>;
  readonly times: EventCells['times'];
  readonly start: string;
  readonly values: ReturnType<typeof useValues>;
  readonly isOpen: boolean;
  /** Opens or closes its details. */
  readonly onToggle: (row: EventListRow, index: number) => void;
}

function RowCells({ index, row, columns, times, start, values, isOpen, onToggle }: RowCellsProps) {
  const { sequence, position, type, node, summary } = row;
  const cells: EventCells = {
    row,
    times,
    start,
    isShown: (id) => columns.some((column) => column.id === id),
    valueOf: (path) => values.valueOf(position, path),
    isIncomplete: values.isIncomplete(sequence),
  };
  return columns.map(({ id, columnDef }) => (
    <span
      key={id}
      role="gridcell"
      className={`${classOf(id)}${columnDef.meta?.number === undefined ? '' : ' number'}`}
      title={id === 'what' ? `${type}${node === null ? '' : ` ${node}`} ${summary}` : undefined}
    >
      {id === 'sequence' && <Twist sequence={sequence} isOpen={isOpen} onToggle={() => onToggle(row, index)} />}
      {eventCell(id, cells)}
    </span>
  ));
}

interface EventRowProps extends Omit<RowCellsProps, 'row'> {
  /** undefined until it has arrived. */
  readonly row: EventListRow | undefined;
  /** Where it is from the cursor. */
  readonly place: 'before' | 'at' | 'after';
  /** Whether this is the last match before the cursor, which is at an event that does not match. */
  readonly near: boolean;
  /** The right mouse button was pressed on it. */
  readonly onAim: (index: number) => void;
}

/** Memoized, because a move of the cursor changes few rows, and there are hundreds of cells. */
const EventRow = memo(function EventRow({ row, place, near, onAim, ...cells }: EventRowProps) {
  const { moveTo } = useRun();
  if (row === undefined) {
    return (
      <div role="row" aria-rowindex={cells.index + 1} className="event-row">
        <span role="gridcell" className="placeholder" />
      </div>
    );
  }
  const { sequence, snapshot, gapBefore } = row;
  const selected = place === 'at';
  return (
    <div
      role="row"
      aria-rowindex={cells.index + 1}
      aria-selected={selected}
      className={`event-row${selected ? ' on' : ''}${near ? ' near' : ''}${place === 'after' ? ' future' : ''}${snapshot === null ? '' : ' flagged'}`}
      onClick={() => moveTo(sequence, { jump: true })}
      onContextMenu={() => onAim(cells.index)}
    >
      {gapBefore > 0 && (
        <span
          className="gap-line"
          title={gapBefore === 1 ? `Event ${sequence - 1} is missing` : `Events ${sequence - gapBefore} to ${sequence - 1} are missing`}
        />
      )}
      <RowCells row={row} {...cells} />
      {snapshot !== null && (
        <span
          role="gridcell"
          className="flag-mark"
          data-verdict={snapshot.verdict}
          title={`Snapshot #${snapshot.atSequence} · ${bytes(snapshot.bytes)} · ${SNAPSHOT_VERDICTS[snapshot.verdict].words}`}
        >
          <Flag size={11} aria-label={`snapshot, ${SNAPSHOT_VERDICTS[snapshot.verdict].words}`} />
        </span>
      )}
    </div>
  );
});
