import type { ComponentType } from 'react';
import type { Want } from '../../core/contract/frame.ts';
import type { RunState } from './run-state.ts';

/** Where on the screen of an execution a panel is. The panels of `state` share one place, as tabs, and so do those of `side`. */
export type Region = 'timeline' | 'events' | 'state' | 'side' | 'status';

/** One part of the screen of an execution. It draws slices of the frame and requests nothing else that depends on the cursor. */
export interface Panel {
  readonly id: string;
  readonly label: string;
  readonly region: Region;
  /** The slices of the frame that it draws. */
  readonly want: (state: RunState) => Want;
  readonly view: ComponentType;
  /** The command that shows a panel that shares its place. */
  readonly show?: { readonly label: string; readonly keys: readonly string[] };
}

/** The slices that the head above the tabs draws, whichever tab is shown. */
const STATE_HEAD: Want = { changes: {}, given: {}, recovery: {} };

function isShown({ region, id }: Panel, { tab, side }: RunState): boolean {
  if (region === 'state') return id === tab;
  return region !== 'side' || id === side;
}

/** The slices that the panels on screen want. */
export function wantOf(panels: readonly Panel[], state: RunState): Want {
  return Object.assign({}, STATE_HEAD, ...panels.filter((panel) => isShown(panel, state)).map((panel) => panel.want(state))) as Want;
}
