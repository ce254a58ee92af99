import type { QueryClient } from '@tanstack/react-query';
import { createStore } from 'zustand/vanilla';
import type { SourceId } from '../../core/contract/cursor.ts';
import type { GoTo, KeptTabs, OpenedSource } from '../../core/contract/host.ts';
import type { Result } from '../../core/fault.ts';
import { MAX_TABS } from '../../core/vocabulary.ts';
import type { Client } from '../client.ts';
import type { createExecutionsList } from './executions-list.ts';
import type { createNotices } from './notices.ts';
import { type Panel, wantOf } from './panel.ts';
import { refetch, refetchGrown } from './queries.ts';
import { createRun, type Run } from './run.ts';
import { FIRST_CHOICES } from './run-state.ts';
import type { createSettings } from './settings.ts';
import type { createSources } from './sources.ts';
import { isAwake, lookOf, type SleepingRun, sleeping, type Tab } from './tab.ts';

export type Dialog = 'connect' | 'export' | 'palette' | 'keys' | 'go' | 'settings';

/** What is on screen. */
export interface Navigation {
  readonly screen: 'welcome' | 'executions' | 'execution';
  /** The source whose executions are shown. */
  readonly source: SourceId | undefined;
  /** The open executions of all sources, in the order of their tabs. */
  readonly tabs: readonly Tab[];
  /** The one that is shown. It stays the chosen one while the list is shown. */
  readonly run: Run | undefined;
  readonly dialog: Dialog | undefined;
  /** The address with which the dialog for connecting to a server begins; undefined for none. */
  readonly address?: string | undefined;
}

export interface NavigationParts {
  readonly client: Client;
  readonly queries: QueryClient;
  readonly sources: ReturnType<typeof createSources>;
  readonly notices: ReturnType<typeof createNotices>;
  readonly settings: ReturnType<typeof createSettings>;
  readonly list: ReturnType<typeof createExecutionsList>;
  readonly panels: readonly Panel[];
}

