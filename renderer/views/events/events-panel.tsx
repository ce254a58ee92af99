import { useVirtualizer } from '@tanstack/react-virtual';
import { Flag } from 'lucide-react';
import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { EventListRow } from '../../../core/contract/events.ts';
import { explain } from '../../../core/fault.ts';
import { SNAPSHOT_VERDICTS } from '../../../core/vocabulary.ts';
import { useAnswer, usePages } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { CategoryMark } from '../../widgets/category-mark.tsx';
import { bytes, clock, count, distance, words } from '../../widgets/format.ts';
import { revealRow } from '../../widgets/reveal.ts';
import { WrongText } from '../../widgets/suggestions.tsx';
import { EventMenu } from './event-menu.tsx';
import { FilterField, LANGUAGE } from './filter-field.tsx';
import './events.css';

const ROW = 24;

/** The events in the order of the log. Only the rows on screen exist as elements. */
export function EventsPanel() {
  const { source, execution, step, toMatch, setFilter } = useRun();
  const lastSequence = useRunState((state) => state.view.lastSequence);
  const sequence = useRunState((state) => state.sequence);
  const position = useRunState((state) => state.frame?.position);
  const filter = useRunState((state) => state.filter);
  const [window, setWindow] = useState({ first: 0, last: 60 });
  /** The row that the menu is about. */
  const [aimed, setAimed] = useState<number>();
  const scroller = useRef<HTMLDivElement>(null);

  const pages = usePages(
    'events.page',
    (from, count) => ({ source, execution, from, count, filter: filter.trim() }),
    (page) => page,
    window.first,
    window.last,
  );
  const { all = 0, complete = true } = pages.newest ?? {};
  const virtual = useVirtualizer({ count: pages.total, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 15 });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 60;
  useEffect(() => setWindow({ first, last }), [first, last]);

  const filtered = filter.trim() !== '';
  const matches = useAnswer('events.matches', filtered ? { source, execution, sequence, filter } : undefined, { keep: true });
  // The row at the cursor, or the last one before it; 0 before the first event.
  const at = filtered ? matches?.index : position;
  const row = at === undefined ? -1 : Math.min(Math.max(0, at), pages.total - 1);
  // The list follows the cursor, but does not move while the cursor's row is visible.
  useEffect(() => {
    if (row >= 0) revealRow(scroller.current, row, ROW);
  }, [row]);
  const followed = useRef(-1);
  followed.current = row;
  // The panel may be resized after the first paint.
  useEffect(() => {
    const shown = scroller.current;
    if (shown === null) return;
    const observer = new ResizeObserver(() => followed.current >= 0 && revealRow(shown, followed.current, ROW));
    observer.observe(shown);
    return () => observer.disconnect();
  }, []);

  const keys = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    const down = event.key === 'ArrowDown';
    if (filtered) void toMatch(down ? 'next' : 'previous');
    else step(down ? 1 : -1);
  };
  const leaveFilter = (): void => {
    scroller.current?.focus();
    if (filtered) void toMatch('first');
  };
  return (
    <section className="events" aria-label="Events" style={{ '--digits': String(lastSequence).length } as CSSProperties}>
      <div className="bar">
        <h2>Events</h2>
        <FilterField onLeave={leaveFilter} />
        <span role="status" aria-label="Events shown">
          {!pages.loaded ? '' : filtered ? `${count(pages.total)}${complete ? '' : ' so far'} of ${count(all)}` : count(all)}
        </span>
        {filtered && pages.loaded && complete && all > pages.total && (
          <button type="button" className="link" title="Shows all events (Escape in the filter)" onClick={() => setFilter('')}>
            hidden: {count(all - pages.total)}
          </button>
        )}
      </div>
      <div className="event-row head" aria-hidden="true">
        <span className="sequence">seq</span>
        <span className="delta">Δ</span>
        <span />
        <span>event</span>
      </div>
      <EventMenu row={aimed === undefined ? undefined : pages.row(aimed)}>
        <div className="event-scroll" ref={scroller} role="grid" aria-label="Events" aria-rowcount={pages.total} tabIndex={0} onKeyDown={keys}>
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="rowgroup">
            {items.map(({ index, start }) => (
              <EventRow
                key={index}
                index={index}
                start={start}
                row={pages.row(index)}
                at={sequence}
                near={filtered && index === at && matches?.isMatch === false}
                onAim={() => setAimed(index)}
              />
            ))}
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

interface EventRowProps {
  readonly index: number;
  readonly start: number;
  readonly row: EventListRow | undefined;
  /** The cursor. */
  readonly at: number;
  /** Whether this is the last match before the cursor, which is at an event that does not match. */
  readonly near: boolean;
  /** The right mouse button was pressed on it. */
  readonly onAim: () => void;
}

function EventRow({ index, start, row, at, near, onAim }: EventRowProps) {
  const { moveTo } = useRun();
  if (row === undefined) {
    return (
      <div role="row" aria-rowindex={index + 1} className="event-row" style={{ transform: `translateY(${start}px)` }}>
        <span role="gridcell" className="placeholder" />
      </div>
    );
  }
  const { sequence, sincePrevious, createdAt, type, category, node, summary, snapshot, gapBefore } = row;
  const selected = sequence === at;
  return (
    <div
      role="row"
      aria-rowindex={index + 1}
      aria-selected={selected}
      className={`event-row${selected ? ' on' : ''}${near ? ' near' : ''}${sequence > at ? ' future' : ''}${snapshot === null ? '' : ' flagged'}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => moveTo(sequence, { jump: true })}
      onContextMenu={onAim}
    >
      {gapBefore > 0 && (
        <span
          className="gap-line"
          title={gapBefore === 1 ? `Event ${sequence - 1} is missing` : `Events ${sequence - gapBefore} to ${sequence - 1} are missing`}
        />
      )}
      <span role="gridcell" className="sequence">
        {sequence}
      </span>
      <span role="gridcell" className="delta" title={clock(createdAt, { milliseconds: true })}>
        {distance(sincePrevious)}
      </span>
      <span role="gridcell">
        <CategoryMark category={category} />
      </span>
      <span role="gridcell" className="what" title={`${type}${node === null ? '' : ` ${node}`} ${summary}`}>
        {node !== null && <bdi className={`node cat-${category}`}>{node}</bdi>}{' '}
        <span className="kind">{words(node === null ? type : type.replace(/^node_/, ''))}</span>
        {summary !== '' && <bdi className="summary"> · {summary}</bdi>}
      </span>
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
}
