import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { App } from './app.ts';
import type { Navigation } from './navigation.ts';
import type { Notices } from './notices.ts';
import type { Run } from './run.ts';
import type { RunState } from './run-state.ts';
import type { Settings } from './settings.ts';
import type { OpenSources } from './sources.ts';

/** Views reach the state of the application by one context, and the state of their execution by another. */

export const AppContext = createContext<App | undefined>(undefined);
export const RunContext = createContext<Run | undefined>(undefined);

export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('a view is outside of an AppContext');
  return app;
}

export function useSettings<T>(select: (settings: Settings) => T): T {
  return useStore(useApp().settings.store, select);
}

export function useNotices<T>(select: (notices: Notices) => T): T {
  return useStore(useApp().notices.store, select);
}

export function useSources<T>(select: (sources: OpenSources) => T): T {
  return useStore(useApp().sources.store, select);
}

export function useNavigation<T>(select: (navigation: Navigation) => T): T {
  return useStore(useApp().navigation.store, select);
}

/** The run that the view belongs to. */
export function useRun(): Run {
  const run = useContext(RunContext);
  if (run === undefined) throw new Error('a view of an execution is outside of a RunContext');
  return run;
}

export function useRunState<T>(select: (state: RunState) => T): T {
  return useStore(useRun().shown, select);
}
