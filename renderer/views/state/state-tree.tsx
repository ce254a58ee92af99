import { replaceEqualDeep } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { BookOpenText, ChevronDown, ChevronRight, Copy, Link2 } from 'lucide-react';
import { type KeyboardEvent, memo, useEffect, useId, useRef, useState } from 'react';
import type { Writer } from '../../../core/contract/explain.ts';
import type { TreeRow } from '../../../core/contract/slices/tree.ts';
import { explain } from '../../../core/fault.ts';
import type { Reading } from '../../../core/vocabulary.ts';
import { useAnswer } from '../../state/answers.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { useResting } from '../../state/resting.ts';
import { firstView, rememberView } from '../../widgets/first-view.ts';
import { count, words } from '../../widgets/format.ts';
import { MarkedText } from '../../widgets/marked-text.tsx';
import { revealRow } from '../../widgets/reveal.ts';
import { useRowHeight, useRowPlaces } from '../../widgets/row-height.ts';
import { isReadable } from './is-readable.ts';
import { RowMenu } from './row-menu.tsx';
import { TreeFilter, useFound } from './tree-filter.tsx';

const INDENT = 16;
/** How many rows a frame contains. Scrolling requests more before the last of them is on screen. */
export const TREE_ROWS = 200;
const STEP = 50;

