import { Popover } from '@base-ui/react/popover';
import { ChevronDown, ChevronUp, Columns3, Minus, Plus, X } from 'lucide-react';
import { COLUMN_WIDTHS, type Column } from '../../state/columns.ts';
import type { Columns } from './use-columns.ts';
import './columns.css';

interface ColumnsButtonProps {
  readonly columns: Columns;
  readonly className: string;
  /** Whether the button has a word beside its sign. */
  readonly word?: boolean;
  /** Takes a column away that the user added. */
  readonly onRemove?: (id: string) => void;
}

/** Chooses the columns of a list, their order and their widths. */
export function ColumnsButton({ columns, className, word = false, onRemove }: ColumnsButtonProps) {
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
              {columns.all.map((column) => (
                <Line key={column.id} columns={columns} column={column} onRemove={onRemove} />
              ))}
            </ul>
            <button type="button" className="button" onClick={columns.reset}>
              Reset all columns
            </button>
          </Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface LineProps {
  readonly columns: Columns;
  readonly column: Column;
  readonly onRemove: ((id: string) => void) | undefined;
}

function Line({ columns, column: { id, label, width, fixed }, onRemove }: LineProps) {
  const now = columns.widthOf(id) ?? width;
  const isShown = columns.isShown(id);
  return (
    <li>
      <label className="grow">
        <input type="checkbox" checked={isShown} disabled={fixed === true} onChange={(event) => columns.show(id, event.target.checked)} />
        <bdi>{label}</bdi>
      </label>
      {onRemove !== undefined && id.startsWith('/') && (
        <button type="button" className="icon-button" aria-label={`Remove ${label}`} onClick={() => onRemove(id)}>
          <X aria-hidden="true" />
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label={`Narrower: ${label}`}
        disabled={!isShown}
        onClick={() => columns.resize(id, now - COLUMN_WIDTHS.step)}
      >
        <Minus aria-hidden="true" />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Wider: ${label}`}
        disabled={!isShown}
        onClick={() => columns.resize(id, now + COLUMN_WIDTHS.step)}
      >
        <Plus aria-hidden="true" />
      </button>
      <button type="button" className="icon-button" aria-label={`Move ${label} left`} disabled={!isShown} onClick={() => columns.moveBy(id, -1)}>
        <ChevronUp aria-hidden="true" />
      </button>
      <button type="button" className="icon-button" aria-label={`Move ${label} right`} disabled={!isShown} onClick={() => columns.moveBy(id, 1)}>
        <ChevronDown aria-hidden="true" />
      </button>
    </li>
  );
}
