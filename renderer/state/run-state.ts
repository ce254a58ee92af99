import type { Bookmark } from '../../core/contract/bookmarks.ts';
import type { ExecutionView } from '../../core/contract/executions.ts';
import type { Frame } from '../../core/contract/frame.ts';
import type { EventField } from '../../core/contract/slices/event.ts';
import type { TaskUpdate } from '../../core/contract/tasks.ts';
import type { Reading } from '../../core/vocabulary.ts';
import { type Halt, type HaltChoice, NO_HALTS } from './halts.ts';

/** How fast the cursor plays: a multiple of the real time between events, or events per second. */
export interface Speed {
  readonly unit: 'real-time' | 'per-second';
  readonly value: number;
}

/** The events at which it stops. */
export type Played = 'all' | 'changes' | 'matches';

/** An execution on screen: the cursor, what the user chose to see, and the newest frame. */
export interface RunState {
  readonly view: ExecutionView;
  /** The cursor. The slider and the list follow it at once; the frame may be an older one. */
  readonly sequence: number;
  readonly frame: Frame | undefined;
  readonly reading: Reading;
  /** The node that the user selected, in any panel. */
  readonly selectedNode: string | undefined;
  /** The panel of `state` that is shown. */
  readonly tab: string;
  /** The panel of `side` that is shown. */
  readonly side: string;
  /** The path that is selected in the tree. */
  readonly selected: string | undefined;
  /** The path that the tree is to scroll to when its row is there. */
  readonly sought: string | undefined;
  /** The moment that was pinned to be compared with. */
  readonly pinned: number | undefined;
  /** The moment before the change that was the last one when it was chosen to be compared with. */
  readonly beforeChange: number;
  /** What the diff compares the cursor with. */
  readonly against: Against;
  /** Whether the diff is shown as text, not path by path. */
  readonly diffAsText: boolean;
  /** Whether the nodes of an agent's unrolled loop are one cycle in lanes and graph. */
  readonly foldLoops: boolean;
  /** Whether the log is shown as a story, not event by event. */
  readonly story: boolean;
  /** The moments that the user marked, by sequence. */
  readonly bookmarks: readonly Bookmark[];
  /** Paths that stay in sight. */
  readonly watches: readonly string[];
  /** Conditions whose value stays in sight. */
  readonly conditions: readonly string[];
  /** What the timeline shows below its lanes: tracks that every run has, and paths of the state. */
  readonly tracks: readonly string[];
  /** The condition whose transitions are shown; `''` for none. */
  readonly condition: string;
  readonly search: SearchChoice;
  readonly searching: boolean;
  /** The containers that the JSON text shows in one line. */
  readonly folded: ReadonlySet<string>;
  /** What is sought in the JSON text of the state; `''` for nothing. */
  readonly soughtInText: string;
  readonly opened: ReadonlySet<string>;
  readonly closed: ReadonlySet<string>;
  readonly reveal: boolean;
  /** Whether the containers that were not opened or closed by hand are open. */
  readonly unfolded: 'usual' | 'all' | 'none';
  /** Limits the tree to the keys, values and paths that contain it. */
  readonly treeFilter: string;
  /** The sequences of the events whose details are open in the list. */
  readonly detailed: ReadonlySet<number>;
  /** Limits the list of events. */
  readonly filter: string;
  /** Panel id → the first requested row of a long panel; 0 if it has not been scrolled. */
  readonly scrolled: Readonly<Record<string, number>>;
  /** The rows of the tree that are on screen; undefined until there are some. */
  readonly rowsOnScreen: { readonly from: number; readonly count: number } | undefined;
  /** The text that the reader shows; undefined while it is closed. */
  readonly reader: ReaderSubject | undefined;
  /** Whether the cursor was last moved to the end, where it stays while the log grows. */
  readonly following: boolean;
  /** Whether the log has grown while it was on screen. */
  readonly hasGrown: boolean;
  /** The last sequence when the cursor was at the end, or when the run was opened: what comes behind it is new. */
  readonly seen: number;
  /** The progress of the indexing, while it runs. */
  readonly task: TaskUpdate | undefined;
  readonly playing: boolean;
  readonly speed: Speed;
  readonly played: Played;
  /** What ends the playing before the end of the log. */
  readonly halts: HaltChoice;
  /** Why it has ended at the cursor; undefined after the next move. */
  readonly halted: Halt | undefined;
  /** The sequences to go back to, and those to go forward to. */
  readonly past: readonly number[];
  readonly future: readonly number[];
}

/** The event before the cursor, the moment before the last change before the cursor, a chosen moment, the newest snapshot before the cursor, or the beginning; or the agent's turn at the cursor, before and after it. */
export type Against = 'step' | 'turn' | 'change' | 'pinned' | 'snapshot' | 'start';

/** What is searched for in the run. */
export interface SearchChoice {
  readonly text: string;
  readonly regex: boolean;
  readonly matchCase: boolean;
  readonly wholeWord: boolean;
  /** Whether outputs that are stored apart from their events are searched, too. */
  readonly artifacts: boolean;
}

/** A reference to an artifact. */
export type Artifact = NonNullable<EventField['artifact']>;

/** A text that is read in full: a value of the state, a field of an event, the stored text of an event, an artifact, or a message that a model was sent. */
export type ReaderSubject =
  | { readonly kind: 'state'; readonly sequence: number; readonly reading: Reading; readonly pointer: string }
  | { readonly kind: 'event'; readonly sequence: number; readonly field: string | undefined }
  | { readonly kind: 'artifact'; readonly sequence: number; readonly artifact: Artifact }
  | { readonly kind: 'sent'; readonly sequence: number; readonly message: number };

/** Choices that are kept when another execution is opened. */
export type RunChoices = Pick<RunState, 'tab' | 'side' | 'watches' | 'conditions' | 'tracks' | 'reveal' | 'foldLoops' | 'story' | 'speed' | 'played' | 'halts'>;
export const FIRST_CHOICES: RunChoices = {
  tab: 'tree',
  side: 'inspector',
  watches: [],
  conditions: [],
  tracks: [],
  reveal: true,
  foldLoops: true,
  story: false,
  speed: { unit: 'per-second', value: 4 },
  played: 'all',
  halts: NO_HALTS,
};
