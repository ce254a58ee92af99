import type { PagePushes } from '../../core/contract/contract.ts';
import type { HostStart } from '../../core/contract/host.ts';
import type { Client } from '../client.ts';
import { createExecutionsList } from './executions-list.ts';
import { createNavigation } from './navigation.ts';
import { createNotices } from './notices.ts';
import type { Panel } from './panel.ts';
import { createQueries, refetchSearch } from './queries.ts';
import { createSettings } from './settings.ts';
import { createSources } from './sources.ts';

export type App = ReturnType<typeof createApp>;

/** The whole state of one application. @param panels the panels of an execution's screen. */
export function createApp(client: Client, panels: readonly Panel[]) {
  const queries = createQueries();
  const settings = createSettings(client);
  const notices = createNotices();
  const sources = createSources(client, queries);
  const list = createExecutionsList();
  const navigation = createNavigation({ client, queries, sources, notices, list, panels });

  const openRecent = (path: string): Promise<void> => navigation.open('Opening…', client.ask('host.openRecent', { path }));

  client.onPush({
    task: (update) => {
      notices.onTask(update);
      if (update.kind === 'search') refetchSearch(queries, update.execution);
      navigation.store.getState().run?.onTask(update);
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
      const newest = start.sources.at(-1);
      if (newest !== undefined) navigation.showSource(newest);
      if (start.missing !== null) notices.showNotice(`${start.missing}, which was open the last time, is no longer there.`);
      // Last, because showing a source dismisses the fault.
      if (start.fault !== null) notices.showFault(start.fault);
    },

    openDropped: (file: File): Promise<void> => navigation.open(`Opening ${file.name}…`, client.openDropped(file)),
    openRecent,

    /** Lets the host remember at once what is shown, before the page ends. */
    keepCursor: (): void => navigation.store.getState().run?.keepCursor(),

    async copyText(text: string, what: string): Promise<void> {
      const result = await client.ask('host.copyText', { text });
      if (result.ok) notices.showNotice(`${what} copied`);
      else notices.showFault(result.fault);
    },
  };
}
