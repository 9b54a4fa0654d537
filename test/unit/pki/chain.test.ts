import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChain, verifyChain } from '../../../main/pki/index.ts';
import { extensions, type Issued, type IssueOptions, OpensslPki } from './openssl-pki.ts';

const pki = new OpensslPki();
afterAll(() => pki.remove());

const day = 86_400_000;
/** An hour on, so that what is made in these tests has begun. */
const now = Date.now() + 3_600_000;
let root: Issued;
let issuing: Issued;
let leaf: Issued;
let stranger: Issued;

const make = (name: string, more: Partial<IssueOptions> = {}) =>
  pki.issue({ name, subject: `/CN=${name}`, extensions: extensions.signer, ...more });
const ca = (name: string, more: Partial<IssueOptions> = {}) => make(name, { extensions: extensions.ca, ...more });
const der = (...issued: Issued[]) => issued.map((one) => one.der);

beforeAll(() => {
  root = ca('root', { days: 3650, key: 'rsa' });
  issuing = ca('issuing', { issuer: root, days: 3000 });
  leaf = make('leaf', { issuer: issuing, days: 30 });
  stranger = ca('stranger');
});

describe('findChain', () => {
  it('puts the issuers in order and leaves the root out', () => {
    const lower = ca('lower', { issuer: issuing });
    const end = make('end', { issuer: lower });
    expect(findChain(end.der, der(root, issuing, stranger, lower))).toEqual(der(lower, issuing));
  });

  it('passes over candidates that cannot be read, of the same name with another key, or missing', () => {
    const impostor = ca('impostor', { subject: '/CN=issuing' });
    expect(findChain(leaf.der, [Buffer.from('junk'), impostor.der])).toEqual([]);
    expect(findChain(leaf.der, der(impostor, issuing))).toEqual(der(issuing));
  });

  it('ends where two issuers certify each other', () => {
    const first = ca('first');
    const second = ca('second', { issuer: first });
    const firstAgain = ca('first-again', { subject: '/CN=first', keyOf: first, issuer: second });
    const end = make('end-of-loop', { issuer: second });
    expect(findChain(end.der, der(second, firstAgain))).toEqual(der(second, firstAgain));
  });

  it('has nothing for a root', () => {
    expect(findChain(root.der, der(root, issuing))).toEqual([]);
  });

  it('refuses a leaf that is no certificate', () => {
    expect(() => findChain(Buffer.from('junk'), [])).toThrow(expect.objectContaining({ code: 'bad-certificate' }));
  });
});

