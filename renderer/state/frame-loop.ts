import { replaceEqualDeep } from '@tanstack/react-query';
import type { StoreApi } from 'zustand/vanilla';
import type { SourceId } from '../../core/contract/cursor.ts';
import type { Want } from '../../core/contract/frame.ts';
import type { Fault } from '../../core/fault.ts';
import type { Client } from '../client.ts';
import type { RunState } from './run-state.ts';

interface FrameLoopParts {
  readonly client: Client;
  readonly source: SourceId;
  readonly store: StoreApi<RunState>;
  readonly want: (state: RunState) => Want;
  readonly onFault: (fault: Fault) => void;
  /** Called when an answer has come, after it is in the store. */
  readonly onFrame: () => void;
}

/**
 * Requests the frame at the cursor. At most one request is pending; moves during it result in a single further request, so
 * that dragging never queues requests.
 */
export function createFrameLoop({ client, source, store, want, onFault, onFrame }: FrameLoopParts) {
  let inFlight = false;
  let outdated = false;
  let stopped = false;
  const request = async (): Promise<void> => {
    const state = store.getState();
    const { view, sequence, reading } = state;
    const answer = await client.ask('frame.at', { source, execution: view.id, sequence, reading, want: want(state) });
    if (stopped) return;
    // What is as before stays the same object, so that only views of what has changed are drawn again.
    if (answer.ok) store.setState({ frame: replaceEqualDeep(store.getState().frame, answer.value) });
    // The engine is restarted, and everything is requested again.
    else if (answer.fault.kind !== 'engine-gone') onFault(answer.fault);
    onFrame();
  };
  return {
    async refresh(): Promise<void> {
      outdated = true;
      if (inFlight) return;
      inFlight = true;
      try {
        while (outdated && !stopped) {
          outdated = false;
          await request();
        }
      } finally {
        inFlight = false;
      }
    },
    stop(): void {
      stopped = true;
    },
  };
}
