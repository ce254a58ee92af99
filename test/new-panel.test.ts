import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from './support/temp.ts';

const ROOT = join(import.meta.dirname, '..');

/** The new files of a panel that counts the words of the state: its folder, and the two parts of its slice. */
const NEW_FILES: Readonly<Record<string, string>> = {
  'core/contract/slices/words.ts': `import { z } from 'zod';

export const wordsWant = z.strictObject({});

/** The number of words in the strings of the state. */
export interface WordCount {
  readonly words: number;
}
`,
  'core/debugger/slices/words.ts': `import { printJson } from '../../json/print.ts';
import type { SliceMaker } from './slice.ts';

export const wordsSlice: SliceMaker<'words'> = ({ state }) => (state === undefined ? undefined : { words: printJson(state).match(/[a-z]+/gi)?.length ?? 0 });
`,
  'renderer/views/words/words-view.tsx': `import { useRunState } from '../../state/context.ts';

export function WordsView() {
  const words = useRunState((state) => state.frame?.slices.words);
  return <p aria-label="Word count">{words === undefined ? '' : \`\${words.words} words\`}</p>;
}
`,
  'test/renderer/words.test.tsx': `// @vitest-environment jsdom
import './browser.ts';
import { fireEvent, render, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { AppView } from '../../renderer/app-view.tsx';
import { commandsOf } from '../../renderer/state/commands.ts';
import { listenToKeys } from '../../renderer/state/keys.ts';
import { panels } from '../../renderer/views/panels.ts';
import { startEngineProcess, until } from '../support/engine.ts';
import { openPage } from '../support/page.ts';

it('shows the new panel under its tab, by its key, and as a command', async () => {
  const { client, onUpdate } = startEngineProcess();
  const page = openPage(client, { panels });
  onUpdate((update) => page.push('task', update));
  listenToKeys(page.app);
  page.host.choose({ kind: 'example' });
  await page.app.navigation.open('Opening…', page.client.ask('host.chooseSource', {}));
  await page.app.navigation.enterExecution('00000000', 9);
  render(<AppView app={page.app} />);
  expect((await screen.findByRole('tab', { name: 'Words' })).textContent).toBe('Words');
  fireEvent.keyDown(document.body, { key: '5', code: 'Digit5' });
  await until(() => screen.queryByLabelText('Word count')?.textContent === '8 words');
  expect(commandsOf(page.app).find(({ id }) => id === 'words')).toMatchObject({ label: 'Words of the State', keys: ['5'], menu: 'View' });
});
`,
  'vitest.config.ts': `import { defineConfig } from 'vitest/config';
export default defineConfig({ test: { include: ['test/renderer/words.test.tsx'], globalSetup: ['test/support/build-setup.ts'] } });
`,
};

/** The lines that are added to each table, with their imports. */
const LINES: Readonly<Record<string, readonly (readonly [before: string, line: string])[]>> = {
  'core/contract/frame.ts': [
    ["import { type TreeRows, treeWant } from './slices/tree.ts';", "import { type WordCount, wordsWant } from './slices/words.ts';"],
    ['  given: slice(givenWant)<GivenDifference>(),', '  words: slice(wordsWant)<WordCount>(),'],
  ],
  'core/debugger/slices/slices.ts': [
    ["import { treeSlice } from './tree.ts';", "import { wordsSlice } from './words.ts';"],
    ['  given: givenSlice,', '  words: wordsSlice,'],
  ],
  'renderer/views/panels.ts': [
    ["import { Timeline } from './timeline/timeline.tsx';", "import { WordsView } from './words/words-view.tsx';"],
    [
      "  { id: 'status',",
      "  { id: 'words', label: 'Words', region: 'state', want: () => ({ words: {} }), view: WordsView, show: { label: 'Words of the State', keys: ['5'] } },",
    ],
  ],
};

it('a panel needs only a folder, a slice, and a line in each of their tables', () => {
  const copy = temporaryFolder();
  for (const name of ['core', 'electron', 'renderer', 'scripts', 'test/support', 'test/renderer/browser.ts'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json', 'vite.node.config.ts', 'vite.renderer.config.ts'])
    copyFileSync(join(ROOT, name), join(copy, name));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  for (const [name, text] of Object.entries(NEW_FILES)) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    writeFileSync(join(copy, name), text);
  }
  for (const [name, lines] of Object.entries(LINES)) {
    let text = readFileSync(join(copy, name), 'utf8');
    for (const [before, line] of lines) {
      expect(text, name).toContain(before);
      text = text.replace(before, name.endsWith('panels.ts') && before.startsWith('  {') ? `${line}\n${before}` : `${before}\n${line}`);
    }
    writeFileSync(join(copy, name), text);
  }
  const run = (tool: string, ...args: readonly string[]): { status: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync(join(ROOT, 'node_modules', '.bin', tool), args, { cwd: copy, encoding: 'utf8' });
    return { status, said: stdout + stderr };
  };
  for (const layer of ['core', 'renderer']) expect(run('tsc', '-p', layer)).toEqual({ status: 0, said: '' });
  expect(run('depcruise', 'core', 'electron', 'renderer', '--config', '.dependency-cruiser.cjs').said).toContain('no dependency violations found');
  const { status, said } = run('vitest', 'run');
  expect([status, said.includes('1 passed')], said).toEqual([0, true]);
}, 180_000);
