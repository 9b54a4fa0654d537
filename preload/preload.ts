/**
 * The window's only door in Electron: `window.countersign`, made from the contract's own keys. Runs sandboxed, as one
 * CommonJS file that requires nothing but `electron`. A name that is no key of the contract never reaches the main process.
 */
import { contextBridge, type IpcRendererEvent, ipcRenderer, webUtils } from 'electron';
import { calls, events } from './contract.ts';

/** Made by `addFiles` alone: the page names no path. */
const OWN_CALL = 'files.dropped';
const callNames = new Set(Object.keys(calls).filter((name) => name !== OWN_CALL));
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

/** What the engine says of each `File`; one that was made in the page has no path and is passed over. */
function addFiles(files: readonly object[]): Promise<unknown> {
  const pathOf = webUtils.getPathForFile as (file: object) => string;
  const paths = files.map(pathOf).filter((path) => path !== '');
  if (paths.length === 0) return Promise.resolve({ ok: true, value: { files: [] } });
  return ipcRenderer.invoke(OWN_CALL, { paths });
}

contextBridge.exposeInMainWorld('countersign', { call, on, addFiles });
