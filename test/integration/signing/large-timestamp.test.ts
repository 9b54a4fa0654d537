import { sign as signBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pades/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import { createFileEngine, extendFiles, pathFiles, signFiles } from '../../../main/signing/index.ts';
import type { TokenBatch } from '../../../main/tokens/tokens.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { privateKeyOf } from '../../sandbox/pki/index.ts';
import { pageObjects, writePdf } from '../../unit/pdf/sample-pdfs.ts';
import { type LevelsBench, openLevelsBench } from '../pades/levels-setup.ts';

let bench: LevelsBench;
let dir: string;
beforeAll(async () => {
  bench = await openLevelsBench();
  dir = await mkdtemp(join(tmpdir(), 'large-timestamp-'));
});
afterAll(async () => {
  await rm(dir, { recursive: true, force: true });
  await bench.close();
});

describe('a timestamp too large for its room', () => {
  it('is left out, the signature kept, and a document timestamp appended in its place', async () => {
    const { certificate } = bench.signer;
    const batch: Pick<TokenBatch, 'key' | 'sign'> = {
      key: {
        certificate,
        chain: [bench.pki.issuing.certificate],
        scheme: 'ecdsa-sha256',
      } as unknown as TokenBatch['key'],
      sign: async (data) => ({ ok: true, value: signBytes('sha256', data, privateKeyOf(bench.signer)) }),
    };
    const [input, output] = [join(dir, 'a.pdf'), join(dir, 'b.pdf')];
    await writeFile(input, writePdf({ objects: pageObjects() }));
    let asked = 0;
    const signing = {
      engine: createFileEngine(pathFiles),
      batch: batch as TokenBatch,
      commonName: 'Anna',
      clock: systemClock,
      validation: { anchors: [bench.pki.root.certificate], at: Date.now() },
      timestamp: async (message: Uint8Array) => {
        asked += 1;
        const outcome = await bench.tools.timestamp(message);
        if (outcome.kind === 'unavailable') return outcome;
        return { ...outcome, token: Buffer.concat([outcome.token, Buffer.alloc(40_000)]) };
      },
      reason: '',
      fieldName: undefined,
      box: undefined,
    };
    for await (const result of signFiles([{ input, output }], signing)) {
      expect(result).toMatchObject({ code: undefined, timestampLeftOut: true });
    }
    const levels = async () => {
      const file = await readFile(output);
      const { valid, signatures } = await validatePdf(bufferSource(file), signing.validation);
      return { valid, levels: signatures.map(({ level, kind }) => [kind, level]) };
    };
    expect(await levels()).toEqual({ valid: true, levels: [['signature', 'B-B']] });
    for await (const result of extendFiles([{ input: output, output }], 'B-T', bench.tools)) {
      expect(result.code).toBeUndefined();
    }
    expect(await levels()).toEqual({
      valid: true,
      levels: [
        ['signature', 'B-T'],
        ['document-timestamp', 'none'],
      ],
    });
    expect(asked).toBe(1);
  });
});
