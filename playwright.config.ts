import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'test/e2e',
  outputDir: 'test-results/e2e',
  // Nothing is timed here. These only end a run that would never end, however busy the machine is.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  // A display for each, by scripts/e2e.ts.
  workers: (process.env['HINDSIGHT_DISPLAYS'] ?? '').split(' ').length,
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: { trace: 'off' },
});
