import type { EngineRequests, PagePushes, Params } from '../../core/contract/contract.ts';
import type { HostStart } from '../../core/contract/host.ts';
import type { Answerer } from '../../core/wire/answerer.ts';
import { memoryChannel } from '../../core/wire/memory.ts';
import { serve } from '../../core/wire/server.ts';
import { pageAnswerer } from '../../electron/page-router.ts';
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
  /** Every request that has come from the page, by name. */
  readonly asked: string[];
}

export interface TestPageOptions {
  readonly panels: readonly Panel[];
  readonly start?: Partial<HostStart>;
  /** Stands between the page and who answers it. */
  readonly between?: (answer: Answerer) => Answerer;
}

/** What a page talks to, without a window: a host in memory and an engine, by connections in memory. */
export function openPage(engine: EngineClient, { panels, start, between = (answer) => answer }: TestPageOptions): TestPage {
  const channel = memoryChannel();
  const host = memoryHost(engine, start);
  const asked: string[] = [];
  const answer = pageAnswerer(host.host, (name, params, signal) => engine.ask(name as keyof EngineRequests, params as Params<keyof EngineRequests>, signal));
  const counted: Answerer = (name, params, signal) => {
    asked.push(name);
    return answer(name, params, signal);
  };
  const push = serve(channel.server, between(counted));
  const client = createClient(channel.client);
  return { client, app: createApp(client, panels), host, asked, push };
}
