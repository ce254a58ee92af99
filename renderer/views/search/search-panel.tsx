import { X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { SearchHit } from '../../../core/contract/search.ts';
import { explain } from '../../../core/fault.ts';
import { visible } from '../../../core/visible.ts';
import type { Answer } from '../../client.ts';
import { usePages } from '../../state/answers.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { useResting } from '../../state/resting.ts';
import type { SearchChoice } from '../../state/run-state.ts';
import { count, plural, words } from '../../widgets/format.ts';
import { useRowWindow } from '../../widgets/row-window.ts';
import './search.css';

const ROW = 24;
/** How long the text must rest before it is searched for, in milliseconds. */
const TYPING = 80;
/** The engine keeps as many hits. */
const MAX_HITS = 10_000;

const OPTIONS = [
  ['matchCase', 'Aa', 'Match upper and lower case'],
  ['wholeWord', 'ab|', 'Whole words only'],
  ['regex', '.*', 'Regular expression'],
  ['artifacts', '⧉', 'In artifacts, too: outputs that are stored apart from their events'],
] as const satisfies readonly (readonly [keyof SearchChoice, string, string])[];

/** Searches every event of the run: keys and values, as they are read and not as they are stored. */
export function SearchPanel() {
  const { client } = useApp();
  const { source, execution, setSearch, closeSearch, moveTo } = useRun();
  const search = useRunState((state) => state.search);
  const sequence = useRunState((state) => state.sequence);
  const lastSequence = useRunState((state) => state.view.lastSequence);
  const [window, setWindow] = useState({ first: 0, last: 40 });
  const [chosen, setChosen] = useState(-1);
  /** How far it is searched at least: a search that was stopped goes on, and one of a log that grows does not begin anew with every event. */
  const [upTo, setUpTo] = useState(lastSequence);
  const scroller = useRef<HTMLDivElement>(null);
  const query = useResting(search, TYPING);
  const pages = usePages(
    'search.page',
    query === undefined || query.text === '' ? undefined : (from, count) => ({ source, execution, from, count, query, upTo }),
    ({ hits, total }) => ({ rows: hits, total: Math.min(total, MAX_HITS) }),
    window.first,
    window.last,
  );
  const { items, totalSize, reveal } = useRowWindow(scroller, { list: 'search', count: pages.total, rowHeight: ROW, overscan: 10 });
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 40];
  useEffect(() => setWindow({ first, last }), [first, last]);

  const change = (part: Partial<SearchChoice>): void => {
    setChosen(-1);
    setSearch({ ...search, ...part });
  };
  const stop = (): void => void client.ask('search.stop', { source, execution });
  // What nobody sees any more is not searched.
  useEffect(() => () => void client.ask('search.stop', { source, execution }), [client, source, execution]);
  const show = (index: number): void => {
    const hit = pages.row(index);
    if (hit === undefined) return;
    setChosen(index);
    reveal(index);
    moveTo(hit.sequence, { jump: true });
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') return closeSearch();
    const by = event.key === 'Enter' ? (event.shiftKey ? -1 : 1) : event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0 || pages.total === 0) return;
    event.preventDefault();
    const next = chosen < 0 ? (by > 0 ? 0 : pages.total - 1) : (chosen + by + pages.total) % pages.total;
    // A row that has not arrived is scrolled to first.
    if (pages.row(next) === undefined) reveal(next);
    else show(next);
  };
  return (
    <section className="search-panel" aria-label="Search the run" onKeyDown={keys}>
      <div className="bar">
        <h2>Search</h2>
        <label className="field grow">
          <input
            aria-label="Search every event"
            placeholder="In every event of this run"
            value={search.text}
            autoFocus
            onFocus={(event) => event.target.select()}
            onChange={(event) => change({ text: event.target.value })}
          />
        </label>
        {OPTIONS.map(([name, sign, label]) => (
          <button
            key={name}
            type="button"
            className={`chip${search[name] ? ' on' : ''}`}
            aria-pressed={search[name]}
            aria-label={label}
            title={label}
            onClick={() => change({ [name]: !search[name] })}
          >
            {sign}
          </button>
        ))}
        <span role="status" aria-label="Found in the run" className="dim">
          {pages.fault !== undefined ? explain(pages.fault) : pages.newest === undefined ? '' : summaryOf(pages.newest, lastSequence)}
        </span>
        {pages.newest !== undefined && isRunning(pages.newest) && (
          <button type="button" className="link" title="Ends the search where it is" onClick={stop}>
            Stop
          </button>
        )}
        {pages.newest !== undefined && !isRunning(pages.newest) && pages.newest.searched < lastSequence && (
          <button type="button" className="link" title="Searches the events behind it, too" onClick={() => setUpTo(lastSequence)}>
            Search on
          </button>
        )}
        <button type="button" className="icon-button" aria-label="Close the search" onClick={closeSearch}>
          <X aria-hidden="true" />
        </button>
      </div>
      {pages.newest?.complete === true && pages.total === 0 && <div className="empty">Nothing in the events that were searched contains it.</div>}
      <div className="search-hits" ref={scroller} role="list" aria-label="Hits" tabIndex={0}>
        <div style={{ height: totalSize, position: 'relative' }} role="presentation">
          {items.map(({ index, start }) => (
            <HitRow
              key={index}
              hit={pages.row(index)}
              start={start}
              isChosen={index === chosen}
              isHere={pages.row(index)?.sequence === sequence}
              onShow={() => show(index)}
            />
          ))}
        </div>
      </div>
    </section>
  );
}

/** @param last the last sequence of the run, which may have grown since it was searched. */
function isRunning({ complete, stopped }: Answer<'search.page'>): boolean {
  return !complete && !stopped;
}

function summaryOf({ total, events, artifacts, complete, stopped, searched }: Answer<'search.page'>, last: number): string {
  const found =
    total > 0 && events === 0 && artifacts === 0
      ? `${plural(total, 'hit')} in the initial input`
      : `${plural(total, 'hit')} in ${plural(events, 'event')}${artifacts > 0 ? ` and ${plural(artifacts, 'artifact')}` : ''}`;
  if (!complete) return `${found} up to #${count(searched)}${stopped ? ', stopped' : '…'}`;
  const part = searched < last ? `, up to #${count(searched)} of ${count(last)}` : '';
  return `${found}${total > MAX_HITS ? `, showing the first ${count(MAX_HITS)}` : ''}${part}`;
}

interface HitRowProps {
  readonly hit: SearchHit | undefined;
  readonly start: number;
  readonly isChosen: boolean;
  readonly isHere: boolean;
  readonly onShow: () => void;
}

function HitRow({ hit, start, isChosen, isHere, onShow }: HitRowProps) {
  if (hit === undefined) return <div role="listitem" className="hit" style={{ transform: `translateY(${start}px)` }} />;
  const { sequence, type, node, path, before, found, after } = hit;
  return (
    <div role="listitem" className={`hit${isChosen ? ' on' : ''}${isHere ? ' here' : ''}`} style={{ transform: `translateY(${start}px)` }}>
      <button type="button" className="link" onClick={onShow}>
        #{sequence}
      </button>
      <bdi>
        {node === null ? '' : `${visible(node)} `}
        {words(visible(type ?? 'unreadable').replace(node === null ? '' : /^node_/, ''))}
      </bdi>
      <bdi className="side-path" title={path}>
        {visible(path)}
      </bdi>
      <bdi className="hit-text" title={`${before}${found}${after}`}>
        {visible(before)}
        <mark>{visible(found)}</mark>
        {visible(after)}
      </bdi>
    </div>
  );
}
