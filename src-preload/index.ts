import { contextBridge, ipcRenderer } from 'electron';
import type { BerthApi } from '../src-contract/derive.ts';
import { isInvokeChannel, isNotifyChannel } from './channel-names.ts';

const api: BerthApi = {
  invoke(channel, args) {
    if (!isInvokeChannel(channel)) throw new TypeError(`unknown channel ${String(channel)}`);
    return ipcRenderer.invoke(channel, args);
  },
  on(channel, listener) {
    if (!isNotifyChannel(channel)) throw new TypeError(`unknown channel ${String(channel)}`);
    const receive = (_event: unknown, payload: unknown) => listener(payload);
    ipcRenderer.on(channel, receive);
    return () => {
      ipcRenderer.removeListener(channel, receive);
    };
  },
};

contextBridge.exposeInMainWorld('berth', api);
