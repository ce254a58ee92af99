import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    setupFiles: ['test/support/guards.ts'],
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/**/*.test.{ts,tsx}'], exclude: ['test/faults/**', 'test/e2e/**', 'node_modules/**'] } },
      { extends: true, test: { name: 'faults', include: ['test/faults/*.test.ts'], testTimeout: 60_000 } },
    ],
    globalSetup: ['test/support/build-setup.ts', 'test/support/postgres-setup.ts'],
    testTimeout: 30_000,
  },
});
