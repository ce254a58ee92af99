import { type DragEvent, type KeyboardEvent, type PointerEvent, type ReactElement, type ReactNode, useRef, useState } from 'react';
import { COLUMN_WIDTHS, type Column } from '../../state/columns.ts';
import { ContextMenu } from '../context-menu.tsx';
import type { Columns } from './use-columns.ts';
import './columns.css';

/** The type of what is dragged: the id of a column. */
const COLUMN = 'application/x-hindsight-column';

interface ColumnHeadProps {
  readonly columns: Columns;
  readonly column: Column;
  readonly children: ReactNode;
  /** `columnheader` in a grid; undefined where the heads are not a part of it. */
  readonly role?: 'columnheader';
  readonly sort?: 'ascending' | 'descending' | 'none' | undefined;
}

/** The head of a column: dragged to another place, and by its edge to another width. The same by keys: Shift and an arrow; Ctrl, Shift and an arrow. */
export function ColumnHead({ columns, column, children, role, sort }: ColumnHeadProps) {
  const { id, number } = column;
  const cell = useRef<HTMLDivElement>(null);
  const [isTarget, setTarget] = useState(false);
  const keys = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : undefined;
    if (by === undefined || !event.shiftKey || event.altKey) return;
    if (event.ctrlKey || event.metaKey) columns.moveBy(id, by);
    else columns.resize(id, (cell.current?.offsetWidth ?? column.width) + by * COLUMN_WIDTHS.step);
    event.preventDefault();
    event.stopPropagation();
  };
  const drop = (event: DragEvent): void => {
    setTarget(false);
    const moved = event.dataTransfer.getData(COLUMN);
    if (moved !== '' && moved !== id) columns.moveTo(moved, id);
  };
  return (
    <div
      ref={cell}
      role={role}
      aria-sort={role === undefined ? undefined : sort}
      className={`column-head${number === undefined ? '' : ' number'}${isTarget ? ' target' : ''}`}
      data-column={id}
      draggable
      onKeyDown={keys}
      onDragStart={(event) => event.dataTransfer.setData(COLUMN, id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(COLUMN)) return;
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={drop}
    >
      {children}
      <Edge width={() => cell.current?.offsetWidth ?? column.width} onResize={(width, keep) => columns.resize(id, width, keep)} />
    </div>
  );
}

interface EdgeProps {
  readonly width: () => number;
  readonly onResize: (width: number, keep: boolean) => void;
}

function Edge({ width, onResize }: EdgeProps) {
  const start = useRef<{ readonly x: number; readonly width: number }>(undefined);
  const widthAt = (event: PointerEvent): number => (start.current?.width ?? 0) + event.clientX - (start.current?.x ?? 0);
  return (
    <span
      className="column-edge"
      aria-hidden="true"
      // Otherwise the head would be dragged.
      onMouseDown={(event) => event.preventDefault()}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width: width() };
      }}
      onPointerMove={(event) => start.current !== undefined && onResize(widthAt(event), false)}
      onPointerUp={(event) => {
        if (start.current !== undefined && start.current.x !== event.clientX) onResize(widthAt(event), true);
        start.current = undefined;
      }}
      onPointerCancel={() => {
        start.current = undefined;
      }}
    />
  );
}

interface HeadMenuProps {
  readonly columns: Columns;
  /** The row of heads. */
  readonly children: ReactElement;
}

/** What can be done with the column under the right mouse button. */
export function HeadMenu({ columns, children }: HeadMenuProps) {
  const [aimed, setAimed] = useState<string>();
  const column = columns.all.find(({ id }) => id === aimed);
  const groups = column === undefined ? [] : groupsOf(columns, column);
  return (
    <ContextMenu label="Column" groups={groups}>
      <div
        className="column-heads"
        onContextMenuCapture={(event) => setAimed((event.target as HTMLElement).closest<HTMLElement>('[data-column]')?.dataset['column'])}
      >
        {children}
      </div>
    </ContextMenu>
  );
}

function groupsOf(columns: Columns, { id, label, width, fixed }: Column) {
  const now = columns.widthOf(id) ?? width;
  return [
    fixed === true ? [] : [{ label: `Hide ${label}`, onChoose: () => columns.show(id, false) }],
    [
      { label: 'Move left', onChoose: () => columns.moveBy(id, -1) },
      { label: 'Move right', onChoose: () => columns.moveBy(id, 1) },
    ],
    [
      { label: 'Wider', onChoose: () => columns.resize(id, now + 3 * COLUMN_WIDTHS.step) },
      { label: 'Narrower', onChoose: () => columns.resize(id, now - 3 * COLUMN_WIDTHS.step) },
    ],
    [{ label: 'Reset all columns', onChoose: columns.reset }],
  ].filter((group) => group.length > 0);
}
