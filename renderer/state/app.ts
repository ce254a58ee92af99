import type { PagePushes } from '../../core/contract/contract.ts';
import type { HostStart } from '../../core/contract/host.ts';
import { type DeepLink, printLink } from '../../core/deep-link.ts';
import type { Client } from '../client.ts';
import { createExecutionsList } from './executions-list.ts';
import { createNavigation } from './navigation.ts';
import { createNotices } from './notices.ts';
import type { Panel } from './panel.ts';
import { createQueries, refetchAudit, refetchFound, refetchMatches, refetchReading, refetchSearch } from './queries.ts';
import { createSettings } from './settings.ts';
import { createSources } from './sources.ts';
import { isAwake } from './tab.ts';

export type App = ReturnType<typeof createApp>;

/** The whole state of one application. @param panels the panels of an execution's screen. */
export function createApp(client: Client, panels: readonly Panel[]) {
  const queries = createQueries();
  const settings = createSettings(client);
  const notices = createNotices();
  const sources = createSources(client, queries);
  const list = createExecutionsList();
  const navigation = createNavigation({ client, queries, sources, notices, settings, list, panels });

  const openRecent = async (path: string): Promise<void> => {
    const asked = client.ask('host.openRecent', { path });
    await navigation.open('Opening…', asked);
    const opened = await asked;
    // The host keeps passwords only until it ends.
    if (!opened.ok && opened.fault.kind === 'login-refused') navigation.connect(path);
  };

  client.onPush({
    task: (update) => {
      notices.onTask(update);
      if (update.kind === 'search') refetchSearch(queries, update.execution, update.state === 'running');
      if (update.kind === 'filter') refetchMatches(queries, update.execution, update.state === 'running');
      if (update.kind === 'find' && update.state !== 'cancelled') refetchFound(queries, update.source, update.state === 'running');
      if (update.kind === 'causes' || update.kind === 'approvals') refetchReading(queries, update.kind, update.source, update.state === 'running');
      if (update.kind === 'audit') refetchAudit(queries, update.source, update.state === 'running');
      for (const tab of navigation.store.getState().tabs) if (isAwake(tab)) tab.onTask(update);
    },
    sourceChanged: ({ source, execution, isOutdated, behind }) => {
      if (behind !== undefined) return sources.setBehind(source, behind);
      if (execution === null) return sources.setNews(source, isOutdated ? 'outdated' : 'changed');
      for (const tab of navigation.store.getState().tabs) if (isAwake(tab) && tab.source === source && tab.execution === execution.id) tab.onGrown(execution);
    },
    sourceOpened: navigation.showSource,
    fault: notices.showFault,
    recent: sources.setRecent,
    openRecent: ({ path }) => void openRecent(path),
    engineRestarted: (opened: PagePushes['engineRestarted']) => void navigation.onEngineRestarted(opened),
  });

  return {
    client,
    panels,
    queries,
    settings,
    notices,
    sources,
    list,
    navigation,

    begin(start: HostStart): void {
      settings.begin(start);
      sources.setRecent(start.recent);
      for (const source of start.sources) navigation.showSource(source);
      navigation.restore(start.tabs);
      if (start.missing.length > 0) notices.showNotice(`${start.missing.join(', ')}, which was open the last time, is no longer there.`);
      // Last, because showing a source dismisses the fault.
      if (start.fault !== null) notices.showFault(start.fault);
    },

    /** Goes where a link leads, if its database is open or a recent one. @returns whether it is. */
    async openLink({ location, execution, sequence, path }: DeepLink): Promise<boolean> {
      const known = sources.store.getState();
      const open = known.open.find((source) => source.location === location || source.name === location);
      const recent = known.recent.find((file) => file.path === location || file.name === location);
      if (open !== undefined) navigation.showExecutions(open.source);
      else if (recent !== undefined) await openRecent(recent.path);
      else return false;
      await navigation.enterExecution(execution, sequence ?? undefined, path === undefined ? {} : { path });
      return true;
    },

    /** Copies a link to the moment on screen and the selected value. */
    async copyLink(): Promise<void> {
      const { run, source } = navigation.store.getState();
      const location = sources.find(source)?.location;
      if (run === undefined || location === undefined) return;
      const { sequence, selected } = run.store.getState();
      await this.copyText(printLink({ location, execution: run.execution, sequence, path: selected === '' ? undefined : selected }), 'Link');
    },

    openDropped: (file: File): Promise<void> => navigation.open(`Opening ${file.name}…`, client.openDropped(file)),
    openRecent,

    /** Opens the file that the user chooses instead of a recent one that is missing, which is then forgotten. */
    async locate(path: string): Promise<void> {
      const before = navigation.store.getState().source;
      await navigation.open('Opening…', client.ask('host.chooseSource', {}));
      if (navigation.store.getState().source !== before) await sources.forgetRecent(path);
    },

    async copyText(text: string, what: string): Promise<void> {
      const result = await client.ask('host.copyText', { text });
      if (result.ok) notices.showNotice(`${what} copied`);
      else notices.showFault(result.fault);
    },
  };
}
