import { useVirtualizer } from '@tanstack/react-virtual';
import { BookOpenText, ChevronDown, ChevronRight, Copy, Link2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { TreeRow } from '../../../core/contract/slices/tree.ts';
import type { Reading } from '../../../core/vocabulary.ts';
import { useApp, useRun, useRunState } from '../../state/context.ts';
import { revealRow } from '../../widgets/reveal.ts';

const ROW = 24;
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
  const [focused, setFocused] = useState<string>();
  /** The row to focus when it has arrived. */
  const awaited = useRef<number>(undefined);
  const ids = useId();
  const tree = frame?.slices.tree;
  useEffect(() => {
    const row = tree !== undefined && awaited.current !== undefined ? tree.rows[awaited.current - tree.from] : undefined;
    if (row === undefined) return;
    awaited.current = undefined;
    setFocused(row.pointer);
  }, [tree]);
  const virtual = useVirtualizer({ count: tree?.total ?? 0, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    const from = run.store.getState().scrolled['tree'] ?? 0;
    if (first < from || last >= from + TREE_ROWS) run.scrollTo('tree', Math.max(0, Math.floor(first / STEP) * STEP - STEP));
  }, [run, first, last]);

  const sequence = frame?.sequence;
  const firstChange = tree?.firstChange ?? -1;
  // Scrolls to the first change if it is not visible.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the cursor reveals
  useEffect(() => {
    if (firstChange >= 0 && run.store.getState().reveal) revealRow(scroller.current, firstChange, ROW);
  }, [sequence]);

  if (frame === undefined) return <div className="empty">Reading…</div>;
  if (frame.basis === 'waiting')
    return <div className="empty">The log is being indexed; the state at #{frame.sequence} is shown as soon as it is reached.</div>;
  if (tree === undefined) return <div className="empty">Reading…</div>;
  if (tree.total === 0) return <div className="empty">The state is empty here.</div>;

  const focusRow = (to: number): void => {
    const index = Math.max(0, Math.min(tree.total - 1, to));
    const row = tree.rows[index - tree.from];
    awaited.current = row === undefined ? index : undefined;
    if (row !== undefined) setFocused(row.pointer);
    revealRow(scroller.current, index, ROW);
  };
  /** As in other trees: → opens a container, then enters it; ← closes it, then goes to its parent. */
  const openOrLeave = (right: boolean, index: number, row: TreeRow | undefined): void => {
    if (row === undefined) return;
    if (row.size > 0 && row.open !== right && row.change !== 'removed') run.toggleRow(row.pointer, right);
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
    const page = Math.floor((scroller.current?.clientHeight ?? 480) / ROW) - 1;
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
    else if (event.key === 'Enter' && row !== undefined && row.size > 0) run.toggleRow(row.pointer, !row.open);
    else if (event.key === 'Enter' && row !== undefined && isReadable(row)) run.read(row.pointer);
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && row !== undefined) void copyValue(row);
    else return;
    event.preventDefault();
  };
  return (
    <div
      className="tree"
      ref={scroller}
      role="tree"
      aria-label="State"
      tabIndex={0}
      onKeyDown={keys}
      data-reading={reading}
      aria-activedescendant={focused === undefined ? undefined : `${ids}-${focused}`}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {items.map(({ index, start }) => {
          const row = tree.rows[index - tree.from];
          return row === undefined ? null : (
            <Row
              key={row.pointer}
              id={`${ids}-${row.pointer}`}
              reading={reading}
              row={row}
              start={start}
              index={index}
              total={tree.total}
              focused={row.pointer === focused}
              onFocus={() => setFocused(row.pointer)}
            />
          );
        })}
      </div>
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

interface RowProps {
  readonly id: string;
  readonly reading: Reading;
  readonly row: TreeRow;
  readonly start: number;
  readonly index: number;
  readonly total: number;
  readonly focused: boolean;
  readonly onFocus: () => void;
}

/** What a screen reader says after the key: the value, its type, and the mark. */
function describedRow({ type, text, size, change, old }: TreeRow, reading: Reading): string {
  const value = type === 'object' ? `${size} members` : type === 'array' ? `${size} items` : text;
  const mark = change === null ? '' : reading === 'replay' ? (change === 'inside' ? 'changed inside' : change) : 'differs from replay';
  return [value, type, mark, old === null ? '' : `before ${old}`].filter((part) => part !== '').join(', ');
}

/** Whether the reader shows more of a value than its row. */
function isReadable({ type, change, cut, text }: TreeRow): boolean {
  return type === 'string' && change !== 'removed' && (cut || text.length > 40);
}

const SIGNS = { added: '+', changed: '~', removed: '−', inside: '' } as const;

function Row({ id, reading, row, start, index, total, focused, onFocus }: RowProps) {
  const { copyText } = useApp();
  const { toggleRow, read } = useRun();
  const copyValue = useCopyValue();
  const { pointer, label: key, depth, type, text, size, open, change, old } = row;
  const container = type === 'object' || type === 'array';
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
      {...(container && size > 0 ? { 'aria-expanded': open } : {})}
      className="tree-row"
      data-change={change ?? undefined}
      style={{ transform: `translateY(${start}px)`, paddingLeft: 10 + depth * INDENT }}
      onClick={onFocus}
      onDoubleClick={() => (isReadable(row) ? read(pointer) : container && size > 0 && toggleRow(pointer, !open))}
    >
      {container && size > 0 && change !== 'removed' ? (
        <button type="button" className="twist" tabIndex={-1} aria-label={`${open ? 'Close' : 'Open'} ${key}`} onClick={() => toggleRow(pointer, !open)}>
          {open ? <ChevronDown size={13} aria-hidden="true" /> : <ChevronRight size={13} aria-hidden="true" />}
        </button>
      ) : (
        <span className="twist" />
      )}
      <span className="tree-text">
        {key !== '' && (
          <>
            <bdi className="json-key">{key}</bdi>
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
        {container ? <span className="dim">{type === 'object' ? `{${size}}` : `[${size}]`}</span> : <bdi className={`json-${type}`}>{text}</bdi>}
      </span>
      {change !== null && change !== 'inside' && (
        <span className="sign" aria-label={change}>
          {SIGNS[change]}
        </span>
      )}
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
    </div>
  );
}
