import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // Programs of this checkout that tests start are compiled once.
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, 'node_modules', '.cache', 'compiled') },
    setupFiles: ['test/support/guards.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.{ts,tsx}'], exclude: ['test/faults/**', 'test/e2e/**', 'node_modules/**'] } },
      { extends: true, test: { name: 'faults', include: ['test/faults/*.test.ts'] } },
    ],
    globalSetup: ['test/support/build-setup.ts', 'test/support/postgres-setup.ts'],
    // What hangs has a limit of its own. These only end a run that would never end, however busy the machine is.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
