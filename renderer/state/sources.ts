import type { QueryClient } from '@tanstack/react-query';
import { createStore } from 'zustand/vanilla';
import type { SourceId } from '../../core/contract/cursor.ts';
import type { OpenedSource, RecentSource } from '../../core/contract/host.ts';
import type { Client } from '../client.ts';
import { forget, refetch } from './queries.ts';

/** The open sources and the recent ones. */
export interface OpenSources {
  readonly open: readonly OpenedSource[];
  readonly recent: readonly RecentSource[];
}

export function createSources(client: Client, queries: QueryClient) {
  const store = createStore<OpenSources>(() => ({ open: [], recent: [] }));
  return {
    store,
    find: (id: SourceId | undefined): OpenedSource | undefined => store.getState().open.find(({ source }) => source === id),
    setRecent: (recent: readonly RecentSource[]): void => store.setState({ recent }),
    /** Adds a source, or replaces one that was opened again. Answers about it are requested again. */
    add(opened: OpenedSource): void {
      const others = store.getState().open.filter(({ source }) => source !== opened.source);
      store.setState({ open: [...others, opened] });
      refetch(queries, opened.source);
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
