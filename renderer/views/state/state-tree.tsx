import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, Copy, Link2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { TreeRow } from '../../../core/contract/slices/tree.ts';
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
  const tree = frame?.slices.tree;
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

  const focusRow = (index: number): void => {
    const row = tree.rows[index - tree.from];
    if (row === undefined) return;
    setFocused(row.pointer);
    revealRow(scroller.current, index, ROW);
  };
  const keys = (event: KeyboardEvent): void => {
    const index = tree.rows.findIndex(({ pointer }) => pointer === focused) + tree.from;
    const row = tree.rows[index - tree.from];
    if (event.key === 'ArrowDown') focusRow(focused === undefined ? first : index + 1);
    else if (event.key === 'ArrowUp') focusRow(index - 1);
    else if (event.key === 'Enter' && row !== undefined && row.size > 0) run.toggleRow(row.pointer, !row.open);
    else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && row !== undefined) void copyValue(row);
    else return;
    event.preventDefault();
  };
  return (
    <div className="tree" ref={scroller} role="tree" aria-label="State" tabIndex={0} onKeyDown={keys} data-reading={reading}>
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="presentation">
        {items.map(({ index, start }) => {
          const row = tree.rows[index - tree.from];
          return row === undefined ? null : (
            <Row
              key={row.pointer}
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
  readonly row: TreeRow;
  readonly start: number;
  readonly index: number;
  readonly total: number;
  readonly focused: boolean;
  readonly onFocus: () => void;
}

const SIGNS = { added: '+', changed: '~', removed: '−', inside: '' } as const;

function Row({ row, start, index, total, focused, onFocus }: RowProps) {
  const { copyText } = useApp();
  const { toggleRow } = useRun();
  const copyValue = useCopyValue();
  const { pointer, key, depth, type, text, size, open, change, old } = row;
  const container = type === 'object' || type === 'array';
  return (
    <div
      role="treeitem"
      aria-label={key === '' ? 'state' : key}
      aria-level={depth + 1}
      aria-posinset={index + 1}
      aria-setsize={total}
      aria-selected={focused}
      {...(container && size > 0 ? { 'aria-expanded': open } : {})}
      className="tree-row"
      data-change={change ?? undefined}
      style={{ transform: `translateY(${start}px)`, paddingLeft: 10 + depth * INDENT }}
      onClick={onFocus}
      onDoubleClick={() => container && size > 0 && toggleRow(pointer, !open)}
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
