import { builtinModules } from 'node:module';
import { defineConfig } from 'vite';

const external = ['electron', 'better-sqlite3', 'pg', ...builtinModules, ...builtinModules.map((name) => `node:${name}`)];

/** Main, preload, engine and command line: CommonJS, which every Electron and every Node runs. */
export default defineConfig({
  ssr: { noExternal: true, external: ['electron', 'better-sqlite3', 'pg'] },
  build: {
    ssr: true,
    target: 'node20',
    outDir: 'out',
    emptyOutDir: false,
    minify: false,
    rolldownOptions: {
      input: {
        'electron/main': 'electron/main.ts',
        'electron/preload': 'electron/preload.ts',
        'electron/engine': 'electron/engine.ts',
        'cli/cli': 'core/cli/main.ts',
        'search-worker': 'core/debugger/search-worker.ts',
        'layout-worker': 'core/debugger/layout-worker.ts',
        'condition-worker': 'core/debugger/condition-worker.ts',
      },
      external,
      output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: 'chunks/[name]-[hash].cjs' },
    },
  },
});
