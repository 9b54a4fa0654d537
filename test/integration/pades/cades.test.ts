import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CadesMessage, cadesAttributesOf, frameCades, PadesError, readCades } from '../../../main/pades/index.ts';
import { readSignedData } from '../../../main/pki/index.ts';
import type { SignatureScheme } from '../../../native/token-port.ts';
import { openssl, openWorkshop, type Workshop } from '../../contract/pki-sandbox/openssl.ts';
import { certificatePem, issueSigner, privateKeyOf, type Signer, toPem } from '../../sandbox/pki/index.ts';
import { type Credential, issue, type KeyKind, kindsOf, schemes, signWith } from '../../unit/pades/credentials.ts';
import { type LevelsBench, openLevelsBench } from './levels-setup.ts';

const content = Buffer.from('Art. 1\r\nThe parties agree.\r\n'.repeat(50));
const hashOf = (scheme: SignatureScheme) => `sha${scheme.slice(-3)}`;
const signers = new Map<KeyKind, Credential>();
let root: Credential;
let shop: Workshop;
let bench: LevelsBench;

beforeAll(async () => {
  const now = Date.now();
  root = issue({ kind: 'p-256', name: 'CAdES Root', serial: 1, now });
  const kinds = new Set(schemes.flatMap((scheme) => kindsOf(scheme)));
  for (const [i, kind] of [...kinds].entries()) {
    signers.set(
      kind,
      issue({ kind, name: `Anna ${kind}`, serial: 10 + i, now, issuer: { ...root, name: 'CAdES Root' } }),
    );
  }
  shop = await openWorkshop();
  await shop.put('root.pem', toPem('CERTIFICATE', root.certificate));
  await shop.put('content', content);
  bench = await openLevelsBench();
  await shop.put('bench.pem', certificatePem(bench.pki.root));
});
afterAll(async () => {
  await shop.remove();
  await bench.close();
});

interface Made {
  readonly scheme?: SignatureScheme;
  readonly kind?: KeyKind;
  readonly detached?: boolean;
  readonly existing?: CadesMessage;
}

function make({ scheme = 'ecdsa-sha256', kind = 'p-256', detached = false, existing }: Made = {}): Buffer {
  const signer = signers.get(kind);
  if (!signer) throw new Error(kind);
  const { certificate, key } = signer;
  const digest = createHash(hashOf(scheme)).update(content).digest();
  const signedAttributes = cadesAttributesOf(digest, certificate, Date.now());
  const parts = {
    signedAttributes,
    signature: signWith(key, scheme, signedAttributes),
    scheme,
    certificate,
    chain: [],
  };
  const { head, tail } = frameCades(parts, detached ? undefined : content.length, existing);
  return detached ? Buffer.concat([head, tail]) : Buffer.concat([head, content, tail]);
}

/** The exit code, and what came out where the content is in the message. */
async function verify(message: Uint8Array, more: readonly string[] = [], trust = 'root.pem') {
  const path = await shop.put('message.p7m', message);
  const out = `${shop.dir}/out`;
  const trusted = ['-CAfile', `${shop.dir}/${trust}`, '-purpose', 'any', '-cades', '-binary'];
  const said = await openssl('cms', '-verify', '-inform', 'DER', '-in', path, ...trusted, '-out', out, ...more);
  return { ...said, content: said.code === 0 ? await readFile(out) : undefined };
}
const beside = () => ['-content', `${shop.dir}/content`];

