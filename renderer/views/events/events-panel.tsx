import { useVirtualizer } from '@tanstack/react-virtual';
import { Flag, Search } from 'lucide-react';
import { type CSSProperties, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { EventListRow } from '../../../core/contract/events.ts';
import { explain } from '../../../core/fault.ts';
import { SNAPSHOT_VERDICTS } from '../../../core/vocabulary.ts';
import { usePages } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { CategoryMark } from '../../widgets/category-mark.tsx';
import { bytes, clock, count, distance } from '../../widgets/format.ts';
import { revealRow } from '../../widgets/reveal.ts';
import './events.css';

const ROW = 24;

/** The events in the order of the log. Only the rows on screen exist as elements. */
export function EventsPanel() {
  const { source, execution, step } = useRun();
  const lastSequence = useRunState((state) => state.view.lastSequence);
  const sequence = useRunState((state) => state.sequence);
  const position = useRunState((state) => state.frame?.position ?? -1);
  const [filter, setFilter] = useState('');
  const [window, setWindow] = useState({ first: 0, last: 60 });
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
  // The list follows the cursor, but does not move while the cursor's row is visible.
  useEffect(() => {
    if (!filtered && position >= 0 && position < pages.total) revealRow(scroller.current, position, ROW);
  }, [filtered, position, pages.total]);
  const followed = useRef(-1);
  followed.current = filtered ? -1 : position;
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
    step(event.key === 'ArrowDown' ? 1 : -1);
  };
  return (
    <section className="events" aria-label="Events" style={{ '--digits': String(lastSequence).length } as CSSProperties}>
      <div className="bar">
        <h2>Events</h2>
        <label className="field grow">
          <Search size={12} aria-hidden="true" className="dim" />
          <input
            data-filter
            aria-label="Filter events"
            placeholder="type:failed node:search"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setFilter('')}
          />
        </label>
        <span role="status" aria-label="Events shown">
          {filtered ? `${count(pages.total)}${complete ? '' : ' so far'} of ${count(all)}` : count(all)}
        </span>
      </div>
      <div className="event-row head" aria-hidden="true">
        <span className="sequence">seq</span>
        <span className="delta">Δ</span>
        <span />
        <span>event</span>
      </div>
      <div className="event-scroll" ref={scroller} role="grid" aria-label="Events" aria-rowcount={pages.total} tabIndex={0} onKeyDown={keys}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="rowgroup">
          {items.map(({ index, start }) => (
            <EventRow key={index} index={index} start={start} row={pages.row(index)} at={sequence} />
          ))}
        </div>
        {pages.fault !== undefined && (
          <div className="empty" role="alert">
            {explain(pages.fault)}
          </div>
        )}
        {pages.fault === undefined && pages.loaded && pages.total === 0 && complete && (
          <div className="empty">
            {filtered
              ? 'No event matches. Words are searched for in kinds and nodes; type: and node: limit that to one of them.'
              : 'This execution has no events yet.'}
          </div>
        )}
      </div>
    </section>
  );
}

function EventRow({ index, start, row, at }: { readonly index: number; readonly start: number; readonly row: EventListRow | undefined; readonly at: number }) {
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
      className={`event-row${selected ? ' on' : ''}${sequence > at ? ' future' : ''}${snapshot === null ? '' : ' flagged'}`}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => moveTo(sequence, { jump: true })}
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
        <span className="kind">{type}</span> {node !== null && <bdi className={`node cat-${category}`}>{node}</bdi>} <bdi className="summary">{summary}</bdi>
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
