/** The lists of words that several parts of the program share. This file imports nothing. */

/** What a moment is computed by: all events, what the runtime would rebuild, or what its scheduler hands to nodes (docs/replay.md). */
export const READINGS = ['replay', 'recovery', 'given'] as const;
export type Reading = (typeof READINGS)[number];

/** The statuses of an execution that has ended. */
export const TERMINAL_STATUSES = ['completed', 'failed', 'cancelled', 'limit_exceeded'] as const;

/** The columns by which executions can be sorted. */
export const EXECUTION_SORTS = ['status', 'workflow', 'started', 'updated', 'duration', 'events', 'snapshots', 'tenant', 'segment'] as const;
export type ExecutionSort = (typeof EXECUTION_SORTS)[number];

/** The forms in which rows are copied. */
export const ROW_FORMS = ['ids', 'tsv', 'csv', 'json', 'markdown'] as const;
export type RowForm = (typeof ROW_FORMS)[number];

/** The results of comparing a stored snapshot with replay. The sign is never shown without the words. */
export const SNAPSHOT_VERDICTS = {
  matches: { sign: '✓', words: 'matches replay' },
  differs: { sign: '≠', words: 'differs from replay' },
  unreadable: { sign: '!', words: 'cannot be read' },
  unchecked: { sign: '·', words: 'not checked' },
} as const;
export type SnapshotVerdict = keyof typeof SNAPSHOT_VERDICTS;

/** What an export of an execution contains, and the forms that each has; the first is the usual one. */
export const EXPORTS = {
  state: ['pretty', 'canonical'],
  current_state: ['pretty', 'canonical'],
  events: ['jsonl', 'csv', 'markdown'],
  diff: ['json-patch', 'merge-patch', 'unified', 'markdown'],
  tracks: ['csv'],
  story: ['markdown', 'jsonl'],
} as const;
export type ExportKind = keyof typeof EXPORTS;
export type ExportForm = (typeof EXPORTS)[ExportKind][number];

/** How a node's work ended; `stopped` when it was skipped or cancelled, `open` while it has not ended. */
export type Outcome = 'completed' | 'failed' | 'stopped' | 'open';

/** What the events of a node's work say: it ends with one of the last four. */
export const NODE_PHASES = ['scheduled', 'running', 'completed', 'failed', 'skipped', 'cancelled'] as const;
export type NodePhase = (typeof NODE_PHASES)[number];

/** What a node is at a moment. `parked` waits for a time, `waiting` for a person. */
export const NODE_CONDITIONS = ['never', ...NODE_PHASES, 'parked', 'waiting', 'decided'] as const;
export type NodeCondition = (typeof NODE_CONDITIONS)[number];
/** Of a node whose work has begun and not ended. */
export const ACTIVE_CONDITIONS: ReadonlySet<NodeCondition | undefined> = new Set<NodeCondition>(['scheduled', 'running', 'parked', 'waiting']);

/** What a node waits for: the decision of a person, or a time (a timer, a retry, a rate limit). */
export type WaitsFor = 'person' | 'time';

/** What the timeline's places are proportional to. */
export const TIMELINE_AXES = ['sequence', 'time'] as const;
export type TimelineAxis = (typeof TIMELINE_AXES)[number];

/** What a timeline can show below its lanes besides values of the state: running sums, and the size of the state. */
export const TRACKS = ['tokens', 'cost', 'duration', 'retries', 'size'] as const;
export type TrackName = (typeof TRACKS)[number];

/** What a cell of a minimap shows, in ascending order of severity. */
export const MINIMAP_CELLS = ['work', 'limit', 'human', 'failure'] as const;
export type MinimapCell = (typeof MINIMAP_CELLS)[number];

/** What is known of the file's soundness; the sign is never shown without the words. */
export const INTEGRITIES = {
  unchecked: { sign: '·', words: 'not checked' },
  sound: { sign: '✓', words: 'sound' },
  damaged: { sign: '!', words: 'damaged' },
} as const;
export type Integrity = keyof typeof INTEGRITIES;

/** How a database is read: in place while it may be written, from a private copy, in place as a file that is not written, or in memory. */
export const ACCESSES = ['live', 'copy', 'immutable', 'memory'] as const;
export type Access = (typeof ACCESSES)[number];

/** How times are shown: as they are, or as the distance to now, to the start of the run, or to the event before. */
export const TIME_FORMS = { absolute: 'Date and time', ago: 'Ago', start: 'Since the start', previous: 'Since the previous' } as const;
export type TimeForm = keyof typeof TIME_FORMS;
export const TIME_ZONES = { utc: 'UTC', local: 'Local time' } as const;
export type TimeZone = keyof typeof TIME_ZONES;

export const THEMES = ['system', 'light', 'dark'] as const;

/** How strongly lines and secondary texts stand out; `more` whatever the system says. */
export const CONTRASTS = ['system', 'more'] as const;

/** The panes of an execution's screen beside that of the state, which is always shown. */
export const SIDE_PANES = ['events', 'details'] as const;
export type SidePane = (typeof SIDE_PANES)[number];

/** How high the rows of lists are. */
export const DENSITIES = ['compact', 'comfortable', 'spacious'] as const;

/** The most tabs that are remembered, and the most bookmarks of an execution. */
export const MAX_TABS = 100;
export const MAX_BOOKMARKS = 500;

/** What is chosen before the user chooses; its type is Preferences of the contract. */
export const DEFAULT_PREFERENCES = {
  theme: 'system',
  contrast: 'system',
  density: 'comfortable',
  zoom: 1,
  keys: {},
  times: { form: 'absolute', zone: 'utc' },
  tracks: ['tokens', 'cost'],
  hiddenPanes: [],
} as const;
