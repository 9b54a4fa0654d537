/** Bytes that are no certificate, message or token: every reader answers with PkiError and nothing else. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  findChain,
  PkiError,
  parseCertificate,
  readSignedData,
  readTimestampToken,
  verifyChain,
} from '../../../main/pki/index.ts';
import { extensions, OpensslPki } from './openssl-pki.ts';

const readers: [string, (bytes: Uint8Array) => unknown][] = [
  ['parseCertificate', parseCertificate],
  ['readSignedData', readSignedData],
  ['readTimestampToken', readTimestampToken],
  ['findChain', (bytes) => findChain(bytes, [bytes])],
  ['verifyChain', (bytes) => verifyChain(bytes, [bytes], [bytes], 0, 'signing')],
];

function outcome(read: () => unknown): 'read' | 'refused' {
  try {
    read();
    return 'read';
  } catch (error) {
    if (error instanceof PkiError) return 'refused';
    throw error;
  }
}

/** Random but well-formed nesting: gets past the lengths, to the readers of values. */
const tree = fc.letrec<{ node: Uint8Array; leaf: Uint8Array }>((tie) => ({
  leaf: fc
    .tuple(fc.constantFrom(1, 2, 3, 4, 5, 6, 0x0c, 0x17, 0x18, 0x80), fc.uint8Array({ maxLength: 40 }))
    .map(([tag, content]) => Uint8Array.from([tag, content.length, ...content])),
  node: fc.oneof(
    { maxDepth: 6 },
    tie('leaf'),
    fc
      .tuple(fc.constantFrom(0x30, 0x31, 0xa0, 0xa1, 0xa3), fc.array(tie('node'), { maxLength: 6 }))
      .map(([tag, children]) => {
        const content = Buffer.concat(children).subarray(0, 60_000);
        return Uint8Array.from([tag, 0x82, content.length >> 8, content.length & 0xff, ...content]);
      }),
  ),
})).node;

describe.each(readers)('%s', (_, read) => {
  it('refuses random bytes', () => {
    const property = fc.property(
      fc.uint8Array({ maxLength: 300 }),
      (bytes) => outcome(() => read(bytes)) === 'refused',
    );
    fc.assert(property, { seed: 1, numRuns: 1000 });
  });

  it('refuses random trees', () => {
    fc.assert(
      fc.property(tree, (bytes) => outcome(() => read(bytes)) === 'refused'),
      { seed: 2, numRuns: 1000 },
    );
  });

  it.each([
    ['a length of four gigabytes', Buffer.from('3084ffffffff', 'hex')],
    ['a length of eight octets', Buffer.from('30880000000000000001', 'hex')],
    ['a high tag number', Buffer.from('3f8101020500', 'hex')],
    ['an endless indefinite length', Buffer.alloc(1 << 16, Buffer.of(0x30, 0x80))],
    ['a primitive of indefinite length', Buffer.from('04800000', 'hex')],
    ['seventeen megabytes', Buffer.concat([Buffer.from('308401100000', 'hex'), Buffer.alloc(0x1100000)])],
  ])('refuses %s', (__, bytes) => {
    expect(outcome(() => read(bytes))).toBe('refused');
  });
});

describe('a certificate with changed bytes', () => {
  const pki = new OpensslPki();
  afterAll(() => pki.remove());
  let der: Uint8Array;
  beforeAll(() => {
    const subject = '/C=IT/O=Firm/CN=Zoë';
    der = pki.issue({
      name: 'one',
      subject,
      key: 'rsa',
      extensions: [...extensions.signer, 'extendedKeyUsage=1.2.3'],
    }).der;
  });

  it('is read or refused', () => {
    const change = fc.tuple(fc.nat(1500), fc.nat(255));
    const seen = new Set<string>();
    const property = fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), (changes) => {
      const changed = Uint8Array.from(der);
      for (const [at, value] of changes) changed[at % der.length] = value;
      seen.add(outcome(() => parseCertificate(changed)));
      outcome(() => verifyChain(changed, [der], [der], Date.now()));
    });
    fc.assert(property, { seed: 3, numRuns: 3000 });
    expect(seen).toEqual(new Set(['read', 'refused']));
  });

  it('is refused at every length it can be cut to', () => {
    for (let length = 0; length < der.length; length++) {
      expect(outcome(() => parseCertificate(der.subarray(0, length)))).toBe('refused');
    }
  });
});
