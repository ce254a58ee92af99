import type { KeptTab } from '../../core/contract/host.ts';
import type { Run } from './run.ts';

/** An execution that was open when the page ended. It is read again once its tab is shown. */
export interface SleepingRun {
  readonly kind: 'asleep';
  readonly source: KeptTab['source'];
  readonly execution: string;
  readonly look: KeptTab;
}

export type Tab = Run | SleepingRun;

export function sleeping(look: KeptTab): SleepingRun {
  return { kind: 'asleep', source: look.source, execution: look.execution, look };
}

export function isAwake(tab: Tab): tab is Run {
  return tab.kind === 'run';
}

/** What must be remembered of a tab to show it again. */
export function lookOf(tab: Tab): KeptTab {
  if (!isAwake(tab)) return tab.look;
  const { view, sequence, tab: shown, side, filter, pinned } = tab.store.getState();
  const { source, execution } = tab;
  return {
    source,
    execution,
    workflow: view.workflowId.slice(0, 500),
    sequence,
    tab: shown,
    side,
    filter: filter.slice(0, 2000),
    ...(pinned === undefined ? {} : { pinned }),
  };
}
