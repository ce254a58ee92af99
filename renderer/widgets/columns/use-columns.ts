import type { ColumnChoice } from '../../../core/contract/host.ts';
import { arranged, type Column, isShown, leastWidth, moved, movedBy, NO_CHOICE, templateOf, withShown, withWidth } from '../../state/columns.ts';
import { useApp, useSettings } from '../../state/context.ts';

/** The columns of a list as the user has arranged them, and what can be done with them. They are remembered. */
export interface Columns {
  /** All of them, in the order of the user. */
  readonly all: readonly Column[];
  readonly shown: readonly Column[];
  /** For `grid-template-columns`. */
  readonly template: string;
  /** How wide the list must be, in pixels. */
  readonly width: number;
  /** The width that the user chose; undefined for the usual one. */
  widthOf(id: string): number | undefined;
  /** @param keep false while it is being dragged. */
  resize(id: string, width: number, keep?: boolean): void;
  show(id: string, shown: boolean): void;
  moveBy(id: string, by: 1 | -1): void;
  moveTo(id: string, place: string): void;
  isShown(id: string): boolean;
  reset(): void;
}

/** @param list the name under which they are remembered. */
export function useColumns(list: string, columns: readonly Column[]): Columns {
  const { settings } = useApp();
  const choice = useSettings((state) => state.columns[list] ?? NO_CHOICE);
  const all = arranged(columns, choice);
  const shown = all.filter((column) => isShown(column, choice));
  /** A change during a drag may come before the last one is drawn. */
  const change = (next: (now: ColumnChoice) => ColumnChoice, keep = true): void =>
    settings.setColumns(list, next(settings.store.getState().columns[list] ?? NO_CHOICE), { keep });
  return {
    all,
    shown,
    template: templateOf(shown, choice),
    width: leastWidth(shown, choice),
    widthOf: (id) => choice.widths[id],
    resize: (id, width, keep) => change((now) => withWidth(now, id, width), keep),
    show: (id, isWanted) => change((now) => withShown(now, id, isWanted)),
    moveBy: (id, by) => change((now) => movedBy(columns, now, id, by)),
    moveTo: (id, place) => change((now) => moved(columns, now, id, place)),
    isShown: (id) => shown.some((column) => column.id === id),
    reset: () => change(() => NO_CHOICE),
  };
}
