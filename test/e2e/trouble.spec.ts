import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, existsSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { _electron } from '@playwright/test';
import { copyOf, expect, openSample, ROOT, SAMPLE, start, temporary, test } from './fixtures.ts';

/** The processes below another one, by their number and command line. */
function children(pid: number): { pid: number; command: string }[] {
  const { stdout } = spawnSync('ps', ['--ppid', String(pid), '-o', 'pid=,args='], { encoding: 'utf8' });
  return stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ pid: Number(line.trim().split(' ')[0]), command: line }));
}

test('a bad file shows its sentence, and the app goes on', async ({ hindsight }) => {
  const { page, app } = hindsight;
  const folder = temporary('bad');
  const text = join(folder, 'notes.db');
  writeFileSync(text, 'not a database\n'.repeat(100));
  const cut = copyOf(SAMPLE);
  truncateSync(cut, 100_000);
  for (const [path, says] of [
    [text, 'notes.db is not an SQLite database: it is a text file. Choose a JamJet state database, usually runtime.db.'],
    [cut, 'runtime.db is damaged:'],
    [join(folder, 'gone.db'), 'is not there. Check the path'],
    [folder, 'is a folder, not a database file'],
  ] as const) {
    await app.evaluate(({ dialog }, filePath) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
    }, path);
    await page.getByRole('button', { name: /Open database/ }).click();
    await expect(page.getByRole('alert')).toContainText(says);
  }
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await openSample(hindsight);
});

test('a killed engine comes back, and the cursor with it', async ({ hindsight }) => {
  const { page, app, goTo } = hindsight;
  await openSample(hindsight);
  await hindsight.openExecution('9f31c2d4');
  await goTo(333);
  await expect.poll(async () => page.evaluate(() => document.title)).toContain('runtime.db');
  const main = app.process().pid as number;
  for (let round = 0; round < 2; round++) {
    const engine = children(main).find(({ command }) => command.includes('engine.cjs'));
    if (engine === undefined) throw new Error('there is no engine process');
    process.kill(engine.pid, 'SIGKILL');
    await expect.poll(() => children(main).find(({ command }) => command.includes('engine.cjs'))?.pid ?? engine.pid).not.toBe(engine.pid);
    await expect(page.getByRole('status', { name: 'Notice' })).toContainText('started again');
    await hindsight.idle();
    await expect(page.getByRole('status', { name: 'Cursor' })).toContainText(`#${333 + round} of 409`);
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('status', { name: 'Cursor' })).toContainText(`#${334 + round} of 409`);
  }
});

test('the command line of the app opens a place; the private copy is gone at the end, and what a killed one left at the next start', async () => {
  const path = copyOf(SAMPLE);
  const temp = temporary('tmp');
  const left = join(temp, 'hindsight-copy-999999-x');
  mkdirSync(left);
  const copies = (): string[] => readdirSync(temp).filter((name) => name.startsWith('hindsight-copy-'));
  const hindsight = await start({ args: [`--open=${path}`, '--execution=exec_9f31', '--at=205'], env: { TMPDIR: temp } });
  await expect(hindsight.page.getByRole('status', { name: 'Cursor' })).toContainText('#205 of 409');
  expect(copies()).toHaveLength(1);
  expect(existsSync(left)).toBe(false);
  await hindsight.app.close();
  expect(copies()).toEqual([]);
  expect(readdirSync(dirname(path))).toEqual(['runtime.db']);
});

test('recent files are remembered; one that is gone is shown as missing', async () => {
  const userData = temporary('user');
  const path = copyOf(SAMPLE);
  const first = await start({ args: [`--open=${path}`], userData });
  await expect(first.page.getByRole('status', { name: 'Shown' })).toContainText('44 of 44');
  await first.app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] });
  }, path);
  await first.page.getByRole('button', { name: /^Open…/ }).click();
  await first.idle();
  await first.app.close();
  const second = await start({ userData });
  await second.page
    .getByRole('button', { name: /runtime\.db/ })
    .first()
    .click();
  await expect(second.page.getByRole('status', { name: 'Shown' })).toContainText('44 of 44');
  await second.app.close();
  truncateSync(path, 0);
  spawnSync('rm', [path]);
  const third = await start({ userData });
  await expect(third.page.getByText(`missing · ${path}`)).toBeVisible();
  await third.app.close();
});

test('settings that cannot be read are kept aside, and the app starts', async () => {
  const userData = temporary('user');
  writeFileSync(join(userData, 'settings.json'), '{');
  const hindsight = await start({ userData });
  await expect(hindsight.page.getByRole('heading', { name: 'Hindsight' })).toBeVisible();
  await hindsight.app.close();
  expect(readdirSync(userData)).toContain('settings.json.unreadable');
});

