import type { App, Session, WebContents, WebPreferences } from 'electron';

/**
 * Every security restriction of the application, with the numbers that the tests use. Do not loosen one without knowing its
 * purpose.
 */

export const ORIGIN = 'app://hindsight';

/** S2–S4, S6, S8: the preferences of every window. */
export const WEB_PREFERENCES = Object.freeze({
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  contextIsolation: true,
  sandbox: true,
  webviewTag: false,
  spellcheck: false,
}) satisfies WebPreferences;

/** S7: only the application's own files are loaded, and no text is ever run as a script. */
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

/** Must be called before the app is ready. */
export function lockDown(app: App): void {
  // S4. Root runs without the sandbox, and enabling it nevertheless would kill the network service in a loop.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.on('web-contents-created', (_, contents) => lockContents(contents));
  // S5: nothing is loaded from a network, so no certificate is ever trusted or offered.
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

/** Whether the app serves the URL itself. DevTools are part of Chromium and exist only in development builds. */
function isOurs(url: string): boolean {
  return url.startsWith(`${ORIGIN}/`) || url.startsWith('devtools://') || url.startsWith('data:');
}

/** S13: messages are accepted only from the main frame of the application's window, while it shows the application's page. */
export interface Frame {
  readonly url: string;
  readonly parent: unknown;
}

export function isTrustedFrame(frame: Frame | null | undefined, isOurWindow: boolean): boolean {
  if (!frame || !isOurWindow || frame.parent !== null) return false;
  const url = URL.canParse(frame.url) ? new URL(frame.url) : undefined;
  return url !== undefined && url.protocol === 'app:' && url.host === 'hindsight' && url.username === '' && url.password === '' && url.port === '';
}
