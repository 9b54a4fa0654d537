/** Where the app's own worker threads and processes start from: beside this file as source, or beside the built main. */
const sources = {
  'store-worker': '../store/store-worker.ts',
  'engine-worker': '../signing/engine-worker.ts',
  'token-host': '../../native/token-host.ts',
  'pcsc-host': '../../native/pcsc-host.ts',
  'window-driver': '../host/window-driver.ts',
} as const;

export type EntryName = keyof typeof sources;

/** File URL of an entry. Built, all entries lie in one folder and shared code in `chunks/` below it. */
export function entryUrl(name: EntryName): URL {
  const here = import.meta.url;
  if (here.endsWith('.ts')) return new URL(sources[name], here);
  const inChunks = new URL('.', here).pathname.endsWith('/chunks/');
  return new URL(`${inChunks ? '../' : './'}${name}.js`, here);
}