describe('a CAdES signature, as openssl sees it', () => {
  const combinations = schemes.flatMap((scheme) => kindsOf(scheme).map((kind) => [scheme, kind] as const));

  it.each(combinations)(
    'by %s with %s is valid around and beside its content, and a mutant is not',
    async (scheme, kind) => {
      const attached = make({ scheme, kind });
      expect((await verify(attached)).content?.equals(content)).toBe(true);
      const detached = make({ scheme, kind, detached: true });
      expect((await verify(detached, beside())).code).toBe(0);
      const mutant = Buffer.from(attached);
      const at = mutant.indexOf('parties');
      mutant[at] = (mutant[at] ?? 0) ^ 1;
      expect((await verify(mutant)).code).not.toBe(0);
    },
  );

  it('is refused under another root', async () => {
    expect((await verify(make(), [], 'bench.pem')).code).not.toBe(0);
  });

  it('stands beside others that were made before it, by us or by openssl, streamed or not', async () => {
    const first = signers.get('rsa-2048');
    if (!first) throw new Error('rsa-2048');
    const key = new Uint8Array(first.key.export({ format: 'der', type: 'pkcs8' }));
    const [cert, pem] = [
      await shop.put('first.pem', toPem('CERTIFICATE', first.certificate)),
      await shop.put('first.key', toPem('PRIVATE KEY', key)),
    ];
    const sign = ['cms', '-sign', '-binary', '-nodetach', '-signer', cert, '-inkey', pem, '-md', 'sha256'];
    const put = ['-in', `${shop.dir}/content`, '-outform', 'DER', '-out'];
    for (const streaming of [['-nostream'], ['-stream']]) {
      const path = `${shop.dir}/openssl.p7m`;
      const { code, output } = await openssl(
        ...sign,
        '-cades',
        ...streaming.filter((f) => f === '-stream'),
        ...put,
        path,
      );
      expect([code, output]).toEqual([0, '']);
      const existing = readCades(await readFile(path));
      expect(existing.content && Buffer.from(existing.content).equals(content)).toBe(true);
      const second = readCades(make({ existing }));
      expect(second.signerInfos).toHaveLength(2);
      const third = make({ existing: second, kind: 'p-384', scheme: 'ecdsa-sha384' });
      expect((await verify(third)).content?.equals(content)).toBe(true);
      expect(readSignedData(third).signers).toHaveLength(3);
    }
  });

  it('says when it was made', async () => {
    const path = await shop.put('message.p7m', make());
    const { output } = await openssl('cms', '-cmsout', '-print', '-inform', 'DER', '-in', path, '-noout');
    expect(output).toContain('signingTime');
    expect(output).toContain('id-smime-aa-signingCertificateV2');
  });
});

describe('readCades', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('no message')],
    ['a certificate', () => root.certificate],
    ['a cut message', () => make().subarray(0, 900)],
    ['a message with bytes behind it', () => Buffer.concat([make(), Buffer.alloc(1)])],
    ['indefinite lengths without an end', Buffer.from('308030803080308030803080', 'hex')],
    ['endless nesting', Buffer.alloc(100_000, Buffer.from('3080', 'hex'))],
  ])('refuses %s', (_what, given) => {
    const bytes = typeof given === 'function' ? given() : given;
    expect(() => readCades(bytes)).toThrow(PadesError);
  });
});

describe('a CAdES signature with a timestamp and validation data', () => {
  async function long(signer: Signer): Promise<{ message: Buffer; token: Uint8Array; signature: Uint8Array }> {
    const { certificate } = signer;
    const scheme = 'ecdsa-sha256';
    const digest = createHash('sha256').update(content).digest();
    const signedAttributes = cadesAttributesOf(digest, certificate, Date.now());
    const signature = signWith(privateKeyOf(signer), scheme, signedAttributes);
    const outcome = await bench.tools.timestamp(signature);
    if (outcome.kind === 'unavailable') throw new Error(outcome.code);
    const data = await bench.tools.collector.collect({
      leaf: certificate,
      known: [],
      anchors: [bench.pki.root.certificate],
      at: outcome.at,
    });
    const parts = {
      signedAttributes,
      signature,
      scheme,
      certificate,
      chain: [],
      timestampToken: outcome.token,
    } as const;
    const { head, tail } = frameCades(parts, content.length, undefined, data);
    return { message: Buffer.concat([head, content, tail]), token: outcome.token, signature };
  }

  it('carries both, and stays valid', async () => {
    const signer = await issueSigner(bench.pki, { name: 'cades', commonName: 'Cades', keyType: 'p-256' });
    const { message, token, signature } = await long(signer);
    expect((await verify(message, [], 'bench.pem')).content?.equals(content)).toBe(true);
    const { certificates, revocations, version } = readCades(message);
    expect([certificates.length, revocations.length, version]).toEqual([4, 2, 5]);
    const [data, stamp] = [await shop.put('value', signature), await shop.put('token.tst', token)];
    const args = ['-in', stamp, '-token_in', '-CAfile', `${shop.dir}/bench.pem`];
    expect((await openssl('ts', '-verify', '-data', data, ...args)).code).toBe(0);
    expect((await openssl('ts', '-verify', '-data', `${shop.dir}/content`, ...args)).code).not.toBe(0);
  });
});
