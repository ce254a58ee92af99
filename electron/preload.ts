import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { ToClient, ToServer } from '../core/wire/messages.ts';

/**
 * All that the page can do is to send and to receive messages. It receives data, never an event object. The path of a dropped
 * File is read here, so that the page cannot invent one.
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
