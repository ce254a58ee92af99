import type { ColumnChoice } from '../../core/contract/host.ts';

export const NO_CHOICE: ColumnChoice = { order: [], shown: {}, widths: {} };

/** The ids of columns in the order that the user chose. One that is not in it stays behind its neighbour. */
export function arranged(ids: readonly string[], order: readonly string[]): string[] {
  const placed = order.filter((id) => ids.includes(id));
  ids.forEach((id, i) => {
    const before = ids[i - 1];
    if (!order.includes(id)) placed.splice(before === undefined ? 0 : placed.indexOf(before) + 1, 0, id);
  });
  return placed;
}

/** Moves a column to the place of another one, which makes room. */
export function moved(ids: readonly string[], id: string, to: string): string[] {
  const rest = ids.filter((known) => known !== id);
  rest.splice(ids.indexOf(to), 0, id);
  return rest;
}

/** Without anything that was chosen about a column. */
export function without({ order, shown, widths }: ColumnChoice, id: string): ColumnChoice {
  const rest = <T>(of: Readonly<Record<string, T>>): Record<string, T> => Object.fromEntries(Object.entries(of).filter(([known]) => known !== id));
  return { order: order.filter((known) => known !== id), shown: rest(shown), widths: rest(widths) };
}

export function withShown(choice: ColumnChoice, id: string, shown: boolean): ColumnChoice {
  return { ...choice, shown: { ...choice.shown, [id]: shown } };
}
