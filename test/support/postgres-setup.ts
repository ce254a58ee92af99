import type { TestProject } from 'vitest/node';
import { PostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the server that all tests share; or why there is none. */
    postgres: { readonly url: string } | { readonly why: string };
  }
}

/** One server for the whole run. Where it cannot start, the tests that need it fail and say why; the others run. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const server = await PostgresServer.start();
    project.provide('postgres', { url: server.url() });
    return () => server.stop();
  } catch (error) {
    project.provide('postgres', { why: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
