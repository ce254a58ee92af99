import { join } from 'node:path';
import { app, BrowserWindow, dialog, nativeTheme, screen } from 'electron';
import { ORIGIN, WEB_PREFERENCES } from './security.ts';
import type { Settings } from './settings.ts';

const MIN_WIDTH = 900;
const MIN_HEIGHT = 560;

/** How often a crashed page is reloaded within a minute. */
const MAX_RELOADS = 3;
const MINUTE = 60_000;

/** Opens the window at its last position, if that is still on a display. @param beforeLoad called before the page is loaded. */
export function openWindow(settings: Settings, outFolder: string, beforeLoad: (window: BrowserWindow) => void): BrowserWindow {
  nativeTheme.themeSource = settings.preferences.theme;
  const window = new BrowserWindow({
    ...initialBounds(settings),
    minWidth: MIN_WIDTH,
    minHeight: MIN_HEIGHT,
    show: false,
    title: 'Hindsight',
    // The theme's background, so that the window does not flash white.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0e1014' : '#f3f4f7',
    webPreferences: { ...WEB_PREFERENCES, devTools: !app.isPackaged, preload: join(outFolder, 'electron', 'preload.cjs') },
  });
  window.once('ready-to-show', () => window.show());
  window.on('close', () => settings.set({ bounds: window.getNormalBounds() }));
  // S19: a crashed page is reloaded, and main restores what was on screen; but only a few times.
  let reloads: number[] = [];
  window.webContents.on('render-process-gone', (_, { reason }) => {
    if (reason === 'clean-exit') return;
    const now = Date.now();
    reloads = [...reloads.filter((at) => now - at < MINUTE), now];
    if (reloads.length <= MAX_RELOADS) window.webContents.reload();
    else void offerReload(window);
  });
  // Chromium forgets the zoom when a page is loaded.
  window.webContents.on('did-finish-load', () => window.webContents.setZoomFactor(settings.preferences.zoom));
  beforeLoad(window);
  void window.loadURL(`${ORIGIN}/`);
  return window;
}

async function offerReload(window: BrowserWindow): Promise<void> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    message: `The window crashed ${MAX_RELOADS + 1} times within a minute.`,
    detail: 'Nothing was written to the database. Try again, or quit and report what was on screen.',
    buttons: ['Try Again', 'Quit'],
  });
  if (response === 0) window.webContents.reload();
  else app.quit();
}

/** A remembered side of the window, if it is one that a window can have. */
function sideOf(remembered: number | undefined, smallest: number, usual: number): number {
  return remembered !== undefined && remembered >= smallest && remembered <= 20_000 ? Math.round(remembered) : usual;
}

function initialBounds({ bounds }: Settings): { x?: number; y?: number; width: number; height: number } {
  const size = { width: sideOf(bounds?.width, MIN_WIDTH, 1440), height: sideOf(bounds?.height, MIN_HEIGHT, 900) };
  if (bounds === undefined) return size;
  const visible = screen
    .getAllDisplays()
    .some(
      ({ workArea: area }) =>
        bounds.x < area.x + area.width - 80 && bounds.x + bounds.width > area.x + 80 && bounds.y >= area.y - 10 && bounds.y < area.y + area.height - 40,
    );
  return visible ? { ...size, x: Math.round(bounds.x), y: Math.round(bounds.y) } : size;
}
