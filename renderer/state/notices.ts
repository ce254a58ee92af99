import { createStore } from 'zustand/vanilla';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import type { Fault } from '../../core/fault.ts';

/** Messages to the user. */
export interface Notices {
  /** The last failure, until it is dismissed. */
  readonly fault: Fault | undefined;
  /** What the application is waiting for, newest last. */
  readonly waiting: readonly Waiting[];
  /** A short message about something that succeeded. */
  readonly notice: string | undefined;
  /** The progress of the exports that are being written, oldest first. */
  readonly exporting: readonly TaskUpdate[];
}

interface Waiting {
  readonly text: string;
}

/** In milliseconds. */
const NOTICE_DURATION = 4000;

export function createNotices() {
  const store = createStore<Notices>(() => ({ fault: undefined, waiting: [], notice: undefined, exporting: [] }));
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
    async during<T>(text: string, work: Promise<T>): Promise<T> {
      const waiting: Waiting = { text };
      store.setState({ waiting: [...store.getState().waiting, waiting], fault: undefined });
      try {
        return await work;
      } finally {
        store.setState({ waiting: store.getState().waiting.filter((other) => other !== waiting) });
      }
    },
    onTask: (update: TaskUpdate): void => {
      if (update.kind !== 'export') return;
      const others = store.getState().exporting.filter(({ task }) => task !== update.task);
      store.setState({ exporting: update.state === 'running' ? [...others, update].sort((a, b) => a.task - b.task) : others });
    },
  };
}
