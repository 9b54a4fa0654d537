import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bufferSource, cadesAttributesOf, frameCades, openCades, readCades } from '../../../main/pades/index.ts';
import { readSignedData, signatureTimestamps } from '../../../main/pki/index.ts';
import { extendFiles, type RaisedLevel } from '../../../main/signing/index.ts';
import { validateCms } from '../../../main/validation/index.ts';
import { openssl, openWorkshop, type Workshop } from '../../contract/pki-sandbox/openssl.ts';
import {
  certificatePem,
  issueSigner,
  privateKeyOf,
  privateKeyPem,
  revoke,
  type Signer,
} from '../../sandbox/pki/index.ts';
import { signWith } from '../../unit/pades/credentials.ts';
import { type LevelsBench, openLevelsBench } from './levels-setup.ts';

const content = Buffer.from('Art. 1\r\nThe parties agree.\r\n'.repeat(5000));
let bench: LevelsBench;
let shop: Workshop;
beforeAll(async () => {
  bench = await openLevelsBench();
  shop = await openWorkshop();
  await shop.put('root.pem', certificatePem(bench.pki.root));
  await shop.put('content', content);
  await shop.put('other', 'The parties do not agree.');
});
afterEach(() => bench.server.setState('up'));
afterAll(async () => {
  await shop.remove();
  await bench.close();
});

/** B-B by our own writer, beside the signatures of `existing`. */
function sign(detached = false, signer: Signer = bench.signer, existing?: Uint8Array): Buffer {
  const { certificate } = signer;
  const scheme = 'ecdsa-sha256';
  const signedAttributes = cadesAttributesOf(createHash('sha256').update(content).digest(), certificate, Date.now());
  const signature = signWith(privateKeyOf(signer), scheme, signedAttributes);
  const chain = [bench.pki.issuing.certificate];
  const parts = { signedAttributes, signature, scheme, certificate, chain } as const;
  const { head, tail } = frameCades(
    parts,
    detached ? undefined : content.length,
    existing ? readCades(existing) : undefined,
  );
  return Buffer.concat(detached ? [head, tail] : [head, content, tail]);
}

async function extend(message: Uint8Array, level: RaisedLevel, beside?: string, signer?: Uint8Array) {
  const [input, output] = [await shop.put('in.p7m', message), join(shop.dir, `out-${Math.random()}.p7m`)];
  const job = { input, output, ...(beside === undefined ? {} : { beside: join(shop.dir, beside) }) };
  for await (const result of extendFiles([job], level, { ...bench.tools, signer })) return result;
  throw new Error('no result');
}

/** As `extend`, which must succeed. */
async function extended(...given: Parameters<typeof extend>): Promise<Buffer> {
  const { code, details, output } = await extend(...given);
  expect([code, details]).toEqual([undefined, []]);
  return readFile(output);
}

async function judge(message: Uint8Array, ...more: string[]): Promise<{ code: number; content: Buffer }> {
  const path = await shop.put('judged.p7m', message);
  const out = join(shop.dir, 'content.out');
  const flags = ['-CAfile', join(shop.dir, 'root.pem'), '-purpose', 'any', '-cades', '-binary', '-out', out];
  const { code } = await openssl('cms', '-verify', '-inform', 'DER', '-in', path, ...flags, ...more);
  return { code, content: await readFile(out) };
}

/** By our own reader, without a network. */
async function levelsOf(message: Uint8Array, beside?: Uint8Array): Promise<string[]> {
  const options = { anchors: [bench.pki.root.certificate], at: Date.now() };
  const report = await validateCms(bufferSource(message), beside && bufferSource(beside), options);
  expect(report.valid).toBe(true);
  return report.signatures.map(({ level }) => level);
}

