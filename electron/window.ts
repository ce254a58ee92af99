import { join } from 'node:path';
import { BrowserWindow, nativeTheme, screen } from 'electron';
import { ORIGIN, WEB_PREFERENCES } from './security.ts';
import type { Settings } from './settings.ts';

/** Opens the one window, where it was last time if that place still exists. */
export function openWindow(settings: Settings, outFolder: string): BrowserWindow {
  nativeTheme.themeSource = settings.theme;
  const window = new BrowserWindow({
    ...placeOf(settings),
    minWidth: 900,
    minHeight: 560,
    show: false,
    title: 'Hindsight',
    // The first paint is in the theme's own colour: no white flash.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0e1014' : '#f3f4f7',
    webPreferences: { ...WEB_PREFERENCES, preload: join(outFolder, 'electron', 'preload.cjs') },
  });
  window.once('ready-to-show', () => window.show());
  window.on('close', () => settings.set({ bounds: window.getNormalBounds() }));
  // S19: a crashed page is loaded once more; what stood on screen is restored from main.
  window.webContents.on('render-process-gone', (_, { reason }) => {
    if (reason !== 'clean-exit') window.webContents.reload();
  });
  void window.loadURL(`${ORIGIN}/`);
  return window;
}

function placeOf({ bounds }: Settings): { x?: number; y?: number; width: number; height: number } {
  const size = { width: bounds?.width ?? 1440, height: bounds?.height ?? 900 };
  if (bounds === undefined) return size;
  const visible = screen
    .getAllDisplays()
    .some(
      ({ workArea: area }) =>
        bounds.x < area.x + area.width - 80 && bounds.x + bounds.width > area.x + 80 && bounds.y >= area.y - 10 && bounds.y < area.y + area.height - 40,
    );
  return visible ? { ...size, x: bounds.x, y: bounds.y } : size;
}
