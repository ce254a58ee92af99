import { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { PushName } from '../core/contract.ts';

/**
 * All that the page can do: ask, and be told. It gets data, never an event object, and never a path it did not get by
 * a person's drop: a File's path is read here, where the page cannot make one up.
 */
const bridge = {
  ask(name: string, params: unknown): Promise<unknown> {
    if (name !== 'source.drop') return ipcRenderer.invoke('ask', name, params);
    return ipcRenderer.invoke('ask', name, params instanceof File ? { path: webUtils.getPathForFile(params) } : {});
  },
  onPush(receive: (name: PushName, value: unknown) => void): void {
    ipcRenderer.on('push', (_, name: PushName, value: unknown) => receive(name, value));
  },
};

contextBridge.exposeInMainWorld('bridge', Object.freeze(bridge));
