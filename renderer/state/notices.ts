import { createStore } from 'zustand/vanilla';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import type { Fault } from '../../core/fault.ts';

/** Messages to the user. */
export interface Notices {
  /** The last failure, until it is dismissed. */
  readonly fault: Fault | undefined;
  /** What the application is waiting for. */
  readonly busy: string | undefined;
  /** A short message about something that succeeded. */
  readonly notice: string | undefined;
  /** The progress of an export. */
  readonly exporting: TaskUpdate | undefined;
}

/** In milliseconds. */
const NOTICE_DURATION = 4000;

export function createNotices() {
  const store = createStore<Notices>(() => ({ fault: undefined, busy: undefined, notice: undefined, exporting: undefined }));
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    store,
    showNotice(notice: string): void {
      clearTimeout(timer);
      store.setState({ notice });
      timer = setTimeout(() => store.setState({ notice: undefined }), NOTICE_DURATION);
    },
    showFault: (fault: Fault): void => store.setState({ fault }),
    dismiss: (): void => store.setState({ fault: undefined }),
    /** Shows a message while `work` runs. */
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
