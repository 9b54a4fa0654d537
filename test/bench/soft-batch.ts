/** Signs files as the command line does, with a key in memory in the token's place. */

import { systemClock } from '../../main/platform/clock.ts';
import { createFileEngine, type FileResult, pathFiles, signFiles } from '../../main/signing/index.ts';
import { issue, signWith } from '../unit/pades/credentials.ts';

export type SoftSigning = (input: string, output: string) => Promise<FileResult>;

export function openSoftSigning(): SoftSigning {
  const { certificate, key } = issue({ kind: 'rsa-2048', name: 'Bench', serial: 1, now: Date.now() });
  const scheme = 'rsa-pkcs1-sha256';
  const batch = {
    key: { certificate, chain: [], scheme } as never,
    sign: async (message: Uint8Array) => ({ ok: true, value: signWith(key, scheme, message) }) as const,
    close: async () => undefined,
  };
  return async (input, output) => {
    const signing = {
      engine: createFileEngine(pathFiles),
      batch,
      commonName: 'Bench',
      clock: systemClock,
      validation: { anchors: [], at: Date.now() },
      timestamp: undefined,
      reason: '',
      fieldName: undefined,
      box: undefined,
    };
    for await (const result of signFiles([{ input, output }], signing)) {
      if (result.code !== undefined) throw new Error(result.code);
      return result;
    }
    throw new Error('no result');
  };
}
