/** The report beside pdfsig's (poppler with NSS): both believe the same files and refuse the same mutants. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bufferSource } from '../../../main/pdf/source.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import { createPki, issueStandardSigners, type Pki } from '../../sandbox/pki/index.ts';
import { appendUpdate, plainPdf, replaceLast, signPdf, stamp } from './signed-pdfs.ts';

const folder = mkdtempSync(join(tmpdir(), 'countersign-pdfsig-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let pki: Pki;
let signers: Awaited<ReturnType<typeof issueStandardSigners>>;

beforeAll(async () => {
  pki = await createPki({ now: Date.now() });
  signers = await issueStandardSigners(pki);
  const root = join(folder, 'root.der');
  writeFileSync(root, pki.root.certificate);
  execFileSync('certutil', ['-N', '-d', folder, '--empty-password']);
  execFileSync('certutil', ['-A', '-d', folder, '-n', 'root', '-t', 'CT,C,C', '-i', root]);
});

function pdfsig(file: Uint8Array) {
  const path = join(folder, 'file.pdf');
  writeFileSync(path, file);
  // Its exit code says something only about files it cannot open.
  const told = execFileSync('pdfsig', ['-nssdir', folder, path], { stdio: ['ignore', 'pipe', 'ignore'] }).toString();
  const all = (pattern: RegExp) => Array.from(told.matchAll(pattern), ([, what]) => what);
  return {
    intact: all(/Signature Validation: (.*)/g).map((text) => text === 'Signature is Valid.'),
    trusted: all(/Certificate Validation: (.*)/g).map((text) => text === 'Certificate is Trusted.'),
    whole: all(/((?:Total|Not total) document signed)/g).map((text) => text === 'Total document signed'),
  };
}

async function own(file: Uint8Array) {
  const options = { anchors: [pki.root.certificate], at: Date.now() };
  const { signatures } = await validatePdf(bufferSource(file), options);
  const intact = signatures.map(({ integrity, cms }) => integrity === 'intact' && cms === 'valid');
  return {
    intact,
    // pdfsig looks at the certificate of valid signatures only.
    trusted: signatures.filter((_, i) => intact[i]).map(({ chain }) => chain === 'trusted'),
    whole: signatures.map(({ covers }) => covers === 'whole-file'),
  };
}

const signed = () => signPdf(plainPdf(), pki, signers.rsa);
const otherCms = async () => {
  const change = (cms: Uint8Array) => cms.map((octet, at) => (at === cms.length - 1 ? octet ^ 1 : octet));
  return signPdf(plainPdf(), pki, signers.rsa, { change });
};
const timestamp = (signature: Uint8Array) => stamp(pki, pki.timestamp, signature, pki.now);

describe('the report and pdfsig', () => {
  it.each<[string, () => Promise<Uint8Array>, object]>([
    ['an RSA signature', signed, { intact: [true], trusted: [true], whole: [true] }],
    ['an EC signature', () => signPdf(plainPdf(), pki, signers.ec), { intact: [true], trusted: [true], whole: [true] }],
    ['a timestamp', () => signPdf(plainPdf(), pki, signers.ec, { timestamp }), { intact: [true], whole: [true] }],
    ['an update behind it', async () => appendUpdate(await signed()), { intact: [true], whole: [false] }],
    [
      'two signers',
      async () => signPdf(await signed(), pki, signers.ec),
      { intact: [true, true], whole: [false, true] },
    ],
    ['a changed page', async () => replaceLast(await signed(), '0 0 m', '0 9 m'), { intact: [false] }],
    ['a flipped bit in the signature', otherCms, { intact: [false] }],
    ['an untrusted signer', () => signPdf(plainPdf(), pki, signers.untrusted), { intact: [true], trusted: [false] }],
    ['an expired signer', () => signPdf(plainPdf(), pki, signers.expired), { intact: [true], trusted: [false] }],
  ])('agree on %s', async (_, make, expected) => {
    const file = await make();
    const report = await own(file);
    expect(report).toMatchObject(expected);
    expect(pdfsig(file)).toEqual(report);
  });
});
