/**
 * Demonstrates the main use in a real window: opens a database, goes to three events, exports the state, and reports what it
 * found and where the screenshots and the export are.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type Page } from '@playwright/test';
import { hasDisplay } from './display.ts';
import { prepareLaunch } from './launch.ts';
import { fail, say } from './say.ts';

const OUT = join(import.meta.dirname, '..', 'test-results', 'tour');
const MOMENTS: readonly (readonly [share: number, name: string])[] = [
  [0, 'before-the-first-event'],
  [0.5, 'in-the-middle'],
  [0.983, 'near-the-end'],
];

export async function tour(source: string): Promise<void> {
  const { executable, args, env, cwd } = await prepareLaunch({ virtual: !hasDisplay() });
  mkdirSync(OUT, { recursive: true });
  const userData = mkdtempSync(join(tmpdir(), 'hindsight-tour-'));
  const app = await _electron.launch({
    executablePath: executable,
    args: [...args, `--open=${source}`],
    cwd,
    env: { ...env, HINDSIGHT_TEST: '1', HINDSIGHT_USER_DATA: userData },
  });
  try {
    const page = await app.firstWindow();
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.getByRole('grid', { name: 'Executions' }).waitFor();
    await idle(page);
    say(`opened ${source}: ${await page.getByRole('status', { name: 'Shown' }).textContent()}`);
    await screenshot(page, 'executions');
    await page.getByRole('button', { name: 'Events', exact: true }).click();
    await page.getByRole('row', { selected: true }).waitFor();
    await idle(page);
    await page.getByRole('grid', { name: 'Executions' }).press('Enter');
    const slider = page.getByRole('slider', { name: 'Sequence' });
    await slider.waitFor();
    const last = Number(await slider.getAttribute('aria-valuemax'));
    for (const [share, name] of MOMENTS) {
      await go(page, Math.round(last * share));
      const rows = await page.getByRole('tree', { name: 'State' }).getByRole('treeitem').count();
      say(
        `${await page.getByRole('status', { name: 'Cursor' }).textContent()} — ${await slider.getAttribute('aria-valuetext')}; ${rows} rows of the state on screen`,
      );
      await screenshot(page, name);
    }
    const target = join(OUT, 'state.json');
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath });
    }, target);
    await page.keyboard.press('Control+e');
    await page.getByRole('button', { name: 'Save to a file…' }).click();
    await page.getByRole('status', { name: 'Notice' }).filter({ hasText: 'written' }).waitFor();
    const { at_sequence: at, status } = JSON.parse(readFileSync(target, 'utf8')) as { at_sequence: number; status: string };
    say(`exported the state at #${at} (${status}) to ${target}`);
    say(`screenshots are in ${OUT}`);
  } catch (error) {
    await app.close();
    fail(`The tour failed: ${error instanceof Error ? error.message : String(error)}`);
  }
  await app.close();
  rmSync(userData, { recursive: true, force: true });
}

async function go(page: Page, sequence: number): Promise<void> {
  await page.keyboard.press('g');
  await page.getByRole('dialog', { name: 'Go to sequence' }).getByRole('textbox').fill(String(sequence));
  await page.keyboard.press('Enter');
  await page
    .getByRole('status', { name: 'Cursor' })
    .filter({ hasText: `#${sequence} of` })
    .waitFor();
  await idle(page);
}

async function idle(page: Page): Promise<void> {
  await page.evaluate(() => (globalThis as { __idle?: () => Promise<void> }).__idle?.());
}

async function screenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(OUT, `${name}.png`) });
}

if (import.meta.main) {
  await tour('sample');
  // The virtual display ends with the process, so it must exit.
  process.exit(0);
}