/** The state as a tree. The engine walks it; the page has only the rows around those on screen. */
export function StateTree() {
  const run = useRun();
  const copyValue = useCopyValue();
  const frame = useRunState((state) => state.frame);
  const reading = useRunState((state) => state.reading);
  const scroller = useRef<HTMLDivElement>(null);
  const focused = useRunState((state) => state.selected);
  const setFocused = run.select;
  /** The row to focus when it has arrived. */
  const awaited = useRef<number>(undefined);
  const ids = useId();
  const rowHeight = useRowHeight();
  const found = useFound(TREE_ROWS);
  const isFiltered = found !== undefined;
  const tree = isFiltered ? found.rows : frame?.slices.tree;
  const panel = isFiltered ? 'found' : 'tree';
  useEffect(() => {
    const row = tree !== undefined && awaited.current !== undefined ? tree.rows[awaited.current - tree.from] : undefined;
    if (row === undefined) return;
    awaited.current = undefined;
    setFocused(row.pointer);
  }, [tree, setFocused]);
  const virtual = useVirtualizer({
    count: tree?.total ?? 0,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    ...firstView('tree', 0, rowHeight),
  });
  useEffect(() => rememberView('tree', virtual));
  useRowPlaces(virtual, rowHeight);
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (panel === 'tree') run.showRows(first, last - first + 1);
    const from = run.store.getState().scrolled[panel] ?? 0;
    if (first < from || last >= from + TREE_ROWS) run.scrollTo(panel, Math.max(0, Math.floor(first / STEP) * STEP - STEP));
  }, [run, panel, first, last]);

  const onScreen = items.flatMap(({ index }) => tree?.rows[index - tree.from]?.pointer ?? []);
  const writers = useWriters(onScreen);
  const sequence = frame?.sequence;
  const firstChange = isFiltered ? -1 : (frame?.slices.tree?.firstChange ?? -1);
  // Scrolls to the first change if it is not visible.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the cursor reveals
  useEffect(() => {
    if (firstChange >= 0 && run.store.getState().reveal) revealRow(scroller.current, firstChange, rowHeight);
  }, [sequence]);
  const sought = useRunState((state) => state.sought);
  useEffect(() => {
    const index = tree?.rows.findIndex(({ pointer }) => pointer === sought) ?? -1;
    if (tree === undefined || index < 0) return;
    revealRow(scroller.current, index + tree.from, rowHeight);
    run.select(sought);
  }, [run, sought, tree, rowHeight]);

  if (frame === undefined) return <div className="empty">Reading…</div>;
  if (frame.basis === 'waiting')
    return <div className="empty">The log is being indexed; the state at #{frame.sequence} is shown as soon as it is reached.</div>;
  if (tree === undefined) {
    return (
      <div className="state-tree">
        <TreeFilter found={found} onWalk={() => {}} />
        <div className="empty">{found?.fault === undefined ? 'Reading…' : explain(found.fault)}</div>
      </div>
    );
  }
  if (tree.total === 0) {
    return (
      <div className="state-tree">
        <TreeFilter found={found} onWalk={() => {}} />
        <div className="empty">{isFiltered ? 'No key, value or path of the state contains this.' : 'The state is empty here.'}</div>
      </div>
    );
  }

  const focusRow = (to: number): void => {
    const index = Math.max(0, Math.min(tree.total - 1, to));
    const row = tree.rows[index - tree.from];
    awaited.current = row === undefined ? index : undefined;
    if (row !== undefined) setFocused(row.pointer);
    revealRow(scroller.current, index, rowHeight);
  };
  /** As in other trees: → opens a container, then enters it; ← closes it, then goes to its parent. */
  const openOrLeave = (right: boolean, index: number, row: TreeRow | undefined): void => {
    if (row === undefined) return;
    if (!isFiltered && row.size > 0 && row.open !== right && row.change !== 'removed') run.toggleRow(row.pointer, right);
    else if (right && row.open) focusRow(index + 1);
    else if (!right) {
      const parent = tree.rows.findLastIndex(({ depth }, i) => i + tree.from < index && depth < row.depth);
      if (parent >= 0) focusRow(parent + tree.from);
    }
  };
  const keys = (event: KeyboardEvent): void => {
    const at = tree.rows.findIndex(({ pointer }) => pointer === focused);
    const row = tree.rows[at];
    const index = at < 0 ? first - 1 : at + tree.from;
    const page = Math.floor((scroller.current?.clientHeight ?? 480) / rowHeight) - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: tree.total - 1,
    };
    const to = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey ? undefined : moves[event.key];
    const isPlainArrow = /^Arrow(Left|Right)$/.test(event.key) && !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
    if (to !== undefined) focusRow(to);
    else if (isPlainArrow) openOrLeave(event.key === 'ArrowRight', index, row);
    else if (event.key === 'Enter' && row !== undefined && row.size > 0 && !isFiltered) run.toggleRow(row.pointer, !row.open);
    else if (event.key === 'Enter' && row !== undefined && isReadable(row)) run.read(row.pointer);
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && row !== undefined) void copyValue(row);
    else return;
    event.preventDefault();
  };
  // A row that is scrolled away does not exist.
  const isDrawn = focused !== undefined && items.some(({ index }) => tree.rows[index - tree.from]?.pointer === focused);
  /** Moves to the next or the previous match. */
  const walk = (by: 1 | -1): void => {
    const matches = found?.answer?.matchRows ?? new Uint32Array();
    const at = tree.rows.findIndex(({ pointer }) => pointer === focused);
    const row = at < 0 ? -1 : at + tree.from;
    const next = by > 0 ? (matches.find((index) => index > row) ?? matches[0]) : (matches.findLast((index) => index < row) ?? matches.at(-1));
    if (next !== undefined) focusRow(next);
  };
  return (
    <div className="state-tree">
      <TreeFilter found={found} onWalk={walk} />
      <RowMenu row={tree.rows.find(({ pointer }) => pointer === focused)}>
        <div
          className="tree"
          ref={scroller}
          role="tree"
          aria-label="State"
          tabIndex={0}
          onKeyDown={keys}
          data-reading={reading}
          aria-busy={found?.isOutdated}
          aria-activedescendant={isDrawn ? `${ids}-${focused}` : undefined}
        >
          <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
            {items.map(({ index, start }) => {
              const row = tree.rows[index - tree.from];
              return row === undefined ? null : (
                <Row
                  key={row.pointer}
                  id={`${ids}-${row.pointer}`}
                  reading={reading}
                  find={found?.text}
                  row={row}
                  start={start}
                  index={index}
                  total={tree.total}
                  writer={writers.get(row.pointer)}
                  focused={row.pointer === focused}
                />
              );
            })}
          </div>
        </div>
      </RowMenu>
    </div>
  );
}

