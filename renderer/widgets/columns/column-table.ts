import {
  type Column,
  type ColumnDef,
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  functionalUpdate,
  type ReactTable,
  type RowData,
  rowSelectionFeature,
  rowSortingFeature,
  type TableOptions,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useEffect, useMemo } from 'react';
import type { ColumnChoice } from '../../../core/contract/host.ts';
import { arranged, moved, NO_CHOICE } from '../../state/columns.ts';
import { useApp, useSettings } from '../../state/context.ts';

interface ColumnFacts {
  /** Where there is no room for the label; `''` for nothing. */
  readonly short?: string;
  /** Its share of the room that is left, until the user chooses a width. */
  readonly grows?: number;
  /** Numbers are aligned to the right. */
  readonly number?: true;
  /** Whether it is shown only if the user wants it. */
  readonly optional?: true;
}

const features = tableFeatures({
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  rowSelectionFeature,
  rowSortingFeature,
  columnMeta: {} as ColumnFacts,
});
export type ColumnFeatures = typeof features;
export type ListColumns<Row extends RowData> = readonly ColumnDef<ColumnFeatures, Row>[];
export type ListColumn<Row extends RowData> = Column<ColumnFeatures, Row>;
export type ListTable<Row extends RowData> = ReactTable<ColumnFeatures, Row>;

/** How much wider or narrower a key makes a column, in pixels. */
export const WIDTH_STEP = 16;
const WIDTHS = { minSize: 32, maxSize: 1200 } as const;

type ListOptions<Row extends RowData> = Pick<TableOptions<ColumnFeatures, Row>, 'data' | 'getRowId' | 'onRowSelectionChange' | 'state'>;

/**
 * The columns of a list as the user has arranged them, which is remembered.
 *
 * @param list the name under which they are remembered.
 */
export function useColumnTable<Row extends RowData>(list: string, columns: ListColumns<Row>, options: ListOptions<Row>): ListTable<Row> {
  const { settings } = useApp();
  const choice = useSettings((state) => state.columns[list] ?? NO_CHOICE);
  /** The last choice, which may not be drawn yet while a column is dragged. */
  const now = (): ColumnChoice => settings.store.getState().columns[list] ?? NO_CHOICE;
  const orderOf = ({ order }: ColumnChoice): string[] =>
    arranged(
      columns.map(({ id = '' }) => id),
      order,
    );
  const shownOf = ({ shown }: ColumnChoice): Record<string, boolean> =>
    Object.fromEntries(columns.map(({ id = '', enableHiding, meta }) => [id, enableHiding === false || (shown[id] ?? meta?.optional !== true)]));
  // The columns of the table stay the same objects only as long as these do.
  // biome-ignore lint/correctness/useExhaustiveDependencies: they depend on nothing else
  const arrangement = useMemo(() => ({ columnOrder: orderOf(choice), columnVisibility: shownOf(choice), columnSizing: choice.widths }), [columns, choice]);
  const table = useTable<ColumnFeatures, Row>({
    features,
    columns,
    defaultColumn: WIDTHS,
    columnResizeMode: 'onChange',
    manualSorting: true,
    ...options,
    state: { ...arrangement, ...options.state },
    onColumnOrderChange: (change) => settings.setColumns(list, { ...now(), order: functionalUpdate(change, orderOf(now())) }),
    onColumnVisibilityChange: (change) => {
      const before = shownOf(now());
      const changed = Object.entries(functionalUpdate(change, before)).filter(([id, isShown]) => isShown !== before[id]);
      settings.setColumns(list, { ...now(), shown: { ...now().shown, ...Object.fromEntries(changed) } });
    },
    onColumnSizingChange: (change) => {
      const widths = Object.entries(functionalUpdate(change, now().widths)).map(([id, width]) => [id, limited(width)]);
      settings.setColumns(list, { ...now(), widths: Object.fromEntries(widths) }, { keep: table.atoms.columnResizing.get().isResizingColumn === false });
    },
  });
  // A width is remembered when its edge is let go.
  const isResizing = table.state.columnResizing.isResizingColumn !== false;
  useEffect(() => (isResizing ? () => settings.keepColumns(list) : undefined), [isResizing, settings, list]);
  return table;
}

function limited(width: number): number {
  return Math.round(Math.max(WIDTHS.minSize, Math.min(WIDTHS.maxSize, width)));
}

export function labelOf<Row extends RowData>({ columnDef }: ListColumn<Row>): string {
  return String(columnDef.header);
}

/** For `grid-template-columns`. */
export function templateOf<Row extends RowData>(table: ListTable<Row>): string {
  const widths = table.state.columnSizing;
  return table
    .getVisibleLeafColumns()
    .map((column) => {
      const { grows } = column.columnDef.meta ?? {};
      return grows === undefined || widths[column.id] !== undefined ? `${column.getSize()}px` : `minmax(${column.getSize()}px, ${grows}fr)`;
    })
    .join(' ');
}

export function moveColumn<Row extends RowData>(table: ListTable<Row>, id: string, to: string): void {
  table.setColumnOrder((order) => moved(order, id, to));
}

/** Moves a column past its next neighbour that is shown. */
export function moveColumnBy<Row extends RowData>(table: ListTable<Row>, id: string, by: 1 | -1): void {
  const shown = table.getVisibleLeafColumns();
  const to = shown[shown.findIndex((column) => column.id === id) + by];
  if (to !== undefined) moveColumn(table, id, to.id);
}

/** @param from its present width; undefined for the one that it has in the table. */
export function widenColumn<Row extends RowData>(table: ListTable<Row>, column: ListColumn<Row>, by: number, from = column.getSize()): void {
  table.setColumnSizing((widths) => ({ ...widths, [column.id]: from + by }));
}
