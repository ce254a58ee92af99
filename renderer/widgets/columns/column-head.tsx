import type { Header, RowData } from '@tanstack/react-table';
import { type DragEvent, type KeyboardEvent, type ReactElement, type ReactNode, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useApp } from '../../state/context.ts';
import { ContextMenu } from '../context-menu.tsx';
import { type ColumnFeatures, type ListColumn, type ListTable, labelOf, moveColumn, moveColumnBy, WIDTH_STEP, widenColumn } from './column-table.ts';
import './columns.css';

/** The type of what is dragged: the id of a column. */
const COLUMN = 'application/x-hindsight-column';

interface ColumnHeadProps<Row extends RowData> {
  readonly table: ListTable<Row>;
  readonly header: Header<ColumnFeatures, Row>;
  readonly children: ReactNode;
  /** `columnheader` in a grid; undefined where the heads are not a part of it. */
  readonly role?: 'columnheader';
  readonly sort?: 'ascending' | 'descending' | 'none' | undefined;
}

/** The head of a column: dragged to another place, and by its edge to another width. The same by keys: Shift and an arrow; Ctrl, Shift and an arrow. */
export function ColumnHead<Row extends RowData>({ table, header, children, role, sort }: ColumnHeadProps<Row>) {
  const { column } = header;
  const cell = useRef<HTMLDivElement>(null);
  const [isTarget, setTarget] = useState(false);
  const keys = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : undefined;
    if (by === undefined || !event.shiftKey || event.altKey) return;
    if (event.ctrlKey || event.metaKey) moveColumnBy(table, column.id, by);
    else widenColumn(table, column, by * WIDTH_STEP, cell.current?.offsetWidth);
    event.preventDefault();
    event.stopPropagation();
  };
  const drop = (event: DragEvent): void => {
    setTarget(false);
    const moved = event.dataTransfer.getData(COLUMN);
    if (moved !== '' && moved !== column.id) moveColumn(table, moved, column.id);
  };
  return (
    <div
      ref={cell}
      role={role}
      aria-sort={role === undefined ? undefined : sort}
      className={`column-head${column.columnDef.meta?.number === undefined ? '' : ' number'}${isTarget ? ' target' : ''}`}
      data-column={column.id}
      draggable
      onKeyDown={keys}
      onDragStart={(event) => event.dataTransfer.setData(COLUMN, column.id)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(COLUMN)) return;
        event.preventDefault();
        setTarget(true);
      }}
      onDragLeave={() => setTarget(false)}
      onDrop={drop}
    >
      {children}
      <span
        className={`column-edge${column.getIsResizing() ? ' on' : ''}`}
        aria-hidden="true"
        onMouseDown={(event) => {
          // Otherwise the head would be dragged.
          event.preventDefault();
          if (event.button !== 0) return;
          // A column that grows is wider than the table knows.
          flushSync(() => widenColumn(table, column, 0, cell.current?.offsetWidth));
          header.getResizeHandler()(event);
        }}
        onDoubleClick={() => column.resetSize()}
      />
    </div>
  );
}

interface HeadMenuProps<Row extends RowData> {
  /** The name under which the columns are remembered. */
  readonly list: string;
  readonly table: ListTable<Row>;
  /** The row of heads. */
  readonly children: ReactElement;
}

/** What can be done with the column under the right mouse button. */
export function HeadMenu<Row extends RowData>({ list, table, children }: HeadMenuProps<Row>) {
  const { settings } = useApp();
  const [aimed, setAimed] = useState<string>();
  const column = table.getAllLeafColumns().find(({ id }) => id === aimed);
  const groups = column === undefined ? [] : groupsOf(table, column, () => settings.resetColumns(list));
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

function groupsOf<Row extends RowData>(table: ListTable<Row>, column: ListColumn<Row>, onReset: () => void) {
  const { id } = column;
  return [
    column.getCanHide() ? [{ label: `Hide ${labelOf(column)}`, onChoose: () => column.toggleVisibility(false) }] : [],
    [
      { label: 'Move left', onChoose: () => moveColumnBy(table, id, -1) },
      { label: 'Move right', onChoose: () => moveColumnBy(table, id, 1) },
    ],
    [
      { label: 'Wider', onChoose: () => widenColumn(table, column, 3 * WIDTH_STEP) },
      { label: 'Narrower', onChoose: () => widenColumn(table, column, -3 * WIDTH_STEP) },
    ],
    [{ label: 'Reset all columns', onChoose: onReset }],
  ].filter((group) => group.length > 0);
}