describe('verifyChain', () => {
  it.each<[string, string, () => [Uint8Array, Uint8Array[], Uint8Array[], number]]>([
    ['trusted', 'through an intermediate', () => [leaf.der, der(issuing), der(root), now]],
    ['trusted', 'from an anchor that is no root', () => [leaf.der, [], der(issuing), now]],
    ['trusted', 'when the leaf is the anchor', () => [leaf.der, [], der(leaf), now]],
    [
      'trusted',
      'with strangers among the certificates',
      () => [leaf.der, der(stranger, issuing), der(stranger, root), now],
    ],
    ['no-anchors', 'without anchors', () => [leaf.der, der(issuing), [], now]],
    ['incomplete', 'without the intermediate', () => [leaf.der, [], der(root), now]],
    ['incomplete', 'where the intermediate is unreadable', () => [leaf.der, [Buffer.of(1)], der(root), now]],
    ['untrusted', 'under another root', () => [leaf.der, der(issuing, root), der(stranger), now]],
    ['expired', 'after the leaf ended', () => [leaf.der, der(issuing), der(root), now + 60 * day]],
    ['expired', 'before it began', () => [leaf.der, der(issuing), der(root), now - 60 * day]],
    ['expired', 'when the anchor itself ended', () => [leaf.der, [], der(leaf), now + 60 * day]],
  ])('says %s %s', (status, _, given) => {
    expect(verifyChain(...given())).toBe(status);
  });

  it('says expired when only an intermediate ended', () => {
    const brief = ca('brief', { issuer: root, days: 1 });
    const end = make('end-of-brief', { issuer: brief, days: 300 });
    expect(verifyChain(end.der, der(brief), der(root), now)).toBe('trusted');
    expect(verifyChain(end.der, der(brief), der(root), now + 10 * day)).toBe('expired');
  });

  it('finds the good path beside an expired one of the same name and key', () => {
    const renewed = ca('renewed', { subject: '/CN=issuing', keyOf: issuing, issuer: root, days: 1 });
    const at = now + 10 * day;
    expect(verifyChain(leaf.der, der(renewed), der(root), at)).toBe('expired');
    expect(verifyChain(leaf.der, der(renewed, issuing), der(root), at)).toBe('trusted');
  });

  it('refuses an issuer that is no CA, or whose key may not sign certificates', () => {
    const person = make('person', { issuer: root });
    const forged = make('forged', { issuer: person });
    expect(verifyChain(forged.der, der(person), der(root), now)).toBe('untrusted');
    const keyUsage = ['basicConstraints=critical,CA:TRUE', 'keyUsage=critical,digitalSignature'];
    const restricted = make('restricted', { issuer: root, extensions: keyUsage });
    const below = make('below-restricted', { issuer: restricted });
    expect(verifyChain(below.der, der(restricted), der(root), now)).toBe('untrusted');
  });

  it('refuses more issuers than pathLen allows', () => {
    const constraint = ['basicConstraints=critical,CA:TRUE,pathlen:0', 'keyUsage=critical,keyCertSign'];
    const short = make('short', { issuer: root, extensions: constraint });
    const direct = make('direct', { issuer: short });
    const sub = ca('sub', { issuer: short });
    const tooDeep = make('too-deep', { issuer: sub });
    expect(verifyChain(direct.der, der(short), der(root), now)).toBe('trusted');
    expect(verifyChain(tooDeep.der, der(sub, short), der(root), now)).toBe('untrusted');
  });

  it('refuses a certificate of the right names signed by another key', () => {
    const impostor = ca('impostor-two', { subject: '/CN=issuing' });
    const forged = make('forged-two', { issuer: impostor });
    expect(verifyChain(forged.der, der(issuing), der(root), now)).toBe('untrusted');
    expect(verifyChain(forged.der, der(issuing, impostor), der(root), now)).toBe('untrusted');
  });

  it('refuses a flipped bit in the signed part', () => {
    const at = Buffer.from(leaf.der).indexOf('leaf');
    const changed = Uint8Array.from(leaf.der);
    changed[at] = 'L'.charCodeAt(0);
    expect(verifyChain(changed, der(issuing), der(root), now)).toBe('untrusted');
  });

  it('refuses a critical extension it does not know', () => {
    const odd = make('odd', { issuer: issuing, extensions: ['1.2.3.4=critical,ASN1:NULL'] });
    const harmless = make('harmless', { issuer: issuing, extensions: ['1.2.3.4=ASN1:NULL'] });
    expect(verifyChain(odd.der, der(issuing), der(root), now)).toBe('untrusted');
    expect(verifyChain(harmless.der, der(issuing), der(root), now)).toBe('trusted');
  });

  it('judges the leaf by its purpose', () => {
    const tsa = make('tsa', { issuer: issuing, extensions: extensions.tsa });
    const encipher = make('encipher', { issuer: issuing, extensions: ['keyUsage=critical,keyEncipherment'] });
    const [intermediates, anchors] = [der(issuing), der(root)];
    expect(verifyChain(tsa.der, intermediates, anchors, now, 'timestamping')).toBe('trusted');
    expect(verifyChain(leaf.der, intermediates, anchors, now, 'timestamping')).toBe('untrusted');
    expect(verifyChain(leaf.der, intermediates, anchors, now, 'signing')).toBe('trusted');
    expect(verifyChain(encipher.der, intermediates, anchors, now, 'signing')).toBe('untrusted');
    expect(verifyChain(encipher.der, intermediates, anchors, now)).toBe('trusted');
  });

  it('chains names that differ only in string type, case and spaces', () => {
    const spaced = ca('spaced', { subject: '/O=Some  Firm/CN=Spaced CA', issuer: root });
    const respelled = ca('respelled', { subject: '/O=some firm/CN=SPACED ca', keyOf: spaced, issuer: root });
    const end = make('end-of-spaced', { issuer: spaced });
    expect(verifyChain(end.der, der(respelled), der(root), now)).toBe('trusted');
  });

  it('gives up on a path of more than ten certificates', () => {
    const chain = [root];
    for (let i = 0; i < 11; i++) chain.push(ca(`deep-${i}`, { issuer: chain.at(-1) ?? root }));
    const short = make('short-path', { issuer: chain[7] ?? root });
    const long = make('long-path', { issuer: chain.at(-1) ?? root });
    expect(verifyChain(short.der, der(...chain), der(root), now)).toBe('trusted');
    expect(verifyChain(long.der, der(...chain), der(root), now)).toBe('untrusted');
  });
});
