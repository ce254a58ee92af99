import { Popover } from '@base-ui/react/popover';
import type { RowData } from '@tanstack/react-table';
import { ChevronDown, ChevronUp, Columns3, Minus, Plus, X } from 'lucide-react';
import { useApp } from '../../state/context.ts';
import { type ListColumn, type ListTable, labelOf, moveColumnBy, WIDTH_STEP, widenColumn } from './column-table.ts';
import './columns.css';

interface ColumnsButtonProps<Row extends RowData> {
  /** The name under which the columns are remembered. */
  readonly list: string;
  readonly table: ListTable<Row>;
  readonly className: string;
  /** Whether the button has a word beside its sign. */
  readonly word?: boolean;
  /** Takes a column away that the user added. */
  readonly onRemove?: (id: string) => void;
}

/** Chooses the columns of a list, their order and their widths. */
export function ColumnsButton<Row extends RowData>({ list, table, className, word = false, onRemove }: ColumnsButtonProps<Row>) {
  const { settings } = useApp();
  return (
    <Popover.Root>
      <Popover.Trigger className={className} aria-label="Columns" title="Columns: show, hide, move, resize">
        <Columns3 size={14} aria-hidden="true" /> {word && 'Columns'}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Positioner className="menu-place" sideOffset={4} align="end">
          <Popover.Popup className="menu columns-list">
            <Popover.Title className="menu-label">Columns</Popover.Title>
            <ul aria-label="Columns">
              {table.getAllLeafColumns().map((column) => (
                <Line key={column.id} table={table} column={column} onRemove={onRemove} />
              ))}
            </ul>
            <button type="button" className="button" onClick={() => settings.resetColumns(list)}>
              Reset all columns
            </button>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface LineProps<Row extends RowData> {
  readonly table: ListTable<Row>;
  readonly column: ListColumn<Row>;
  readonly onRemove: ((id: string) => void) | undefined;
}

function Line<Row extends RowData>({ table, column, onRemove }: LineProps<Row>) {
  const { id } = column;
  const label = labelOf(column);
  const isShown = column.getIsVisible();
  const actions = [
    { name: `Narrower: ${label}`, Icon: Minus, run: () => widenColumn(table, column, -WIDTH_STEP) },
    { name: `Wider: ${label}`, Icon: Plus, run: () => widenColumn(table, column, WIDTH_STEP) },
    { name: `Move ${label} left`, Icon: ChevronUp, run: () => moveColumnBy(table, id, -1) },
    { name: `Move ${label} right`, Icon: ChevronDown, run: () => moveColumnBy(table, id, 1) },
  ];
  return (
    <li>
      <label className="grow">
        <input type="checkbox" checked={isShown} disabled={!column.getCanHide()} onChange={column.getToggleVisibilityHandler()} />
        <bdi>{label}</bdi>
      </label>
      {onRemove !== undefined && id.startsWith('/') && (
        <button type="button" className="icon-button" aria-label={`Remove ${label}`} onClick={() => onRemove(id)}>
          <X aria-hidden="true" />
        </button>
      )}
      {actions.map(({ name, Icon, run }) => (
        <button key={name} type="button" className="icon-button" aria-label={name} disabled={!isShown} onClick={run}>
          <Icon aria-hidden="true" />
        </button>
      ))}
    </li>
  );
}
