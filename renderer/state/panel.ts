import type { ComponentType } from 'react';
import type { Want } from '../../core/contract/frame.ts';
import type { RunState } from './run-state.ts';

/** Where on the screen of an execution a panel is. Those of `state` share one place, under tabs. */
export type Region = 'timeline' | 'events' | 'state' | 'inspector' | 'status';

/** One part of the screen of an execution. It draws slices of the frame, and asks for nothing of its own that depends on the cursor. */
export interface Panel {
  readonly id: string;
  readonly label: string;
  readonly region: Region;
  /** The slices of the frame that it draws. */
  readonly want: (state: RunState) => Want;
  readonly view: ComponentType;
  /** How it is shown, where a place is shared: a command, and its keys. */
  readonly show?: { readonly label: string; readonly keys: readonly string[] };
}

/** What the head above the tabs draws, whichever panel is shown below. */
const STATE_HEAD: Want = { changes: {}, given: {}, recovery: {} };

/** What is wanted of a frame: by all panels that are on screen. */
export function wantOf(panels: readonly Panel[], state: RunState): Want {
  return Object.assign({}, STATE_HEAD, ...panels.filter(({ region, id }) => region !== 'state' || id === state.tab).map((panel) => panel.want(state))) as Want;
}
