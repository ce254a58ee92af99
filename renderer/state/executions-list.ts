import { createStore } from 'zustand/vanilla';
import type { Params } from '../../core/contract/contract.ts';
import type { SourceId } from '../../core/contract/cursor.ts';
import type { CauseKey, ExecutionList } from '../../core/contract/executions.ts';
import type { ExecutionSort } from '../../core/vocabulary.ts';
import { NONE, type SelectedRows, withRange } from './selection.ts';

/** When an execution may have started, as times in RFC 3339. */
export interface StartedRange {
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** What the user chose. */
  readonly label: string;
}

/** What limits the list of executions. */
export interface ExecutionFilters {
  readonly status: string | undefined;
  readonly workflow: string | undefined;
  readonly tenant: string | undefined;
  readonly text: string;
  readonly started: StartedRange | undefined;
  readonly hasParent: boolean | undefined;
  readonly hasError: boolean;
  readonly cause: CauseKey | undefined;
}

/** What the list of executions shows. It is kept while an execution is on screen. */
export interface ExecutionsList extends ExecutionFilters {
  /** Runs one by one, grouped by why they ended or wait, or their approvals. */
  readonly view: 'runs' | 'causes' | 'approvals';
  readonly sort: ExecutionSort;
  readonly descending: boolean;
  /** The index of the row that the keys start from. */
  readonly focused: number;
  readonly selected: SelectedRows;
  /** Where a range begins, and what else was selected then. */
  readonly anchor: number;
  readonly besides: SelectedRows;
}

export const NO_FILTERS: ExecutionFilters = {
  status: undefined,
  workflow: undefined,
  tenant: undefined,
  text: '',
  started: undefined,
  hasParent: undefined,
  hasError: false,
  cause: undefined,
};
const FIRST_ROW = { focused: 0, anchor: 0, selected: NONE, besides: NONE };
const INITIAL: ExecutionsList = { ...NO_FILTERS, view: 'runs', sort: 'started', descending: true, ...FIRST_ROW };

export function createExecutionsList() {
  const store = createStore<ExecutionsList>(() => INITIAL);
  return {
    store,
    /** Changes the filters or the order, and starts at the first row. */
    setQuery: (query: Partial<ExecutionFilters & Pick<ExecutionsList, 'sort' | 'descending'>>): void => store.setState({ ...query, ...FIRST_ROW }),
    setView: (view: ExecutionsList['view']): void => store.setState({ view }),
    /** Shows the runs of a cause. */
    showCause: (cause: CauseKey): void => store.setState({ ...NO_FILTERS, cause, view: 'runs', ...FIRST_ROW }),
    /** Rows stay selected while the keys move past them. */
    focus: (focused: number): void => store.setState(({ selected }) => ({ focused, anchor: focused, besides: selected })),
    /** Selects everything from the anchor to this row. */
    selectTo: (focused: number): void => store.setState(({ anchor, besides }) => ({ focused, selected: withRange(besides, anchor, focused) })),
    /** @param focused the row that was changed last; undefined when all were. */
    setSelected: (selected: SelectedRows, focused?: number): void =>
      store.setState({ selected, besides: selected, ...(focused === undefined ? {} : { focused, anchor: focused }) }),
    reset: (): void => store.setState(INITIAL),
  };
}

/** The filters as a request has them. */
export function filterParams(source: SourceId, filters: ExecutionFilters): Params<'executions.facets'> {
  const { status, workflow, tenant, text, started, hasParent, hasError, cause } = filters;
  const words = text.trim();
  return {
    source,
    status,
    workflow,
    tenant,
    text: words === '' ? undefined : words,
    startedFrom: started?.from,
    startedTo: started?.to,
    hasParent,
    hasError: hasError ? true : undefined,
    cause,
  };
}

/** The list as a request has it. */
export function listParams(source: SourceId, list: ExecutionsList): ExecutionList {
  return { ...filterParams(source, list), sort: list.sort, descending: list.descending };
}

/** Whether something limits the list. */
export function isFiltered(filters: ExecutionFilters): boolean {
  const { source: _, ...params } = filterParams(0, filters);
  return Object.values(params).some((value) => value !== undefined);
}

/** Whether what is searched for may also be in events. */
export function isSearched({ text, hasError }: ExecutionFilters): boolean {
  return text.trim() !== '' || hasError;
}