test('the utility process hosts the engine, too', async () => {
  const hindsight = await start({ env: { HINDSIGHT_ENGINE: 'utility', HINDSIGHT_MEMORY: '1' } });
  const { page, goTo } = hindsight;
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('1 of 1 shown');
  await hindsight.openExecution('00000000');
  await goTo(11);
  await expect(page.getByRole('tree', { name: 'State' }).getByRole('treeitem', { name: 'score', exact: true })).toContainText('9007199254740993');
  const main = hindsight.app.process().pid as number;
  const engine = children(main).find(({ command }) => command.includes('--utility-sub-type=node.mojom.NodeService'));
  if (engine === undefined) throw new Error('there is no utility process');
  process.kill(engine.pid, 'SIGKILL');
  await expect(page.getByRole('status', { name: 'Notice' })).toContainText('started again');
  await expect(page.getByRole('status', { name: 'Cursor' })).toContainText('#11 of 12');
  await hindsight.app.close();
});

test('a hundred thousand events are opened, scrubbed and listed without many elements', async () => {
  test.setTimeout(180_000);
  const path = join(temporary('large'), 'large.db');
  expect(spawnSync(process.execPath, [join(ROOT, 'scripts', 'sample.ts'), '--events', '100000', '--out', path]).status).toBe(0);
  const hindsight = await start({ args: [`--open=${path}`] });
  const { page, goTo, idle } = hindsight;
  await hindsight.openExecution('9f31c2d4');
  const slider = page.getByRole('slider', { name: 'Sequence' });
  const last = Number(await slider.getAttribute('aria-valuemax'));
  expect(last).toBeGreaterThan(95_000);
  for (const sequence of [50_000, 1, last, 77_777]) {
    await goTo(sequence);
    await expect(page.getByRole('grid', { name: 'Events' }).getByRole('row', { selected: true })).toContainText(String(sequence));
  }
  await page.getByRole('grid', { name: 'Events' }).evaluate((grid) => {
    grid.scrollTop = grid.scrollHeight;
  });
  await idle();
  await expect(page.getByRole('grid', { name: 'Events' }).getByRole('row').last()).toContainText('workflow_completed');
  expect(await page.locator('*').count()).toBeLessThan(3000);
  await hindsight.app.close();
});

test('the locks hold in the running window', async ({ hindsight }) => {
  const { page, app, trouble } = hindsight;
  await openSample(hindsight);
  const attacks = await page.evaluate(
    () =>
      new Promise<Record<string, unknown>>((resolve) => {
        const violations: string[] = [];
        document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
        // In a later task: what the inspector evaluates is exempt from the policy.
        setTimeout(async () => {
          const attempt = async (work: () => unknown): Promise<string> => {
            try {
              await work();
              return 'done';
            } catch {
              return 'blocked';
            }
          };
          const result: Record<string, unknown> = {
            globals: ['require', 'process', 'Buffer', 'module', 'global'].filter((name) => name in globalThis),
            bridge: [
              Object.keys((globalThis as unknown as { bridge: object }).bridge).sort(),
              Object.isFrozen((globalThis as unknown as { bridge: object }).bridge),
            ],
            eval: await attempt(() => (globalThis as unknown as { eval(text: string): unknown }).eval('1')),
            newFunction: await attempt(() => new Function('return 1')()),
            innerHTML: await attempt(() => {
              document.createElement('div').innerHTML = '<b>x</b>';
            }),
            fetch: await attempt(() => fetch('http://127.0.0.1:9/')),
            file: await attempt(() => fetch('file:///etc/passwd')),
            open: String(window.open('https://example.org')),
            notifications: await Notification.requestPermission().catch(() => 'denied'),
            clipboard: await attempt(() => navigator.clipboard.readText()),
            webview: document.body.appendChild(document.createElement('webview')).constructor.name,
          };
          const script = document.createElement('script');
          result['inlineScript'] = await attempt(() => {
            script.text = 'globalThis.pwned = 1';
            document.body.append(script);
          });
          const frame = document.createElement('iframe');
          frame.src = 'http://127.0.0.1:9/';
          document.body.append(frame);
          location.href = 'https://example.org/';
          setTimeout(() => {
            result['pwned'] = (globalThis as { pwned?: unknown }).pwned;
            result['violations'] = violations.length > 0;
            resolve(result);
          }, 300);
        }, 0);
      }),
  );
  expect(attacks).toEqual({
    globals: [],
    bridge: [['ask', 'onPush'], true],
    eval: 'blocked',
    newFunction: 'blocked',
    innerHTML: 'blocked',
    fetch: 'blocked',
    file: 'blocked',
    open: 'null',
    notifications: 'denied',
    clipboard: 'blocked',
    webview: 'HTMLElement',
    inlineScript: 'blocked',
    pwned: undefined,
    violations: true,
  });
  expect(page.url()).toBe('app://hindsight/');
  expect(app.windows()).toHaveLength(1);
  const refused = await page.evaluate(async () => {
    const { bridge } = globalThis as unknown as { bridge: { ask(name: string, params: unknown): Promise<{ ok: boolean; fault?: { kind: string } }> } };
    const kinds: (string | undefined)[] = [];
    for (const [name, params] of [
      ['source.open', { file: { original: '/etc/passwd', path: '/etc/passwd', access: 'live' } }],
      ['export.write', { execution: 'x', sequence: 0, what: 'events', reading: 'replay', style: 'pretty', path: '/tmp/x' }],
      ['source.recent', { path: '/etc/passwd' }],
      ['source.drop', { path: '/etc/passwd' }],
      ['__proto__', {}],
      ['frame.at', { execution: 'x' }],
    ] as const) {
      kinds.push((await bridge.ask(name, params)).fault?.kind);
    }
    return kinds;
  });
  expect(refused).toEqual(Array(6).fill('bad-request'));
  const foreign = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('app://hindsight/') && !name.startsWith('data:') && !name.includes('127.0.0.1') && !name.startsWith('file:')),
  );
  expect(foreign).toEqual([]);
  // The attacks themselves are reported; nothing else may be.
  trouble.length = 0;
});

