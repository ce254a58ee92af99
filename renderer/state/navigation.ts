import type { QueryClient } from '@tanstack/react-query';
import { createStore } from 'zustand/vanilla';
import type { SourceId } from '../../core/contract/cursor.ts';
import type { GoTo, OpenedSource } from '../../core/contract/host.ts';
import type { Result } from '../../core/fault.ts';
import type { Client } from '../client.ts';
import type { createExecutionsList } from './executions-list.ts';
import type { createNotices } from './notices.ts';
import { type Panel, wantOf } from './panel.ts';
import { refetch } from './queries.ts';
import { createRun, type Run } from './run.ts';
import { FIRST_CHOICES } from './run-state.ts';
import type { createSources } from './sources.ts';

export type Dialog = 'export' | 'palette' | 'keys' | 'go';

/** What is on screen. */
export interface Navigation {
  readonly screen: 'welcome' | 'executions' | 'execution';
  /** The source whose executions are shown. */
  readonly source: SourceId | undefined;
  /** The execution that is shown. It stays open while the list is shown. */
  readonly run: Run | undefined;
  readonly dialog: Dialog | undefined;
}

export interface NavigationParts {
  readonly client: Client;
  readonly queries: QueryClient;
  readonly sources: ReturnType<typeof createSources>;
  readonly notices: ReturnType<typeof createNotices>;
  readonly list: ReturnType<typeof createExecutionsList>;
  readonly panels: readonly Panel[];
}

export function createNavigation({ client, queries, sources, notices, list, panels }: NavigationParts) {
  const store = createStore<Navigation>(() => ({ screen: 'welcome', source: undefined, run: undefined, dialog: undefined }));
  /** Incremented by each navigation. Replies to requests of an older one are dropped. */
  let navigations = 0;
  /** The executions that were opened for a navigation that was abandoned, until no execution is being opened. */
  const abandoned: { readonly source: SourceId; readonly execution: string }[] = [];
  let entering = 0;

  /** One that was abandoned may have been chosen again since, so only those that are not on screen in the end are closed. */
  const closeAbandoned = (): void => {
    if (entering > 0) return;
    const { run } = store.getState();
    for (const { source, execution } of abandoned.splice(0)) {
      const isShown = run?.source === source && run.execution === execution;
      if (!isShown && sources.find(source) !== undefined) void client.ask('executions.close', { source, execution });
    }
  };

  const closeRun = (): void => {
    const { run } = store.getState();
    run?.close();
    store.setState({ run: undefined });
    if (run !== undefined) void client.ask('host.keepCursor', { source: run.source, cursor: null });
  };

  const showSource = (opened: OpenedSource): void => {
    navigations++;
    const { source: previous } = store.getState();
    const isSame = sources.find(previous)?.location === opened.location;
    closeRun();
    sources.add(opened);
    if (!isSame) list.reset();
    store.setState({ screen: 'executions', source: opened.source, dialog: undefined });
    notices.dismiss();
    if (previous !== undefined && previous !== opened.source) void sources.close(previous);
    if (opened.goTo !== null) void enterExecution(opened.goTo.execution, opened.goTo.sequence ?? undefined, opened.goTo);
  };

  /** Opens an execution of the shown source. @param sequence the end by default. @param look how it was looked at before. */
  async function enterExecution(id: string, sequence?: number, look: Pick<GoTo, 'tab' | 'filter'> = {}): Promise<void> {
    const navigation = ++navigations;
    const { source } = store.getState();
    if (source === undefined) return;
    entering++;
    const opened = await client.ask('executions.open', { source, execution: id });
    entering--;
    if (navigation !== navigations) {
      if (opened.ok) abandoned.push({ source, execution: opened.value.id });
      return closeAbandoned();
    }
    if (!opened.ok) {
      closeAbandoned();
      return notices.showFault(opened.fault);
    }
    const { run: before } = store.getState();
    const tab = panels.find((panel) => panel.region === 'state' && panel.id === look.tab)?.id;
    const choices = { ...(before?.choices() ?? FIRST_CHOICES), ...(tab === undefined ? {} : { tab }) };
    const view = opened.value;
    // The same execution stays open in the engine, so that it is not read again.
    before?.close({ closeExecution: before.execution !== view.id });
    const run = createRun({
      client,
      source,
      view,
      sequence,
      choices,
      filter: look.filter ?? '',
      want: (state) => wantOf(panels, state),
      onFault: notices.showFault,
      onIndexed: (isLast) => refetch(queries, source, view.id, isLast),
    });
    notices.dismiss();
    store.setState({ screen: 'execution', run });
    closeAbandoned();
  }

  return {
    store,
    showSource,
    enterExecution,
    setDialog: (dialog: Dialog | undefined): void => store.setState({ dialog }),

    showExecutions(): void {
      navigations++;
      if (store.getState().source !== undefined) store.setState({ screen: 'executions' });
    },

    /** Shows the source that the host opens. @param answer of the host; null when the user cancelled. */
    async open(what: string, answer: Promise<Result<OpenedSource | null>>): Promise<void> {
      const navigation = ++navigations;
      const result = await notices.during(what, answer);
      if (!result.ok) return notices.showFault(result.fault);
      if (result.value === null) return;
      // The user has opened another source in the meantime.
      if (navigation === navigations) showSource(result.value);
      else await client.ask('host.closeSource', { source: result.value.source });
    },

    /** Reloads the shown database and keeps the cursor. */
    async reload(): Promise<void> {
      const { source, run } = store.getState();
      if (source === undefined) return;
      const result = await notices.during('Reloading…', client.ask('host.reloadSource', { source }));
      if (sources.find(source) === undefined) {
        // It was closed in the meantime, and the host may have opened it after that.
        if (result.ok) await client.ask('host.closeSource', { source });
        return;
      }
      if (!result.ok) return notices.showFault(result.fault);
      sources.add(result.value);
      if (run !== undefined && !(await run.reopen()) && store.getState().run === run) {
        closeRun();
        store.setState({ screen: 'executions' });
      }
    },

    async close(): Promise<void> {
      navigations++;
      const { source } = store.getState();
      closeRun();
      notices.dismiss();
      store.setState({ screen: 'welcome', source: undefined, dialog: undefined });
      if (source !== undefined) await sources.close(source);
    },

    /** The engine was restarted, and these sources are open in it. */
    async onEngineRestarted(opened: readonly OpenedSource[]): Promise<void> {
      for (const source of opened) sources.add(source);
      const { source, run } = store.getState();
      if (source !== undefined && !opened.some((open) => open.source === source)) {
        closeRun();
        return store.setState({ screen: 'welcome', source: undefined });
      }
      await run?.reopen();
      if (source !== undefined) notices.showNotice('The process that reads the database stopped and was restarted. The view has been restored.');
    },
  };
}
