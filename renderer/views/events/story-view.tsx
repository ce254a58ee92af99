import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { StoryLineView } from '../../../core/contract/explain.ts';
import { explain } from '../../../core/fault.ts';
import { useAnswer, usePages } from '../../state/answers.ts';
import { useRun, useRunState } from '../../state/context.ts';
import { count, plural } from '../../widgets/format.ts';
import { ListSwitch } from './list-switch.tsx';

/** An estimate: a title and two lines of text. */
const LINE_HEIGHT = 62;

/** The log as a story: a line for each turn, for each piece of work, and for each event of the run itself. */
export function StoryView() {
  const { source, execution, moveTo } = useRun();
  const sequence = useRunState((state) => state.sequence);
  const scroller = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState({ first: 0, last: 40 });
  const pages = usePages(
    'explain.story',
    (from, count) => ({ source, execution, from, count }),
    ({ kept, lines }) => ({ total: kept, rows: lines }),
    window.first,
    window.last,
  );
  const at = useAnswer('explain.storyLine', { source, execution, sequence }, { keep: true }) ?? -1;
  const virtual = useVirtualizer({ count: pages.total, getScrollElement: () => scroller.current, estimateSize: () => LINE_HEIGHT, overscan: 8 });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 40;
  useEffect(() => setWindow({ first, last }), [first, last]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move to another line moves the list
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, pages.loaded]);
  const keys = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const line = by === 0 ? undefined : pages.row(at + by);
    if (by === 0) return;
    event.preventDefault();
    if (line !== undefined) moveTo(line.from, { jump: true });
  };
  return (
    <section className="events" aria-label="Story">
      <div className="bar">
        <ListSwitch />
        <span className="grow" />
        <span role="status" aria-label="Lines of the story">
          {pages.newest === undefined
            ? ''
            : pages.newest.total > pages.total
              ? `the first ${count(pages.total)} of ${plural(pages.newest.total, 'line')}`
              : plural(pages.total, 'line')}
        </span>
      </div>
      <div className="event-scroll" ref={scroller} role="list" aria-label="Story" tabIndex={0} onKeyDown={keys}>
        <div style={{ height: virtual.getTotalSize(), position: 'relative' }}>
          {items.map(({ index, start }) => (
            <div
              key={index}
              data-index={index}
              ref={virtual.measureElement}
              className="event-slot"
              style={{ transform: `translateY(${start}px)`, minWidth: 0 }}
            >
              <Line line={pages.row(index)} isOn={index === at} sequence={sequence} onGo={(to) => moveTo(to, { jump: true })} />
            </div>
          ))}
        </div>
        {pages.fault !== undefined && <div className="empty">{explain(pages.fault)}</div>}
        {!pages.loaded && pages.fault === undefined && <div className="empty">Reading the log…</div>}
        {pages.loaded && pages.total === 0 && <div className="empty">This execution has no events yet.</div>}
      </div>
    </section>
  );
}

interface LineProps {
  readonly line: StoryLineView | undefined;
  readonly isOn: boolean;
  readonly sequence: number;
  readonly onGo: (sequence: number) => void;
}

function Line({ line, isOn, sequence, onGo }: LineProps) {
  if (line === undefined) return <div style={{ height: LINE_HEIGHT }} />;
  const { title, text, from, to, outcome } = line;
  return (
    <div role="listitem" className={`story-line${isOn ? ' on' : ''}${from > sequence ? ' future' : ''}`} data-outcome={outcome} aria-current={isOn}>
      <button type="button" className="story-go" onClick={() => onGo(from)} title={`Go to #${from}`}>
        <b>
          <bdi>{title}</bdi>
        </b>
        <bdi className="story-text">{text}</bdi>
      </button>
      <button type="button" className="link" onClick={() => onGo(to)} title={`Go to its last event, #${to}`}>
        {from === to ? `#${count(from)}` : `#${count(from)}–${count(to)}`}
      </button>
    </div>
  );
}
