import { createStore } from 'zustand/vanilla';
import type { ExecutionSort } from '../../core/vocabulary.ts';

/** What the list of executions shows. It is kept while an execution is on screen. */
export interface ExecutionsList {
  readonly status: string | undefined;
  readonly workflow: string | undefined;
  readonly text: string;
  readonly sort: ExecutionSort;
  readonly descending: boolean;
  /** The index of the selected row. */
  readonly selected: number;
}

const INITIAL: ExecutionsList = { status: undefined, workflow: undefined, text: '', sort: 'started', descending: true, selected: 0 };

export function createExecutionsList() {
  const store = createStore<ExecutionsList>(() => INITIAL);
  return {
    store,
    /** Changes the filters or the order, and selects the first row. */
    setQuery: (query: Partial<Omit<ExecutionsList, 'selected'>>): void => store.setState({ ...query, selected: 0 }),
    select: (selected: number): void => store.setState({ selected }),
    reset: (): void => store.setState(INITIAL),
  };
}