test('every screen is usable with assistive technology, in both themes', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  const check = async (screen: string): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await hindsight.idle();
      const { violations } = await new AxeBuilder({ page })
        .setLegacyMode(true)
        // Rows of the tree are named by their key on purpose; their value is their text.
        .disableRules(['label-content-name-mismatch'])
        .analyze();
      const serious = violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) =>
            `${screen} ${colorScheme} ${id}: ${nodes
              .map(({ html }) => html.slice(0, 120))
              .slice(0, 3)
              .join(' | ')}`,
        );
      expect(serious).toEqual([]);
    }
  };
  await check('welcome');
  await openSample(hindsight);
  await check('executions');
  await hindsight.openExecution('9f31c2d4');
  await goTo(402);
  await check('execution');
  await page.keyboard.press('Control+e');
  await page.getByRole('dialog', { name: 'Export' }).waitFor();
  await check('export');
  hindsight.trouble.length = 0;
});

test('the real sandbox is on for somebody who is not root', async () => {
  test.skip(process.platform !== 'linux' || process.getuid?.() !== 0, 'everybody else runs every other test in the sandbox already');
  test.setTimeout(180_000);
  const home = temporary('sandbox');
  const electron = dirname(process.env['HINDSIGHT_ELECTRON'] as string);
  const app = join(home, 'app');
  mkdirSync(app);
  for (const name of ['out', 'samples', 'package.json']) cpSync(join(ROOT, name), join(app, name), { recursive: true });
  mkdirSync(join(app, 'node_modules'));
  for (const name of ['better-sqlite3', 'bindings', 'file-uri-to-path'])
    if (existsSync(join(ROOT, 'node_modules', name))) cpSync(join(ROOT, 'node_modules', name), join(app, 'node_modules', name), { recursive: true });
  const node = join(home, 'node');
  cpSync(process.execPath, node);
  cpSync(electron, join(home, 'electron'), { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('/resources/app') });
  mkdirSync(join(home, 'electron', 'resources'), { recursive: true });
  symlinkSync(app, join(home, 'electron', 'resources', 'app'));
  chownSync(join(home, 'electron', 'chrome-sandbox'), 0, 0);
  chmodSync(join(home, 'electron', 'chrome-sandbox'), 0o4755);
  const userData = join(home, 'user');
  mkdirSync(userData);
  chownSync(userData, 65534, 65534);
  chmodSync(home, 0o755);
  const wrapper = join(home, 'as-nobody');
  writeFileSync(wrapper, `#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups ${join(home, 'electron', 'electron')} "$@"\n`);
  chmodSync(wrapper, 0o755);
  const running = await _electron.launch({
    executablePath: wrapper,
    args: ['--disable-gpu', `--user-data-dir=${userData}`],
    chromiumSandbox: true,
    cwd: app,
    env: {
      ...(process.env as Record<string, string>),
      HOME: userData,
      TMPDIR: userData,
      HINDSIGHT_TEST: '1',
      HINDSIGHT_USER_DATA: userData,
      HINDSIGHT_NODE: node,
    },
  });
  const page = await running.firstWindow();
  const renderer = await running.evaluate(({ app: electronApp, BrowserWindow }) => ({
    noSandbox: electronApp.commandLine.hasSwitch('no-sandbox'),
    pid: BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    uid: process.getuid?.(),
  }));
  expect(renderer).toMatchObject({ noSandbox: false, uid: 65534 });
  // Seccomp mode 2 is a filter: the kernel itself holds the page's process.
  const { stdout } = spawnSync('grep', ['Seccomp:', `/proc/${renderer.pid}/status`], { encoding: 'utf8' });
  expect(stdout).toMatch(/Seccomp:\s+2/);
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('44 of 44 shown');
  await running.close();
});