export function createNavigation({ client, queries, sources, notices, settings, list, panels }: NavigationParts) {
  const store = createStore<Navigation>(() => ({ screen: 'welcome', source: undefined, tabs: [], run: undefined, dialog: undefined }));
  /** Incremented by each navigation. Replies to requests of an older one are dropped. */
  let navigations = 0;
  /** The executions that were opened for a navigation that was abandoned, until no execution is being opened. */
  const abandoned: { readonly source: SourceId; readonly execution: string }[] = [];
  let entering = 0;

  const isOpen = (source: SourceId, execution: string): boolean => runsOf(source).some((run) => run.execution === execution);

  /** One that was abandoned may have been chosen again since, so only those that are not open in the end are closed. */
  const closeAbandoned = (): void => {
    if (entering > 0) return;
    for (const { source, execution } of abandoned.splice(0)) {
      if (!isOpen(source, execution) && sources.find(source) !== undefined) void client.ask('executions.close', { source, execution });
    }
  };

  const closeTabs = (closed: readonly Tab[]): void => {
    for (const tab of closed) if (isAwake(tab)) tab.close();
    const { tabs, run: shown } = store.getState();
    store.setState({ tabs: tabs.filter((tab) => !closed.includes(tab)), ...(shown !== undefined && closed.includes(shown) ? { run: undefined } : {}) });
  };
  const tabsOf = (source: SourceId | undefined): readonly Tab[] => store.getState().tabs.filter((tab) => tab.source === source);
  const runsOf = (source: SourceId | undefined): readonly Run[] => tabsOf(source).filter(isAwake);

  /** Lets the host remember what is on screen. */
  const keepTabs = (): void => {
    const { tabs, run, screen, source } = store.getState();
    const shown = screen === 'execution' && run !== undefined ? tabs.indexOf(run) : -1;
    const first = Math.max(0, Math.min(shown, tabs.length - MAX_TABS));
    void client.ask('host.keepTabs', {
      tabs: tabs.slice(first, first + MAX_TABS).map(lookOf),
      shown: shown < 0 ? null : shown - first,
      list: screen === 'executions' ? (source ?? null) : null,
    });
  };

  /** Closes a source with its executions. */
  const closeSource = (source: SourceId): Promise<void> => {
    closeTabs(tabsOf(source));
    return sources.close(source);
  };

  const showSource = (opened: OpenedSource): void => {
    navigations++;
    const { source: previous } = store.getState();
    const isSame = sources.find(previous)?.location === opened.location;
    const again = sources.store.getState().open.filter(({ source, location }) => source !== opened.source && location === opened.location);
    sources.add(opened);
    if (!isSame) list.reset();
    store.setState({ screen: 'executions', source: opened.source, run: undefined, dialog: undefined });
    notices.dismiss();
    // The same database once more takes the place of the one that was open.
    for (const { source } of again) void closeSource(source);
    if (opened.goTo !== null) void enterExecution(opened.goTo.execution, opened.goTo.sequence ?? undefined, opened.goTo);
  };

  /** Shows an execution of the tabs. */
  const showTab = (tab: Tab): void => {
    navigations++;
    if (tab.source !== store.getState().source) list.reset();
    if (isAwake(tab)) store.setState({ screen: 'execution', source: tab.source, run: tab, dialog: undefined });
    else void wake(tab);
  };

  const wake = async (tab: SleepingRun): Promise<void> => {
    const { run } = store.getState();
    store.setState({ source: tab.source, dialog: undefined, ...(run?.source === tab.source ? {} : { run: undefined, screen: 'executions' }) });
    await enterExecution(tab.execution, tab.look.sequence, tab.look);
  };

  /**
   * Opens an execution of the shown source.
   *
   * @param sequence the end by default.
   * @param look how it is looked at, and whether it gets a tab of its own instead of that of the execution shown last.
   */
  async function enterExecution(
    id: string,
    sequence?: number,
    { newTab = false, ...look }: Pick<GoTo, 'tab' | 'filter' | 'path'> & { side?: string; pinned?: number | undefined; newTab?: boolean } = {},
  ): Promise<void> {
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
    const known = tabsOf(source).find((tab) => tab.execution === opened.value.id);
    const { run: shown, tabs } = store.getState();
    if (known !== undefined && isAwake(known)) {
      showTab(known);
      if (sequence !== undefined) known.moveTo(sequence, { jump: true });
      if (look.path !== undefined) known.reveal(look.path);
      return closeAbandoned();
    }
    const before = shown?.source === source ? shown : undefined;
    const panelOf = (region: Panel['region'], id: string | undefined): string | undefined =>
      panels.find((panel) => panel.region === region && panel.id === id)?.id;
    const kept = { ...known?.look, ...look };
    const [tab, side] = [panelOf('state', kept.tab), panelOf('side', kept.side)];
    const view = opened.value;
    const choices = {
      ...(before?.choices() ?? FIRST_CHOICES),
      ...(tab === undefined ? {} : { tab }),
      ...(side === undefined ? {} : { side }),
      ...settings.choicesOf(view.workflowId),
    };
    const replaced = newTab || known !== undefined ? undefined : before;
    // The same execution stays open in the engine, so that it is not read again.
    replaced?.close({ closeExecution: replaced.execution !== view.id });
    const run = createRun({
      client,
      source,
      view,
      sequence: sequence ?? known?.look.sequence,
      choices,
      filter: kept.filter ?? '',
      pinned: kept.pinned,
      want: (state) => wantOf(panels, state),
      onFault: notices.showFault,
      onLook: keepTabs,
      onKeep: settings.keepChoices(view.workflowId),
      onIndexed: (isLast) => refetch(queries, source, view.id, isLast),
      onGrowth: () => refetchGrown(queries, source, view.id),
    });
    if (look.path !== undefined) run.reveal(look.path);
    notices.dismiss();
    const place = tabs.findIndex((other) => other === (known ?? replaced));
    store.setState({ screen: 'execution', run, tabs: place < 0 ? [...tabs, run] : tabs.with(place, run) });
    closeAbandoned();
  }

  /** Requests everything about the open executions of a source again. Those that no longer exist are closed. */
  const reopenRuns = async (source: SourceId): Promise<void> => {
    for (const run of runsOf(source)) {
      if (await run.reopen()) continue;
      const wasShown = store.getState().run === run;
      closeTabs([run]);
      if (wasShown && store.getState().screen === 'execution') store.setState({ screen: 'executions' });
    }
  };

  // What is remembered follows what is shown.
  store.subscribe((now, before) => {
    if (now.tabs !== before.tabs || now.run !== before.run || now.screen !== before.screen || now.source !== before.source) keepTabs();
  });
  return {
    store,
    showSource,
    enterExecution,
    showTab,
    keepTabs,

    /** Shows again what was on screen before the page or the application was restarted. The other tabs sleep. */
    restore({ tabs: looks, shown, list: listed }: KeptTabs): void {
      const tabs = looks.filter(({ source }) => sources.find(source) !== undefined).map(sleeping);
      if (tabs.length === 0 && listed === null) return;
      store.setState({ tabs: [...store.getState().tabs, ...tabs] });
      const tab = tabs.find(({ look }) => look === looks[shown ?? -1]);
      if (tab !== undefined) showTab(tab);
      else if (listed !== null && sources.find(listed) !== undefined) store.setState({ screen: 'executions', source: listed });
    },

    setDialog: (dialog: Dialog | undefined): void => store.setState({ dialog }),

    /** Asks for a server. @param address the one that is filled in. */
    connect: (address?: string): void => store.setState({ dialog: 'connect', address }),

    /** Shows the list of a source; by default that of the one on screen. */
    showExecutions(of?: SourceId): void {
      navigations++;
      const { source: shown, run } = store.getState();
      const source = of ?? shown;
      if (source === undefined) return;
      if (source !== shown) list.reset();
      store.setState({ screen: 'executions', source, run: run?.source === source ? run : runsOf(source).at(-1) });
    },

    /** Closes an execution's tab and shows the one beside it, or the list. By default that on screen. */
    closeTab(closed: Tab | undefined = store.getState().screen === 'execution' ? store.getState().run : undefined): void {
      if (closed === undefined) return;
      // One that is being read again must not come back.
      if (!isAwake(closed)) navigations++;
      const { run: shown, screen } = store.getState();
      const place = tabsOf(closed.source).indexOf(closed);
      closeTabs([closed]);
      if (closed !== shown) return;
      const next = tabsOf(closed.source)[Math.max(0, place - 1)];
      if (next === undefined || screen !== 'execution')
        store.setState({ run: runsOf(closed.source).at(-1), screen: screen === 'execution' ? 'executions' : screen });
      else showTab(next);
    },

    /** Moves the tab at a place in the order in front of another one. */
    moveTab(place: number, before: Tab): void {
      const { tabs } = store.getState();
      const moved = tabs[place];
      if (moved === undefined || moved === before) return;
      const others = tabs.filter((tab) => tab !== moved);
      const to = others.indexOf(before);
      store.setState({ tabs: [...others.slice(0, to), moved, ...others.slice(to)] });
    },

    /** Shows the next or the previous tab of an execution, in the order of the tabs. */
    stepTab(by: 1 | -1): void {
      const { tabs, run, screen } = store.getState();
      if (tabs.length === 0) return;
      const at = screen === 'execution' && run !== undefined ? tabs.indexOf(run) : by > 0 ? -1 : 0;
      showTab(tabs[(at + by + tabs.length) % tabs.length] as Tab);
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
      const { source } = store.getState();
      if (source === undefined) return;
      const result = await notices.during('Reloading…', client.ask('host.reloadSource', { source }));
      if (sources.find(source) === undefined) {
        // It was closed in the meantime, and the host may have opened it after that.
        if (result.ok) await client.ask('host.closeSource', { source });
        return;
      }
      if (!result.ok) return notices.showFault(result.fault);
      sources.add(result.value);
      await reopenRuns(source);
    },

    async close(): Promise<void> {
      navigations++;
      const { source } = store.getState();
      if (source !== undefined) closeTabs(tabsOf(source));
      notices.dismiss();
      const other = sources.store.getState().open.findLast((open) => open.source !== source)?.source;
      list.reset();
      store.setState({ screen: other === undefined ? 'welcome' : 'executions', source: other, run: runsOf(other).at(-1), dialog: undefined });
      if (source !== undefined) await sources.close(source);
    },

    /** The engine was restarted, and these sources are open in it. */
    async onEngineRestarted(opened: readonly OpenedSource[]): Promise<void> {
      for (const source of opened) sources.add(source, true);
      const { source, tabs } = store.getState();
      const isLost = (lost: SourceId | undefined): boolean => lost !== undefined && !opened.some((open) => open.source === lost);
      closeTabs(tabs.filter((tab) => isLost(tab.source)));
      const other = opened.at(-1)?.source;
      if (isLost(source)) store.setState({ screen: other === undefined ? 'welcome' : 'executions', source: other, run: undefined });
      for (const open of opened) await reopenRuns(open.source);
      if (source !== undefined) notices.showNotice('The process that reads the database stopped and was restarted. The view has been restored.');
    },
  };
}
