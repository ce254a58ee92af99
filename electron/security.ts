import type { App, Session, WebContents, WebPreferences } from 'electron';

/**
 * Every lock of the application, numbered as the tests name them. Do not loosen one without reading what it is for.
 */

export const ORIGIN = 'app://hindsight';

/** S2–S4, S6, S8: what every window gets, and nothing may add to it. */
export const WEB_PREFERENCES = Object.freeze({
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  contextIsolation: true,
  sandbox: true,
  webviewTag: false,
  spellcheck: false,
}) satisfies WebPreferences;

/** S7. Nothing but our own files, and no text ever becomes script. */
export const CONTENT_SECURITY_POLICY = [
  `default-src 'none'`,
  `script-src 'self'`,
  `style-src 'self'`,
  `img-src 'self' data:`,
  `font-src 'self'`,
  `connect-src 'none'`,
  `base-uri 'none'`,
  `form-action 'none'`,
  `frame-ancestors 'none'`,
  `object-src 'none'`,
  `require-trusted-types-for 'script'`,
  `trusted-types 'none'`,
].join('; ');

/** Before the app is ready. */
export function lockDown(app: App): void {
  // S4. As root the sandbox is off, and asking for it all the same would kill the network service in a loop.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_, contents) => lockContents(contents));
  // S5: no certificate is ever trusted or offered; nothing is loaded from a network.
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, trust) => {
    event.preventDefault();
    trust(false);
  });
  app.on('select-client-certificate', (event, _contents, _url, _list, choose) => {
    event.preventDefault();
    choose();
  });
}

/** S8–S11. */
function lockContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** S1 and S5. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, decide) => decide({}));
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, decide) => decide({ cancel: !isOurs(details.url) }));
}

/** Only what the app serves itself; DevTools of a development build are Chromium's own. */
function isOurs(url: string): boolean {
  return url.startsWith(`${ORIGIN}/`) || url.startsWith('devtools://') || url.startsWith('data:');
}

/** S13: a request counts only from the main frame of our own window, and only from our own page. */
export interface Frame {
  readonly url: string;
  readonly parent: unknown;
}

export function isTrustedFrame(frame: Frame | null | undefined, isOurWindow: boolean): boolean {
  if (!frame || !isOurWindow || frame.parent !== null) return false;
  const url = URL.canParse(frame.url) ? new URL(frame.url) : undefined;
  return url !== undefined && url.protocol === 'app:' && url.host === 'hindsight' && url.username === '' && url.password === '' && url.port === '';
}
