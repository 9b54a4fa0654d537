/**
 * The window's only door in Electron: `window.countersign`, made from the contract's own keys. Runs sandboxed, as one
 * CommonJS file that requires nothing but `electron`. A name that is no key of the contract never reaches the main process.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron';
import { calls, events } from './contract.ts';

const callNames = new Set(Object.keys(calls));
const eventNames = new Set(Object.keys(events));

function call(name: string, input: unknown): Promise<unknown> {
  if (callNames.has(name)) return ipcRenderer.invoke(name, input);
  return Promise.resolve({ ok: false, error: { code: 'unknown-call', retryable: false, details: {} } });
}

function on(name: string, listener: (payload: unknown) => void): () => void {
  if (!eventNames.has(name) || typeof listener !== 'function') return () => undefined;
  const hear = (_event: IpcRendererEvent, payload: unknown) => listener(payload);
  ipcRenderer.on(name, hear);
  return () => {
    ipcRenderer.removeListener(name, hear);
  };
}

contextBridge.exposeInMainWorld('countersign', { call, on });
