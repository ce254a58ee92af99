import { spawnSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { _electron } from '@playwright/test';
import { brokenInTheMiddle } from '../support/damaged.ts';
import { copyOf, expect, openSample, ROOT, SAMPLE, start, temporary, test } from './fixtures.ts';

test('F5, E11: a crashed page is reloaded, and a dialog asks when it keeps crashing', async () => {
  const { app, page } = await start({ args: [`--open=${SAMPLE}`, '--execution=9f31', '--at=205'] });
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#205 of 409');
  const title = (): Promise<string> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle() ?? '');
  const before = await title();
  expect(before).toContain('runtime.db');
  await app.evaluate(async ({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    const loaded = new Promise((resolve) => contents?.once('did-finish-load', () => resolve(undefined)));
    contents?.forcefullyCrashRenderer();
    await loaded;
  });
  // What was on screen is there again: Playwright has lost the page, so the page is asked through its window.
  const shown = (): Promise<string> =>
    app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(`document.querySelector('[role=status][aria-label=Cursor]')?.textContent ?? ''`),
    );
  await expect.poll(shown).toContain('#205 of 409');
  const seen = await app.evaluate(async ({ BrowserWindow, dialog }) => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) throw new Error('there is no window');
    const { webContents } = window;
    let asked = 0;
    dialog.showMessageBox = () => {
      asked++;
      return new Promise(() => {});
    };
    let loads = 0;
    webContents.on('did-finish-load', () => loads++);
    for (let crash = 1; crash < 4; crash++) {
      const loaded = new Promise((resolve) => webContents.once('did-finish-load', () => resolve(undefined)));
      const gone = new Promise((resolve) => webContents.once('render-process-gone', resolve));
      webContents.forcefullyCrashRenderer();
      await gone;
      if (crash < 3) await loaded;
    }
    await new Promise((resolve) => setImmediate(resolve));
    return { asked, loads, isCrashed: webContents.isCrashed(), isLoading: webContents.isLoading() };
  });
  expect(seen).toEqual({ asked: 1, loads: 2, isCrashed: true, isLoading: false });
  await app.evaluate(({ app: running }) => running.exit(0));
});

test('E11: closing the window while the engine reports progress ends the application without errors', async () => {
  const path = join(temporary('long'), 'long.db');
  brokenInTheMiddle(path, 60_000);
  const { app, page } = await start({ args: [`--open=${path}`, '--execution=long'] });
  const ended = new Promise<number | null>((resolve) => app.process().once('exit', resolve));
  let said = '';
  app.process().stderr?.on('data', (text: Buffer) => {
    said += text.toString();
  });
  await page.getByRole('progressbar').waitFor();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.destroy());
  expect(await ended).toBe(0);
  expect(said).not.toMatch(/uncaught|destroyed|TypeError/i);
});

test('E18: a second instance passes its arguments to the first one and ends', async () => {
  const userData = temporary('user');
  const { app, page } = await start({ userData });
  await openSample({ page, idle: () => page.evaluate(() => (globalThis as unknown as { __idle(): Promise<void> }).__idle()) } as never);
  const other = copyOf(join(ROOT, 'samples', 'generation-3.db'));
  const { status } = spawnSync(
    process.env['HINDSIGHT_ELECTRON'] as string,
    [...(JSON.parse(process.env['HINDSIGHT_ELECTRON_ARGS'] ?? '[]') as string[]), `--open=${basename(other)}`],
    { cwd: dirname(other), env: { ...process.env, HINDSIGHT_USER_DATA: userData }, timeout: 60_000 },
  );
  expect(status).toBe(0);
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('6 of 6 shown');
  await app.close();
});

test('E18: nothing is ever downloaded', async ({ hindsight }) => {
  const { page, app } = hindsight;
  const prevented = app.evaluate(
    ({ session }) => new Promise<boolean>((resolve) => session.defaultSession.once('will-download', (event) => resolve(event.defaultPrevented))),
  );
  await page.evaluate(() => {
    const link = document.createElement('a');
    link.href = 'data:text/plain,secret';
    link.download = 'secret.txt';
    link.click();
  });
  expect(await prevented).toBe(true);
});

test('E18: a packaged application has no developer tools and reads no variables of a checkout', async () => {
  test.setTimeout(120_000);
  const executable = process.env['HINDSIGHT_ELECTRON'] as string;
  const folder = join(temporary('packaged'), 'electron');
  // Electron considers itself packaged when its executable has another name.
  expect(spawnSync('cp', ['-al', dirname(executable), folder]).status).toBe(0);
  renameSync(join(folder, basename(executable)), join(folder, 'hindsight'));
  const home = temporary('home');
  const app = await _electron.launch({
    executablePath: join(folder, 'hindsight'),
    args: JSON.parse(process.env['HINDSIGHT_ELECTRON_ARGS'] ?? '[]') as string[],
    cwd: ROOT,
    env: { ...(process.env as Record<string, string>), HOME: home, XDG_CONFIG_HOME: home, HINDSIGHT_TEST: '1', HINDSIGHT_USER_DATA: join(home, 'elsewhere') },
  });
  const page = await app.firstWindow();
  await page.getByRole('heading', { name: 'Hindsight' }).waitFor();
  const seen = await app.evaluate(async ({ app: running, BrowserWindow }) => {
    const webContents = BrowserWindow.getAllWindows()[0]?.webContents;
    webContents?.openDevTools();
    await new Promise((resolve) => setTimeout(resolve, 500));
    return { isPackaged: running.isPackaged, userData: running.getPath('userData'), devTools: webContents?.isDevToolsOpened() };
  });
  expect(seen).toMatchObject({ isPackaged: true, devTools: false });
  expect(seen.userData).not.toContain('elsewhere');
  expect(await page.evaluate(() => typeof (globalThis as { __idle?: unknown }).__idle)).toBe('undefined');
  await app.close();
});
