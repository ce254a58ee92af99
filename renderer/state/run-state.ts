import type { ExecutionView } from '../../core/contract/executions.ts';
import type { Frame } from '../../core/contract/frame.ts';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import type { Reading } from '../../core/vocabulary.ts';

/** An execution on screen: where somebody stands in it, what they chose to see, and the newest frame. */
export interface RunState {
  readonly view: ExecutionView;
  /** The wish: the slider and the list follow it at once. */
  readonly sequence: number;
  readonly frame: Frame | undefined;
  readonly reading: Reading;
  /** Which panel of the shared place is shown. */
  readonly tab: string;
  readonly opened: ReadonlySet<string>;
  readonly closed: ReadonlySet<string>;
  readonly reveal: boolean;
  /** The first row of a long panel that is asked for, by the panel's id; 0 where it was never scrolled. */
  readonly scrolled: Readonly<Record<string, number>>;
  /** The indexing, while it goes on. */
  readonly task: TaskUpdate | undefined;
  readonly playing: boolean;
  /** Events a second. */
  readonly speed: number;
  /** Sequences that were left by a jump, and those that were left by going back. */
  readonly past: readonly number[];
  readonly future: readonly number[];
}

/** What a person chose in the execution that was on screen before, and keeps. */
export type RunChoices = Pick<RunState, 'tab' | 'reveal' | 'speed'>;
export const FIRST_CHOICES: RunChoices = { tab: 'tree', reveal: true, speed: 4 };
