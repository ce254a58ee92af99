import type { ColumnChoice } from '../../core/contract/host.ts';

/** A column that a list may have. */
export interface Column {
  readonly id: string;
  readonly label: string;
  /** Where there is no room for the label; `''` for nothing. */
  readonly short?: string;
  /** In pixels, until the user chooses another one. */
  readonly width: number;
  /** Its share of the room that is left, until the user chooses a width. */
  readonly grows?: number;
  /** Numbers are aligned to the right. */
  readonly number?: true;
  /** Whether it is shown only if the user wants it. */
  readonly optional?: true;
  /** Whether it is always shown. */
  readonly fixed?: true;
}

export const NO_CHOICE: ColumnChoice = { order: [], shown: {}, widths: {} };
export const COLUMN_WIDTHS = { min: 32, max: 1200, step: 16 } as const;

/** The columns in the order that the user chose. One that is not in it stays behind its neighbour. */
export function arranged(columns: readonly Column[], { order }: ColumnChoice): readonly Column[] {
  const known = new Map(columns.map((column) => [column.id, column]));
  const placed = order.flatMap((id) => known.get(id) ?? []);
  columns.forEach((column, i) => {
    if (order.includes(column.id)) return;
    const before = columns[i - 1];
    placed.splice(before === undefined ? 0 : placed.indexOf(before) + 1, 0, column);
  });
  return placed;
}

export function isShown({ id, optional, fixed }: Column, { shown }: ColumnChoice): boolean {
  return fixed === true || (shown[id] ?? optional !== true);
}

/** The value of `grid-template-columns` for the columns that are shown. */
export function templateOf(columns: readonly Column[], { widths }: ColumnChoice): string {
  return columns
    .map(({ id, width, grows }) => {
      const chosen = widths[id];
      if (chosen !== undefined) return `${chosen}px`;
      return grows === undefined ? `${width}px` : `minmax(${width}px, ${grows}fr)`;
    })
    .join(' ');
}

/** How wide a list must be for these columns, in pixels. */
export function leastWidth(columns: readonly Column[], { widths }: ColumnChoice): number {
  return columns.reduce((sum, { id, width }) => sum + (widths[id] ?? width), 0);
}

/** Without anything that was chosen about a column. */
export function without({ order, shown, widths }: ColumnChoice, id: string): ColumnChoice {
  const rest = <T>(of: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(of).filter(([known]) => known !== id));
  return { order: order.filter((known) => known !== id), shown: rest(shown), widths: rest(widths) };
}

export function withWidth(choice: ColumnChoice, id: string, width: number): ColumnChoice {
  const { min, max } = COLUMN_WIDTHS;
  return { ...choice, widths: { ...choice.widths, [id]: Math.max(min, Math.min(max, Math.round(width))) } };
}

export function withShown(choice: ColumnChoice, id: string, shown: boolean): ColumnChoice {
  return { ...choice, shown: { ...choice.shown, [id]: shown } };
}

/** Moves a column to the place of another one, which makes room. */
export function moved(columns: readonly Column[], choice: ColumnChoice, id: string, to: string): ColumnChoice {
  const order = arranged(columns, choice).map((column) => column.id);
  const [from, place] = [order.indexOf(id), order.indexOf(to)];
  if (from < 0 || place < 0) return choice;
  order.splice(from, 1);
  order.splice(place, 0, id);
  return { ...choice, order };
}

/** Moves a column past its next neighbour that is shown. */
export function movedBy(columns: readonly Column[], choice: ColumnChoice, id: string, by: 1 | -1): ColumnChoice {
  const shown = arranged(columns, choice).filter((column) => isShown(column, choice));
  const to = shown[shown.findIndex((column) => column.id === id) + by];
  return to === undefined ? choice : moved(columns, choice, id, to.id);
}
