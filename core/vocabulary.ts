/** Every list of words that more than one part of the program goes through, once. This file imports nothing. */

/** How a moment is read: from the first event, as the runtime would rebuild it, or as its scheduler hands it to nodes (docs/replay.md). */
export const READINGS = ['replay', 'recovery', 'given'] as const;
export type Reading = (typeof READINGS)[number];

/** What the list of executions can be sorted by. */
export const EXECUTION_SORTS = ['status', 'workflow', 'started', 'updated', 'duration', 'events', 'snapshots', 'tenant', 'segment'] as const;
export type ExecutionSort = (typeof EXECUTION_SORTS)[number];

/** What a stored snapshot is worth, compared with replay: a sign, which is never shown without the words. */
export const SNAPSHOT_VERDICTS = {
  matches: { sign: '✓', words: 'matches replay' },
  differs: { sign: '≠', words: 'differs from replay' },
  unreadable: { sign: '!', words: 'cannot be read' },
  unchecked: { sign: '·', words: 'not checked' },
} as const;
export type SnapshotVerdict = keyof typeof SNAPSHOT_VERDICTS;

/** What can be exported of an execution. */
export const EXPORT_KINDS = ['state', 'current_state', 'events'] as const;
export type ExportKind = (typeof EXPORT_KINDS)[number];

/** How a node's work ended; `waiting` for what neither completed nor failed, `open` while it goes on. */
export type Outcome = 'completed' | 'failed' | 'waiting' | 'open';

/** What a stretch of an execution's miniature shows, in the order of its gravity. */
export const MINIMAP_CELLS = ['work', 'limit', 'human', 'failure'] as const;
export type MinimapCell = (typeof MINIMAP_CELLS)[number];

/** How a database is read: in place beside a writer, from a private copy, in place as a file that nobody writes, or in memory. */
export const ACCESSES = ['live', 'copy', 'immutable', 'memory'] as const;
export type Access = (typeof ACCESSES)[number];

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];
