/** The host of the command line: no window, nobody to ask, nobody to notify; secrets in key files. */
import { type Host, HostError } from './host.ts';
import { createKeyFileSecrets } from './key-file-secrets.ts';
import { watchNative } from './native-watch.ts';
import { startNodeProcess } from './start-node-process.ts';

/** @param options.secretsDir folder of the key files, outside the profile */
export function createHeadlessHost({ secretsDir }: { readonly secretsDir: string }): Host {
  return {
    kind: 'headless',
    secrets: createKeyFileSecrets(secretsDir),
    openWindow: () => Promise.reject(new HostError('no-window')),
    chooseSavePath: () => Promise.resolve(undefined),
    chooseFiles: () => Promise.resolve(undefined),
    chooseFolder: () => Promise.resolve(undefined),
    showFile: () => undefined,
    choosePath: () => Promise.reject(new HostError('no-module-dialog')),
    notify: () => undefined,
    allowCamera: () => Promise.resolve(false),
    watchSystem: watchNative,
    startProcess: startNodeProcess,
  };
}