/** Copies the full value of a row at the moment on screen, even if the cursor has moved on. */
function useCopyValue(): (row: TreeRow) => Promise<void> {
  const { notices, copyText } = useApp();
  const run = useRun();
  return async ({ pointer, key }) => {
    const value = await run.valueText(pointer);
    if (value.ok) await copyText(value.value.text, key === '' ? 'State' : `Value of ${key}`);
    else notices.showFault(value.fault);
  };
}

/** The longest path that a request may name, in characters. */
const MAX_POINTER = 10_000;
/** How long the cursor must rest before it is asked who wrote the rows, in milliseconds. */
const REST = 80;

/**
 * Who last changed each value of the replayed state, by pointer: from the frame, which has the writers of the rows that were on
 * screen before it, or on request, once the cursor rests.
 */
function useWriters(pointers: readonly string[]): ReadonlyMap<string, Writer> {
  const { source, execution } = useRun();
  const frame = useRunState((state) => state.frame);
  const isReplay = frame?.reading === 'replay' && frame.basis === 'index';
  const known = new Map(frame?.slices.tree?.writers?.map(({ pointer, writer }) => [pointer, writer]));
  const missing = isReplay ? pointers.filter((pointer) => !known.has(pointer) && pointer.length <= MAX_POINTER) : [];
  const wanted = missing.length > 0 ? JSON.stringify([frame?.sequence, missing]) : undefined;
  const rested = useResting(wanted, REST);
  const params = rested === undefined || frame === undefined ? undefined : { source, execution, sequence: frame.sequence, pointers: missing };
  const answer = useAnswer('explain.writers', params);
  for (const [i, writer] of (answer ?? []).entries()) known.set(missing[i] as string, writer);
  return new Map([...known].filter((entry): entry is [string, Writer] => entry[1] !== null));
}

/** The event that last changed a value. It leads there. */
function WriterLink({ writer: { sequence, node, type, how } }: { readonly writer: Writer }) {
  const { moveTo } = useRun();
  const at = useRunState((state) => state.frame?.sequence ?? 0);
  const age = at - sequence;
  return (
    <button
      type="button"
      tabIndex={-1}
      className="writer"
      data-age={age === 0 ? 'now' : age <= 20 ? 'recent' : 'old'}
      title={`#${sequence} ${words(type)}${node === null ? '' : ` ${node}`}: ${words(how)}, ${age === 0 ? 'by this event' : `${count(age)} ${age === 1 ? 'event' : 'events'} ago`}`}
      onClick={() => moveTo(sequence, { jump: true })}
    >
      #{sequence} {sequence === 0 ? 'input' : (node ?? words(type))}
    </button>
  );
}

interface RowProps {
  readonly id: string;
  readonly reading: Reading;
  /** The text that the tree is filtered by. */
  readonly find: string | undefined;
  readonly row: TreeRow;
  readonly start: number;
  readonly index: number;
  readonly total: number;
  /** Who last changed the value, once that is known. */
  readonly writer: Writer | undefined;
  readonly focused: boolean;
}

/** What a screen reader says after the key: the value, its type, and the mark. */
function describedRow({ type, text, size, change, old }: TreeRow, reading: Reading): string {
  const value = type === 'object' ? `${size} members` : type === 'array' ? `${size} items` : text;
  const mark = change === null ? '' : reading === 'replay' ? (change === 'inside' ? 'changed inside' : change) : 'differs from replay';
  return [value, type, mark, old === null ? '' : `before ${old}`].filter((part) => part !== '').join(', ');
}

const SIGNS = { added: '+', changed: '~', removed: '−', inside: '' } as const;

