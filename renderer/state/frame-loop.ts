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
}

/** Asks for the frame of the present wish. While one is under way only the newest wish is kept: a drag costs one round trip a frame. */
export function createFrameLoop({ client, source, store, want, onFault }: FrameLoopParts) {
  let inFlight = false;
  let wished = false;
  let stopped = false;
  const once = async (): Promise<void> => {
    const state = store.getState();
    const { view, sequence, reading } = state;
    const answer = await client.ask('frame.at', { source, execution: view.id, sequence, reading, want: want(state) });
    if (stopped) return;
    if (answer.ok) store.setState({ frame: answer.value });
    // The engine is started again, and then everything is asked for anew.
    else if (answer.fault.kind !== 'engine-gone') onFault(answer.fault);
  };
  return {
    async refresh(): Promise<void> {
      wished = true;
      if (inFlight) return;
      inFlight = true;
      try {
        while (wished && !stopped) {
          wished = false;
          await once();
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
