import { chmodSync, chownSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { _electron } from '@playwright/test';
import { pageRequests } from '../../core/contract/contract.ts';
import { hostRequests } from '../../core/contract/host.ts';
import { expect, openSample, ROOT, temporary, test } from './fixtures.ts';

test('M27: the restrictions hold in the running window', async ({ hindsight }) => {
  const { page, app, trouble } = hindsight;
  await openSample(hindsight);
  const attacks = await page.evaluate(
    () =>
      new Promise<Record<string, unknown>>((resolve) => {
        const violations: string[] = [];
        document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
        // In a later task, because code that the inspector evaluates is exempt from the policy.
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
    bridge: [['listen', 'send'], true],
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
  const asked: readonly (readonly [name: string, params: object])[] = [
    ['sources.open', { source: 9, prepared: { kind: 'sqlite', file: { original: '/etc/passwd', real: '/etc/passwd', path: '/etc/passwd', access: 'live' } } }],
    ['export.write', { source: 1, execution: 'x', sequence: 0, kind: 'events', reading: 'replay', form: 'jsonl', path: '/tmp/x' }],
    ['host.openRecent', { path: '/etc/passwd' }],
    ['host.openDropped', { path: '/etc/passwd' }],
    ['__proto__', {}],
    ['frame.at', { execution: 'x' }],
    // Each request of the contract, with a key that it does not have.
    ...[...Object.keys(pageRequests), ...Object.keys(hostRequests)].map((name) => [name, { unexpected: 1 }] as const),
  ];
  const answers = await page.evaluate(async (requests) => {
    interface Message {
      readonly id?: number;
      readonly result?: { readonly fault?: { readonly kind: string } };
    }
    const { bridge } = globalThis as unknown as { bridge: { send(message: unknown): void; listen(receive: (message: Message) => void): void } };
    return Promise.all(
      requests.map(
        ([name, params], i) =>
          new Promise<string>((resolve) => {
            bridge.listen(({ id, result }) => id === -1 - i && resolve(`${name} ${result?.fault?.kind}`));
            bridge.send({ id: -1 - i, name, params });
          }),
      ),
    );
  }, asked);
  expect(answers).toEqual(asked.map(([name]) => `${name} bad-request`));
  const foreign = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('app://hindsight/') && !name.startsWith('data:') && !name.includes('127.0.0.1') && !name.startsWith('file:')),
  );
  expect(foreign).toEqual([]);
  // Only the attacks themselves may be reported.
  trouble.length = 0;
});

test('M26: every screen passes the accessibility checks, in both themes', async ({ hindsight }) => {
  const { page, goTo } = hindsight;
  const check = async (screen: string): Promise<void> => {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await hindsight.idle();
      const { violations } = await new AxeBuilder({ page })
        .setLegacyMode(true)
        // The name of a tree row is its key on purpose; its value is its text.
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

test('the real sandbox is on for a user who is not root', async () => {
  test.setTimeout(180_000);
  const { executable, args, env, cwd } = process.platform === 'linux' && process.getuid?.() === 0 ? forNobody(temporary('sandbox')) : forEverybody();
  const running = await _electron.launch({
    executablePath: executable,
    args,
    chromiumSandbox: true,
    cwd,
    env: { ...(process.env as Record<string, string>), HINDSIGHT_TEST: '1', ...env },
  });
  const page = await running.firstWindow();
  const seen = await running.evaluate(({ app, BrowserWindow }) => ({
    noSandbox: app.commandLine.hasSwitch('no-sandbox'),
    pid: BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    uid: process.getuid?.(),
  }));
  expect(seen.noSandbox).toBe(false);
  expect(seen.uid).not.toBe(0);
  if (process.platform === 'linux') {
    // Seccomp mode 2 is a filter: the kernel restricts the process of the page.
    expect(readFileSync(`/proc/${seen.pid}/status`, 'utf8')).toMatch(/Seccomp:\s+2/);
  }
  await page.getByRole('button', { name: 'Open the sample' }).click();
  await expect(page.getByRole('status', { name: 'Shown' })).toHaveText('60 of 60 shown');
  await running.close();
});

interface Launch {
  readonly executable: string;
  readonly args: string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

function forEverybody(): Launch {
  return {
    executable: process.env['HINDSIGHT_ELECTRON'] as string,
    args: JSON.parse(process.env['HINDSIGHT_ELECTRON_ARGS'] ?? '[]') as string[],
    env: { HINDSIGHT_USER_DATA: temporary('user') },
    cwd: ROOT,
  };
}

/** Starts a copy of the application that user 65534 can read, as that user. */
function forNobody(home: string): Launch {
  const electron = dirname(process.env['HINDSIGHT_ELECTRON'] as string);
  const app = join(home, 'app');
  mkdirSync(join(app, 'node_modules'), { recursive: true });
  for (const name of ['out', 'samples', 'package.json', 'node_modules/better-sqlite3']) cpSync(join(ROOT, name), join(app, name), { recursive: true });
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
  const executable = join(home, 'as-nobody');
  writeFileSync(executable, `#!/bin/sh\nexec setpriv --reuid=65534 --regid=65534 --clear-groups ${join(home, 'electron', 'electron')} "$@"\n`);
  chmodSync(executable, 0o755);
  return {
    executable,
    args: ['--disable-gpu', `--user-data-dir=${userData}`],
    env: { HOME: userData, TMPDIR: userData, HINDSIGHT_USER_DATA: userData, HINDSIGHT_NODE: node },
    cwd: app,
  };
}