describe('a signed message is raised', () => {
  it('from B-B to B-T and on to B-LT around its content, as openssl sees it', async () => {
    const stamped = await extended(sign(), 'B-T');
    expect(await levelsOf(stamped)).toEqual(['B-T']);
    const [signer] = readSignedData(stamped).signers;
    const [token] = signer ? signatureTimestamps(signer) : [];
    const [data, stamp] = [
      await shop.put('value', signer?.signature ?? ''),
      await shop.put('token.tst', token ?? new Uint8Array(0)),
    ];
    const verify = ['ts', '-verify', '-in', stamp, '-token_in', '-CAfile', join(shop.dir, 'root.pem'), '-data'];
    expect((await openssl(...verify, data)).code).toBe(0);
    expect((await openssl(...verify, join(shop.dir, 'other'))).code).not.toBe(0);
    const kept = await extended(stamped, 'B-LT');
    expect(await levelsOf(kept)).toEqual(['B-LT']);
    expect(await judge(kept)).toMatchObject({ code: 0, content });
    expect(readSignedData(kept).signers.map((one) => Buffer.from(one.signature))).toEqual(
      [signer].map((one) => Buffer.from(one?.signature ?? [])),
    );
    const mutant = Buffer.from(kept);
    const at = mutant.indexOf('parties');
    mutant[at] = (mutant[at] ?? 0) ^ 1;
    expect((await judge(mutant)).code).not.toBe(0);
  });

  it('beside its content, named or not', async () => {
    const message = sign(true);
    for (const beside of [undefined, 'content']) {
      const kept = await extended(message, 'B-LT', beside);
      expect(await levelsOf(kept, content)).toEqual(['B-LT']);
      expect((await judge(kept, '-content', join(shop.dir, 'content'))).code).toBe(0);
      expect((await judge(kept, '-content', join(shop.dir, 'other'))).code).not.toBe(0);
    }
  });

  it.each([['-nostream'], ['-stream']])('when openssl made it (%s), with all its signatures', async (streaming) => {
    const name = `other${streaming}`;
    const other = await issueSigner(bench.pki, { name, commonName: 'Bruno', keyType: 'p-256' });
    const signer = await shop.put('other.pem', certificatePem(other));
    const key = await shop.put('other.key', privateKeyPem(other));
    const first = join(shop.dir, 'openssl.p7m');
    const flags = ['-binary', '-nodetach', '-cades', '-md', 'sha256', '-signer', signer, '-inkey', key];
    const issuing = await shop.put('issuing.pem', certificatePem(bench.pki.issuing));
    const put = ['-certfile', issuing, '-in', join(shop.dir, 'content'), '-outform', 'DER', '-out', first];
    const made = await openssl('cms', '-sign', ...flags, ...(streaming === '-stream' ? [streaming] : []), ...put);
    expect(made).toEqual({ code: 0, output: '' });
    const alone = await extended(await readFile(first), 'B-LT');
    expect(await levelsOf(alone)).toEqual(['B-LT']);
    const both = sign(false, bench.signer, await readFile(first));
    expect(await levelsOf(await extended(both, 'B-LT'))).toEqual(['B-LT', 'B-LT']);
    const own = await extended(both, 'B-LT', undefined, bench.signer.certificate);
    expect((await levelsOf(own)).sort()).toEqual(['B-B', 'B-LT']);
    expect(await judge(own)).toMatchObject({ code: 0, content });
  });

  it('once: what reaches the level is left as it is, byte by byte', async () => {
    const kept = await extended(sign(), 'B-LT');
    for (const level of ['B-LT', 'B-T'] as const) {
      const { addedBytes, output } = await extend(kept, level);
      expect([addedBytes, await readFile(output)]).toEqual([0, kept]);
    }
  });
});

describe('nothing is written', () => {
  async function refused(...given: Parameters<typeof extend>): Promise<string | undefined> {
    const { code, output } = await extend(...given);
    await expect(stat(output)).rejects.toThrow('ENOENT');
    return code;
  }

  it('of a message at B-LTA, with a revoked signature, or beside another content', async () => {
    expect(await refused(sign(), 'B-LTA')).toBe('level-unsupported');
    expect(await refused(sign(true), 'B-LT', 'other')).toBe('content-mismatch');
    const altered = sign();
    altered[altered.indexOf('parties')] = 0x50;
    expect(await refused(altered, 'B-LT')).toBe('content-mismatch');
    const gone = await issueSigner(bench.pki, { name: 'gone', commonName: 'Anna before', keyType: 'p-256' });
    await revoke(bench.pki, gone, { at: Date.now() - 86_400_000, reason: 'key-compromise' });
    expect(await refused(sign(false, gone), 'B-LT')).toBe('certificate-revoked');
  });

  it('while the authorities are away', async () => {
    const other = await issueSigner(bench.pki, { name: 'late', commonName: 'Late', keyType: 'p-256' });
    bench.server.setState('down');
    expect(await refused(sign(false, other), 'B-LT')).toBe('validation-data-incomplete');
    bench.authority.misbehave('html');
    expect(await refused(sign(), 'B-T')).toBe('timestamp-bad-response');
    bench.authority.misbehave(undefined);
  });
});

describe('openCades', () => {
  it('reads nothing of the content where it stands in one piece', async () => {
    const message = sign();
    const inner = bufferSource(message);
    let read = 0;
    const counted = {
      size: inner.size,
      read: (offset: number, length: number) => {
        read += length;
        return inner.read(offset, length);
      },
    };
    const opened = await openCades(counted);
    expect(read).toBeLessThan(10_000);
    expect(Buffer.from((await opened.content?.read(0, content.length)) ?? []).equals(content)).toBe(true);
    const { content: _, ...whole } = readCades(message);
    expect(opened.message).toEqual(whole);
    await expect(opened.content?.read(content.length - 1, 2)).rejects.toThrow(RangeError);
  });
});
