import { createStore } from 'zustand/vanilla';
import type { ExecutionSort } from '../../core/vocabulary.ts';

/** What the list of executions shows; it is as it was when one comes back to it. */
export interface ExecutionsList {
  readonly status: string | undefined;
  readonly workflow: string | undefined;
  readonly text: string;
  readonly sort: ExecutionSort;
  readonly descending: boolean;
  /** The index of the row that is selected. */
  readonly selected: number;
}

const WHOLE: ExecutionsList = { status: undefined, workflow: undefined, text: '', sort: 'started', descending: true, selected: 0 };

export function createExecutionsList() {
  const store = createStore<ExecutionsList>(() => WHOLE);
  return {
    store,
    /** Another question to the list starts at its top. */
    ask: (question: Partial<Omit<ExecutionsList, 'selected'>>): void => store.setState({ ...question, selected: 0 }),
    select: (selected: number): void => store.setState({ selected }),
    reset: (): void => store.setState(WHOLE),
  };
}
