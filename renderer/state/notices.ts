import { createStore } from 'zustand/vanilla';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import type { Fault } from '../../core/fault.ts';

/** What a person is told. */
export interface Notices {
  /** What failed last, until it is dismissed. */
  readonly fault: Fault | undefined;
  /** What is being waited for. */
  readonly busy: string | undefined;
  /** A short word about something that worked. */
  readonly notice: string | undefined;
  /** How far a long export has come. */
  readonly exporting: TaskUpdate | undefined;
}

/** So long is a notice shown, in milliseconds. */
const SHOWN = 4000;

export function createNotices() {
  const store = createStore<Notices>(() => ({ fault: undefined, busy: undefined, notice: undefined, exporting: undefined }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    store,
    tell(notice: string): void {
      clearTimeout(timer);
      store.setState({ notice });
      timer = setTimeout(() => store.setState({ notice: undefined }), SHOWN);
    },
    showFault: (fault: Fault): void => store.setState({ fault }),
    dismiss: (): void => store.setState({ fault: undefined }),
    /** Shows what is waited for while `work` runs. */
    async during<T>(busy: string, work: Promise<T>): Promise<T> {
      store.setState({ busy, fault: undefined });
      try {
        return await work;
      } finally {
        store.setState({ busy: undefined });
      }
    },
    onTask: (update: TaskUpdate): void => {
      if (update.kind === 'export') store.setState({ exporting: update.state === 'running' ? update : undefined });
    },
    clearExport: (): void => store.setState({ exporting: undefined }),
  };
}
