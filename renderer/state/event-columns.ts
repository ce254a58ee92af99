import type { ColumnChoice } from '../../core/contract/host.ts';
import type { App } from './app.ts';
import { NO_CHOICE, without, withShown } from './columns.ts';

/** The name under which the columns of the list of events are remembered. */
export const EVENTS_LIST = 'events';
/** As many as one request may ask for. */
const MAX_PATHS = 10;

/** The paths of the state that are columns. Their ids are JSON Pointers, as no other ids are. */
export function pathsOf({ shown }: ColumnChoice): readonly string[] {
  return Object.keys(shown).filter((id) => id.startsWith('/'));
}

/** Shows a value of the state as a column of the list of events. */
export function showAsColumn({ settings, notices }: App, pointer: string): void {
  const choice = settings.store.getState().columns[EVENTS_LIST] ?? NO_CHOICE;
  const paths = pathsOf(choice);
  if (pointer.length > 1000) return notices.showNotice('The path is too long for a column.');
  if (paths.length >= MAX_PATHS && !paths.includes(pointer)) return notices.showNotice(`${MAX_PATHS} paths are columns already. Remove one of them first.`);
  settings.setColumns(EVENTS_LIST, withShown(choice, pointer, true));
}

export function removePathColumn({ settings }: App, pointer: string): void {
  settings.setColumns(EVENTS_LIST, without(settings.store.getState().columns[EVENTS_LIST] ?? NO_CHOICE, pointer));
}
