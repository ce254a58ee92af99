import type { NodeCondition } from '../../../core/vocabulary.ts';

/** How a condition is said and drawn. Its shape differs, so that colour alone never carries meaning. */
interface ConditionSign {
  readonly words: string;
  /** A path in a square of 16. */
  readonly path: string;
}

export const CONDITION_SIGNS: Readonly<Record<NodeCondition, ConditionSign>> = {
  never: { words: 'never ran', path: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 1.500a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9z' },
  scheduled: {
    words: 'scheduled',
    path: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zm0 1.500a5.500 5.500 0 1 1 0 11 5.500 5.500 0 0 1 0-11zM7.300 4.500v4l3 2 .8-1.200-2.300-1.600V4.500z',
  },
  running: { words: 'running', path: 'M4 2l10 6-10 6z' },
  completed: { words: 'completed', path: 'M6.500 12.500L1.500 7.500 3.200 5.800l3.300 3.300 6.300-6.300 1.700 1.700z' },
  failed: {
    words: 'failed',
    path: 'M3.200 1.500L8 6.300l4.800-4.800 1.700 1.700L9.700 8l4.800 4.800-1.700 1.700L8 9.700l-4.800 4.800-1.700-1.700L6.300 8 1.500 3.200z',
  },
  skipped: { words: 'skipped', path: 'M2 3l5.500 5L2 13zm6 0l5.500 5L8 13zm6 0v10h-1.300V3z' },
  cancelled: {
    words: 'cancelled',
    path: 'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1zM3.800 12.800a6 6 0 0 1-.6-7.600l7.600 7.600a6 6 0 0 1-7 0zm8.400-1.600L4.800 3.800a5.500 5.500 0 0 1 7.400 7.400z',
  },
  parked: { words: 'parked', path: 'M3 2h3.500v12H3zm6.500 0H13v12H9.500z' },
  decided: { words: 'decided by a person', path: 'M6.500 12.500L1.500 7.500 3.200 5.800l3.300 3.300 6.300-6.300 1.700 1.700zM2 14h12v1H2z' },
  waiting: { words: 'waiting for a person', path: 'M8 1.500a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2 14.500c0-3.500 2.500-6 6-6s6 2.500 6 6z' },
};

/** What is said of a node that never ran, but may still. */
export const NOT_YET = 'not yet';
