import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { safeFileName } from '../../core/export/file-name.ts';
import { appResponder } from '../../electron/app-files.ts';
import { startArguments } from '../../electron/arguments.ts';
import { CONTENT_SECURITY_POLICY, isTrustedFrame, WEB_PREFERENCES } from '../../electron/security.ts';
import { temporaryFolder } from '../support/temp.ts';

describe('app://', () => {
  const folder = temporaryFolderOnce();
  const answer = appResponder(
    new Map([
      ['/index.html', join(folder, 'index.html')],
      ['/assets/a.js', join(folder, 'a.js')],
    ]),
  );

  it('serves exactly the listed files, with their type and all headers', async () => {
    for (const [url, type] of [
      ['app://hindsight/', 'text/html'],
      ['app://hindsight/index.html?x#y', 'text/html'],
      ['app://hindsight/assets/a.js', 'text/javascript'],
    ] as const) {
      const response = await answer({ url, method: 'GET' });
      expect([
        response.status,
        response.headers.get('content-type')?.startsWith(type),
        response.headers.get('x-content-type-options'),
        response.headers.get('content-security-policy'),
      ]).toEqual([200, true, 'nosniff', CONTENT_SECURITY_POLICY]);
    }
  });

  it.each([
    'app://hindsight/../secret',
    'app://hindsight/%2e%2e/secret',
    'app://hindsight/..%2fsecret',
    'app://hindsight/assets/%61.js',
    'app://hindsight/assets\\a.js',
    'app://hindsight/\0index.html',
    'app://hindsight//etc/passwd',
    'app://hindsight/etc/passwd',
    'app://hindsight/assets/',
    'app://hindsight/nope.html',
    'app://evil/index.html',
    'app://hindsight.evil/index.html',
    'app://user@hindsight/index.html',
    'file:///etc/passwd',
    'https://hindsight/',
    '',
  ])('does not serve %j', async (url) => {
    expect((await answer({ url, method: 'GET' })).status).toBe(404);
  });

  it.each(['POST', 'PUT', 'HEAD', 'DELETE'])('does not accept %s', async (method) => {
    expect((await answer({ url: 'app://hindsight/', method })).status).toBe(405);
  });

  function temporaryFolderOnce(): string {
    const place = join(import.meta.dirname, '..', '..', 'test-results', 'served');
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'index.html'), '<!doctype html>');
    writeFileSync(join(place, 'a.js'), '');
    return place;
  }
});

describe('a trusted frame', () => {
  it('is the main frame of the application window while it shows the application page', () => {
    expect(isTrustedFrame({ url: 'app://hindsight/', parent: null }, true)).toBe(true);
  });
  it.each([
    ['another window', { url: 'app://hindsight/', parent: null }, false],
    ['a frame inside', { url: 'app://hindsight/', parent: {} }, true],
    ['a frame that is gone', null, true],
    ['about:blank', { url: 'about:blank', parent: null }, true],
    ['a similar host', { url: 'app://hindsight.evil/', parent: null }, true],
    ['a user in the address', { url: 'app://user@hindsight/', parent: null }, true],
    ['a port', { url: 'app://hindsight:1/', parent: null }, true],
    ['another scheme', { url: 'https://hindsight/', parent: null }, true],
    ['a file', { url: 'file:///app/index.html', parent: null }, true],
    ['nonsense', { url: '', parent: null }, true],
  ])('is not %s', (_, frame, isOurWindow) => {
    expect(isTrustedFrame(frame, isOurWindow)).toBe(false);
  });
});

describe('the preferences of every window', () => {
  it('are locked and frozen', () => {
    expect(WEB_PREFERENCES).toEqual({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      contextIsolation: true,
      sandbox: true,
      webviewTag: false,
      spellcheck: false,
    });
    expect(Object.isFrozen(WEB_PREFERENCES)).toBe(true);
    expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|https?:/);
  });
});

describe('the command line of the app', () => {
  const read = (...argv: string[]): ReturnType<typeof startArguments> => startArguments(argv, '/from/here', '/app/sample.db');

  it('takes a source, an execution and a sequence, and ignores everything else', () => {
    expect(read('electron', '.', '--open=sqlite:///a b.db', '--execution=9f31', '--at=42', '--evil=1', 'x')).toEqual({
      open: { kind: 'sqlite', path: '/a b.db' },
      execution: '9f31',
      at: 42,
    });
    expect(read('--open=', '--at=-1', '--execution')).toEqual({ open: undefined, execution: undefined, at: undefined });
  });

  it('resolves relative paths against the working folder, and knows the sample by name', () => {
    expect(read('--open=x.db').open).toEqual({ kind: 'sqlite', path: '/from/here/x.db' });
    expect(read('--open=sample').open).toEqual({ kind: 'sqlite', path: '/app/sample.db' });
  });

  it('opens a file or a link that is given by itself, as a file manager does, but neither the program nor what does not exist', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'run.db'), '');
    writeFileSync(join(folder, 'main.cjs'), '');
    const given = (...argv: string[]) => startArguments(argv, folder, '/app/sample.db');
    expect(given(process.execPath, folder, '--no-sandbox', 'run.db').open).toEqual({ kind: 'sqlite', path: join(folder, 'run.db') });
    expect(given('hindsight', 'run.db#9f31@12:/total')).toMatchObject({ open: { path: join(folder, 'run.db') }, execution: '9f31', at: 12, path: '/total' });
    expect(given('hindsight', 'postgres://localhost/runs').open).toMatchObject({ kind: 'postgres' });
    for (const argv of [[process.execPath, 'main.cjs'], [join(folder, 'run.db')], ['hindsight', folder], ['hindsight', 'no.db'], ['hindsight', '--x=run.db']])
      expect(given(...argv).open).toBeUndefined();
  });
});

describe('the name of an export', () => {
  it.each([
    '../../x',
    '..\\x',
    '/etc/passwd',
    'C:\\x',
    'con',
    'nul.txt',
    'a\0b',
    'a:b',
    'dot.',
    'space ',
    'x'.repeat(300),
    '',
    'gpj\u202E.exe',
    '-rf',
    '...',
    '~',
    'LPT1.json',
  ])('made from %j is a plain file name', (wanted) => {
    const name = safeFileName(wanted);
    expect(name).toMatch(/^[^\p{Cc}\p{Cf}<>:"/\\|?*]+$/u);
    expect(name).not.toMatch(/^[-.]|[. ]$|^(con|nul|lpt1)(\.|$)/i);
    expect(name.length).toBeLessThanOrEqual(121);
    expect(join(temporaryFolder(), name)).toContain(name);
  });
});
