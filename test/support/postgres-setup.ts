import type { TestProject } from 'vitest/node';
import { PostgresServer } from './postgres-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The URL of the server that all tests share, or why there is none. */
    postgres: { readonly url: string } | { readonly reason: string };
  }
}

/**
 * The package that starts the server ends the process with 0 before it would end by itself, whatever it would have ended
 * with: failing tests would pass.
 */
process.prependListener('beforeExit', () => {
  const { exitCode } = process;
  process.once('exit', () => {
    process.exitCode = exitCode;
  });
});

/** Starts one server for all tests. If it cannot start, only the tests that need it fail, with the reason. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const server = await PostgresServer.start();
    project.provide('postgres', { url: server.url() });
    return () => server.stop();
  } catch (error) {
    project.provide('postgres', { reason: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
