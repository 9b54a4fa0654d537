import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSignatures } from '../../../main/pades/index.ts';
import { openDocument } from '../../../main/pdf/document.ts';
import { isDict, isString } from '../../../main/pdf/objects.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { decodeText } from '../../../main/pdf/text-string.ts';
import { codeOf } from '../../unit/pdf/sample-pdfs.ts';
import { openSoftSigner, pdfLibFile, type SoftSigner } from './soft-signer.ts';

let signer: SoftSigner;
const plain = new Map<boolean, Buffer>();
beforeAll(async () => {
  signer = await openSoftSigner();
  for (const objectStreams of [false, true]) plain.set(objectStreams, await pdfLibFile(objectStreams));
});
afterAll(() => signer.close());

interface Way {
  readonly bits: '40' | '128' | '256';
  readonly more?: readonly string[];
}
const ways: Readonly<Record<string, Way>> = {
  'RC4, 40 bits': { bits: '40' },
  'RC4, 128 bits': { bits: '128', more: ['--use-aes=n'] },
  'RC4 by crypt filter': { bits: '128', more: ['--use-aes=n', '--force-V4'] },
  'AES-128': { bits: '128', more: ['--use-aes=y'] },
  'AES-128, metadata plain': { bits: '128', more: ['--use-aes=y', '--cleartext-metadata'] },
  'AES-256, revision 5': { bits: '256', more: ['--force-R5'] },
  'AES-256, revision 6': { bits: '256' },
  'AES-256, metadata plain': { bits: '256', more: ['--cleartext-metadata'] },
};

function encrypted(way: string, objectStreams: boolean, user: string, owner: string): Promise<Buffer> {
  const { bits, more = [] } = ways[way] ?? { bits: '256' };
  const base = plain.get(objectStreams) ?? Buffer.alloc(0);
  const streams = objectStreams ? 'generate' : 'disable';
  const args = ['--allow-weak-crypto', `--object-streams=${streams}`, '--encrypt', user, owner, bits, ...more, '--'];
  return signer.judges.qpdf(base, args);
}

async function authorOf(pdf: Uint8Array, password?: string): Promise<string> {
  const document = await openDocument(bufferSource(pdf), { password });
  const info = await document.resolve(document.trailer.get('Info'));
  const producer = isDict(info) ? info.get('Producer') : undefined;
  return isString(producer) ? decodeText(producer) : '';
}

describe.each(Object.keys(ways))('a file encrypted with %s', (way) => {
  it.each([
    [false, ''],
    [true, ''],
    [true, 'pass'],
  ])(
    'is read, and signed twice without a change of its text (object streams: %s, password %j)',
    async (streams, user) => {
      const base = await encrypted(way, streams, user, 'owner');
      expect(await authorOf(base, user)).toContain('pdf-lib');
      const text = await signer.judges.text(base, user);
      const box = { page: 1, x: 55, y: 60, width: 40, height: 20 };
      const once = await signer.sign(base, { password: user, field: { kind: 'new-visible', box } });
      const twice = await signer.sign(once.pdf, { password: user });
      await signer.expectAccepted(twice.pdf, 2, user);
      // The mark is text of the page too.
      expect(await signer.judges.text(twice.pdf, user)).toContain('Page 30');
      const invisible = await signer.sign(base, { password: user });
      expect(await signer.judges.text(invisible.pdf, user)).toBe(text);
      const [found] = await listSignatures(bufferSource(once.pdf), { password: user });
      expect(found?.reason).toBe('I agree (fully)');
      expect(once.pdf.includes('I agree')).toBe(false);
    },
  );

  it('opens with the password of its owner, and with none other', async () => {
    const base = await encrypted(way, true, 'user', 'owner');
    for (const password of ['user', 'owner']) {
      const { pdf } = await signer.sign(base, { password });
      await signer.expectAccepted(pdf, 1, 'user');
    }
    for (const password of [undefined, '', 'User', 'owner ']) {
      expect(await codeOf(() => signer.sign(base, { password }))).toBe('password-needed');
    }
  });
});

describe('passwords beyond ASCII', () => {
  it.each(Object.keys(ways))('open a file encrypted with %s', async (way) => {
    const base = await encrypted(way, true, 'pärole', 'õwner');
    expect(await authorOf(base, 'pärole')).toContain('pdf-lib');
    expect(await authorOf(base, 'õwner')).toContain('pdf-lib');
  });
});

describe('encryption that cannot be kept', () => {
  const patched = async (from: string, to: string) => {
    const base = await encrypted('AES-128', false, '', '');
    const text = base.toString('latin1');
    expect(text).toContain(from);
    return Buffer.from(text.replaceAll(from, to.padEnd(from.length)), 'latin1');
  };

  it.each([
    ['another handler', '/Filter /Standard', '/Filter /Foo.Bar'],
    ['a later version', '/V 4', '/V 7'],
    ['an unknown crypt filter', '/CFM /AESV2', '/CFM /AESV9'],
  ])('is refused: %s', async (_, from, to) => {
    expect(await codeOf(async () => signer.sign(await patched(from, to)))).toBe('encrypted');
  });

  it('is refused where an update drops it', async () => {
    const base = await encrypted('AES-128', false, '', '');
    const { pdf } = await signer.sign(base);
    const text = pdf.toString('latin1');
    const at = text.lastIndexOf('/Encrypt');
    const dropped = Buffer.from(`${text.slice(0, at)}/Xncrypt${text.slice(at + 8)}`, 'latin1');
    expect(await codeOf(() => signer.sign(dropped))).toBe('encrypted');
  });
});
