import { type BrowserWindow, ipcMain } from 'electron';
import type { Channel, ToClient, ToServer } from '../core/wire/messages.ts';
import { isTrustedFrame } from './security.ts';

/**
 * The connection to the page (S13). Messages are accepted only from the main frame of this window while it shows the
 * application's own page. When a page is loaded, the previous connection is closed and a new one begins.
 *
 * @param connected called for each page that is loaded.
 */
export function acceptPages(window: BrowserWindow, connected: (channel: Channel<ToClient, ToServer>) => void): void {
  let current: { receive: (message: ToServer) => void; closed: () => void } | undefined;
  const channel: Channel<ToClient, ToServer> = {
    send: (message) => {
      if (!window.isDestroyed() && !window.webContents.isDestroyed()) window.webContents.send('wire', message);
    },
    listen: (receive, closed) => {
      current = { receive, closed };
    },
  };
  const begin = (): void => {
    current?.closed();
    connected(channel);
  };
  window.webContents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => isMainFrame && !isSameDocument && begin());
  const listener = (event: Electron.IpcMainEvent, message: ToServer): void => {
    if (isTrustedFrame(event.senderFrame, !window.isDestroyed() && event.sender === window.webContents)) current?.receive(message);
  };
  ipcMain.on('wire', listener);
  window.once('closed', () => {
    ipcMain.off('wire', listener);
    current?.closed();
  });
}
