import { type BrowserWindow, ipcMain } from 'electron';
import type { Channel, ToClient, ToServer } from '../core/wire/messages.ts';
import { isTrustedFrame } from './security.ts';

/**
 * The connection with the page (S13): messages count only from the main frame of our own window with our own page. It
 * ends when another page is loaded; then the next one begins.
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
