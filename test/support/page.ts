import type { EngineRequests, PagePushes, Params } from '../../core/contract/contract.ts';
import type { HostStart } from '../../core/contract/host.ts';
import type { Dispatch } from '../../core/wire/dispatcher.ts';
import { memoryChannel } from '../../core/wire/memory.ts';
import { serve } from '../../core/wire/server.ts';
import { pageDispatcher } from '../../electron/page-router.ts';
import { type Client, createClient } from '../../renderer/client.ts';
import { type App, createApp } from '../../renderer/state/app.ts';
import type { Panel } from '../../renderer/state/panel.ts';
import type { EngineClient } from './engine.ts';
import { type MemoryHost, memoryHost } from './memory-host.ts';

export interface TestPage {
  readonly client: Client;
  readonly app: App;
  readonly host: MemoryHost;
  readonly push: <N extends keyof PagePushes>(name: N, value: PagePushes[N]) => void;
  /** The names of all requests of the page. */
  readonly asked: string[];
}

export interface TestPageOptions {
  readonly panels: readonly Panel[];
  readonly start?: Partial<HostStart>;
  /** Wraps the dispatcher of the page. */
  readonly intercept?: (dispatch: Dispatch) => Dispatch;
}

/** A page without a window, connected in memory to a host in memory and to an engine. */
export function openPage(engine: EngineClient, { panels, start, intercept = (dispatch) => dispatch }: TestPageOptions): TestPage {
  const channel = memoryChannel();
  const host = memoryHost(engine, start);
  const asked: string[] = [];
  const dispatch = pageDispatcher(host.host, (name, params, signal) =>
    engine.ask(name as keyof EngineRequests, params as Params<keyof EngineRequests>, signal),
  );
  const counted: Dispatch = (name, params, signal) => {
    asked.push(name);
    return dispatch(name, params, signal);
  };
  const push = serve(channel.server, intercept(counted));
  const client = createClient(channel.client);
  return { client, app: createApp(client, panels), host, asked, push };
}
