import type { QueryClient } from '@tanstack/react-query';
import { createStore } from 'zustand/vanilla';
import type { SourceId } from '../../core/contract/cursor.ts';
import type { OpenedSource, RecentSource } from '../../core/contract/host.ts';
import type { Client } from '../client.ts';
import { forget, refetch, refetchAfterRestart, refetchList } from './queries.ts';

/** The open sources and the recent ones. */
export interface OpenSources {
  readonly open: readonly OpenedSource[];
  readonly recent: readonly RecentSource[];
  /** The sources to which others have written since they were shown; `outdated` when they must be opened again to show it. */
  readonly news: ReadonlyMap<SourceId, 'changed' | 'outdated'>;
  /** Of replicas: by how many seconds they are behind. */
  readonly behind: ReadonlyMap<SourceId, number>;
}

export function createSources(client: Client, queries: QueryClient) {
  const store = createStore<OpenSources>(() => ({ open: [], recent: [], news: new Map(), behind: new Map() }));
  const setNews = (id: SourceId, news: 'changed' | 'outdated' | undefined): void => {
    const all = new Map(store.getState().news);
    if (news === undefined) all.delete(id);
    else all.set(id, news);
    store.setState({ news: all });
  };
  return {
    store,
    setNews,
    setBehind: (id: SourceId, seconds: number): void => store.setState(({ behind }) => ({ behind: new Map(behind).set(id, seconds) })),
    /** Requests the list of executions again. */
    async showNews(id: SourceId): Promise<void> {
      setNews(id, undefined);
      await client.ask('executions.forget', { source: id });
      await refetchList(queries, id);
    },
    find: (id: SourceId | undefined): OpenedSource | undefined => store.getState().open.find(({ source }) => source === id),
    setRecent: (recent: readonly RecentSource[]): void => store.setState({ recent }),
    /**
     * Adds a source, or replaces one that was opened again. Answers about it are requested again.
     *
     * @param byItself whether it was opened again because the engine was restarted, not because the user wanted it.
     */
    add(opened: OpenedSource, byItself = false): void {
      const others = store.getState().open.filter(({ source }) => source !== opened.source);
      const behind = new Map(store.getState().behind);
      behind.delete(opened.source);
      store.setState({ open: [...others, opened], behind });
      setNews(opened.source, undefined);
      (byItself ? refetchAfterRestart : refetch)(queries, opened.source);
    },
    async close(id: SourceId): Promise<void> {
      store.setState({ open: store.getState().open.filter(({ source }) => source !== id) });
      forget(queries, id);
      const recent = await client.ask('host.closeSource', { source: id });
      if (recent.ok) store.setState({ recent: recent.value });
    },
    async forgetRecent(path: string): Promise<void> {
      const recent = await client.ask('host.forgetRecent', { path });
      if (recent.ok) store.setState({ recent: recent.value });
    },
  };
}
