import { useVirtualizer } from '@tanstack/react-virtual';
import { ChevronDown, ChevronRight, Copy, Link2 } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { TreeRow } from '../../../core/replies.ts';
import { ask } from '../../client.ts';
import { cursor, scrollTree, TREE_ROWS, toggleRow, useCursor } from '../../state/cursor.ts';
import { copyText, showFault } from '../../state/session.ts';
import { revealRow } from '../../widgets/reveal.ts';

const ROW = 24;
const INDENT = 16;

/** The state as a tree. The engine walks it; here are only the rows on screen. */
export function StateTree() {
  const frame = useCursor((state) => state.frame);
  const reading = useCursor((state) => state.reading);
  const scroller = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState<string>();
  const tree = frame?.tree;
  const virtual = useVirtualizer({ count: tree?.total ?? 0, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: 10 });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    const from = cursor.getState().treeFrom;
    if (first < from || last >= from + TREE_ROWS) scrollTree(Math.max(0, Math.floor(first / 50) * 50 - 50));
  }, [first, last]);

  const sequence = frame?.sequence;
  const firstChange = tree?.firstChange ?? -1;
  // A change out of sight is brought into sight; one in sight moves nothing.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a move of the cursor reveals
  useEffect(() => {
    if (firstChange >= 0 && cursor.getState().reveal) revealRow(scroller.current, firstChange, ROW);
  }, [sequence]);

  if (frame === undefined || tree === undefined) return <div className="empty">Reading…</div>;
  if (frame.waiting) return <div className="empty">The log is being indexed; the state at #{frame.sequence} is shown when it has been reached.</div>;
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
    else if (event.key === 'Enter' && row !== undefined && row.size > 0) toggleRow(row.pointer, !row.open);
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

async function copyValue({ pointer, key }: TreeRow): Promise<void> {
  const { view, sequence, reading } = cursor.getState();
  if (view === undefined) return;
  const value = await ask('value.text', { execution: view.id, sequence, reading, pointer });
  if (value.ok) await copyText(value.value.text, key === '' ? 'State' : `Value of ${key}`);
  else showFault(value.fault);
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
