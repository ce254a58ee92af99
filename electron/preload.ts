import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { ToClient, ToServer } from '../core/wire/messages.ts';

/**
 * All that the page can do: send a message, and be sent one. It gets data, never an event object, and never a path that
 * a person has not dropped: a File's path is read here, where the page cannot make one up.
 */
const bridge = {
  send(message: ToServer, file?: File): void {
    const drops = 'name' in message && message.name === 'host.openDropped';
    ipcRenderer.send('wire', drops ? { ...message, params: file instanceof File ? { path: webUtils.getPathForFile(file) } : {} } : message);
  },
  listen(receive: (message: ToClient) => void): void {
    ipcRenderer.on('wire', (_, message: ToClient) => receive(message));
  },
};

contextBridge.exposeInMainWorld('bridge', Object.freeze(bridge));