function Row({ id, reading, find, row, start, index, total, writer, focused }: RowProps) {
  const { select, toggleRow, read } = useRun();
  const [isPointed, setPointed] = useState(false);
  const { pointer, label: key, depth, size, open, change } = row;
  const onFocus = (): void => select(pointer);
  return (
    <div
      role="treeitem"
      id={id}
      aria-label={key === '' ? 'state' : key}
      aria-description={describedRow(row, reading)}
      aria-level={depth + 1}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-selected={focused}
      {...(isContainer(row) && size > 0 ? { 'aria-expanded': open } : {})}
      className="tree-row"
      data-change={change ?? undefined}
      style={{ transform: `translateY(${start}px)`, paddingLeft: 10 + depth * INDENT }}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onClick={onFocus}
      onContextMenu={onFocus}
      onDoubleClick={() => (isReadable(row) ? read(pointer) : canToggle(row, find) && toggleRow(pointer, !open))}
    >
      <RowContent row={row} find={find} />
      {isPointed && <RowActions row={row} />}
      {writer !== undefined && <WriterLink writer={writer} />}
    </div>
  );
}

function isContainer({ type }: TreeRow): boolean {
  return type === 'object' || type === 'array';
}

/** What leads to a match is open. */
function canToggle(row: TreeRow, find: string | undefined): boolean {
  return isContainer(row) && row.size > 0 && row.change !== 'removed' && find === undefined;
}

type RowContentProps = Pick<RowProps, 'row' | 'find'>;

/** Memoized, because most values stay as they are when the cursor moves, even where a new one moves their rows. */
const RowContent = memo(function RowContent({ row, find }: RowContentProps) {
  const { toggleRow } = useRun();
  const { pointer, label: key, type, text, size, open, change, old } = row;
  return (
    <>
      {canToggle(row, find) ? (
        <button type="button" className="twist" tabIndex={-1} aria-label={`${open ? 'Close' : 'Open'} ${key}`} onClick={() => toggleRow(pointer, !open)}>
          {open ? <ChevronDown size={13} aria-hidden="true" /> : <ChevronRight size={13} aria-hidden="true" />}
        </button>
      ) : (
        <span className="twist" />
      )}
      <span className="tree-text">
        {key !== '' && (
          <>
            <bdi className="json-key">
              <MarkedText text={key} find={find} />
            </bdi>
            <span className="dim">: </span>
          </>
        )}
        {old !== null && (
          <>
            <del className={`json-old json-${type}`} title={`before: ${old}`}>
              {old}
            </del>{' '}
          </>
        )}
        {isContainer(row) ? (
          <span className="dim">{type === 'object' ? `{${size}}` : `[${size}]`}</span>
        ) : (
          <bdi className={`json-${type}`}>
            <MarkedText text={text} find={find} />
          </bdi>
        )}
      </span>
      {change !== null && change !== 'inside' && (
        <span className="sign" aria-label={change}>
          {SIGNS[change]}
        </span>
      )}
    </>
  );
}, isSameContent);

/** What can be done with a row, which is drawn only under the pointer: for each row, it would be half of all elements of the tree. */
function RowActions({ row }: { readonly row: TreeRow }) {
  const { copyText } = useApp();
  const { read } = useRun();
  const copyValue = useCopyValue();
  const { pointer, label: key } = row;
  return (
    <span className="row-actions">
      {isReadable(row) && (
        <button type="button" tabIndex={-1} aria-label={`Read ${key}`} title="Read the whole text (Enter)" onClick={() => read(pointer)}>
          <BookOpenText size={12} aria-hidden="true" />
        </button>
      )}
      <button type="button" tabIndex={-1} aria-label={`Copy the value of ${key}`} title="Copy the value" onClick={() => void copyValue(row)}>
        <Copy size={12} aria-hidden="true" />
      </button>
      <button
        type="button"
        tabIndex={-1}
        aria-label={`Copy the path of ${key}`}
        title={`Copy the path ${pointer}`}
        onClick={() => void copyText(pointer, 'Path')}
      >
        <Link2 size={12} aria-hidden="true" />
      </button>
    </span>
  );
}

function isSameContent(before: RowContentProps, now: RowContentProps): boolean {
  return before.find === now.find && replaceEqualDeep(before.row, now.row) === before.row;
}
