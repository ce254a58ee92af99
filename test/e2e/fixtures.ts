import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test';

export const ROOT = join(import.meta.dirname, '..', '..');
export const SAMPLE = join(ROOT, 'samples', 'runtime.db');
const SCREENS = join(ROOT, 'test-results', 'screens');

const { HINDSIGHT_DISPLAYS: displays, TEST_PARALLEL_INDEX: worker } = process.env;
/** Each worker has a display of its own, where there are several. */
if (displays !== undefined && worker !== undefined) process.env['DISPLAY'] = displays.split(' ')[Number(worker)];

/** The application in a real window, with common actions of a user. */
export interface Hindsight {
  readonly app: ElectronApplication;
  readonly page: Page;
  /** Violations of the content security policy, errors of the page and messages on its console. All are unexpected. */
  readonly trouble: string[];
  idle(): Promise<void>;
  openExecution(id: string): Promise<void>;
  goTo(sequence: number): Promise<void>;
  cursor(): Promise<string>;
}

export interface Start {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly userData?: string;
}

export async function start({ args = [], env = {}, userData }: Start = {}): Promise<Hindsight> {
  const executablePath = process.env['HINDSIGHT_ELECTRON'];
  if (executablePath === undefined) throw new Error('run the e2e tests with "npm run test:e2e", which prepares Electron and a display');
  const launchArgs = JSON.parse(process.env['HINDSIGHT_ELECTRON_ARGS'] ?? '[]') as string[];
  const app = await _electron.launch({
    executablePath,
    args: [...launchArgs, ...args],
    cwd: ROOT,
    env: { ...(process.env as Record<string, string>), HINDSIGHT_TEST: '1', HINDSIGHT_USER_DATA: userData ?? temporary('user'), ...env },
  });
  const page = await app.firstWindow();
  await page.setViewportSize({ width: 1280, height: 800 });
  const trouble: string[] = [];
  page.on('pageerror', (error) => trouble.push(error.message));
  page.on('console', (message) => trouble.push(message.text()));
  const idle = async (): Promise<void> => {
    await page.evaluate(() => (globalThis as unknown as { __idle?: () => Promise<void> }).__idle?.());
  };
  const cursor = async (): Promise<string> => (await page.getByRole('status', { name: 'Cursor' }).textContent()) ?? '';
  return {
    app,
    page,
    trouble,
    idle,
    cursor,
    async openExecution(id) {
      await page.getByRole('searchbox', { name: 'Search executions' }).fill(id);
      const row = page
        .getByRole('grid', { name: 'Executions' })
        .getByRole('row')
        .filter({ hasText: id.slice(0, 4) });
      await expect(row).toHaveCount(1);
      await row.dblclick();
      await page.getByRole('slider', { name: 'Sequence' }).waitFor();
      // Checking a large execution in the background takes a while on a busy machine.
      await expect(page.getByRole('progressbar')).toHaveCount(0, { timeout: 60_000 });
      await idle();
    },
    async goTo(sequence) {
      await page.keyboard.press('g');
      await page.getByRole('dialog', { name: 'Go to sequence' }).getByRole('textbox').fill(String(sequence));
      await page.keyboard.press('Enter');
      await expect(page.getByRole('status', { name: 'Cursor' })).toContainText(`#${sequence} of`);
      await idle();
    },
  };
}

const folders: string[] = [];

export function temporary(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `hindsight-e2e-${name}-`));
  folders.push(folder);
  return folder;
}

/** A copy that a test may change. */
export function copyOf(path: string): string {
  const copy = join(temporary('db'), 'runtime.db');
  copyFileSync(path, copy);
  return copy;
}

/** Opens the sample with the button on the first screen. */
export const test = base.extend<{ hindsight: Hindsight }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright requires the braces
  hindsight: async ({}, use) => {
    const hindsight = await start();
    await use(hindsight);
    await hindsight.app.close();
    expect(hindsight.trouble).toEqual([]);
  },
});

test.afterAll(() => {
  // Neither the application nor a test leaves anything beside the sample.
  expect(readdirSync(dirname(SAMPLE)).sort()).toEqual(['README.md', 'generation-3.db', 'runtime.db']);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export async function openSample({ page, idle }: Hindsight): Promise<void> {
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  await idle();
}

const IN_DOCS: ReadonlySet<string> = new Set([
  'execution',
  'executions',
  'changes',
  'search',
  'graph',
  'tracks',
  'conversation',
  'causes',
  'dossier',
  'agent-failed',
  'story',
  'turn-diff',
]);

/** Saves pictures of the screen in both themes and two sizes. */
export async function pictures({ page, idle }: Hindsight, name: string): Promise<void> {
  mkdirSync(SCREENS, { recursive: true });
  for (const [width, height] of [
    [1280, 800],
    [1920, 1080],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const theme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await idle();
      await page.screenshot({ path: join(SCREENS, `${name}-${theme}-${width}.png`) });
      // Also renews the pictures of the README and the guide.
      if (process.env['HINDSIGHT_PICTURES'] === '1' && width === 1280 && IN_DOCS.has(name))
        copyFileSync(join(SCREENS, `${name}-${theme}-${width}.png`), join(ROOT, 'docs', 'pictures', `${name}-${theme}.png`));
    }
  }
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.setViewportSize({ width: 1280, height: 800 });
  await idle();
}

export { expect };
