/** Every algorithm at every level before judges of other makers, each of them shown a mutant it must refuse. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bufferSource, type EmbeddedSignature, listSignatures } from '../../../main/pades/index.ts';
import { readSignedData, signatureTimestamps } from '../../../main/pki/index.ts';
import { validatePdf } from '../../../main/validation/index.ts';
import type { SignatureScheme } from '../../../native/token-port.ts';
import { type KeyType, keyTypes } from '../../sandbox/pki/certificates.ts';
import { issueSigner, type Signer } from '../../sandbox/pki/index.ts';
import { schemes } from '../../unit/pades/credentials.ts';
import { pageObjects, writePdf } from '../../unit/pdf/sample-pdfs.ts';
import { type Judges, openJudges } from './judges.ts';
import { type LevelsBench, openLevelsBench } from './levels-setup.ts';

let bench: LevelsBench;
let judges: Judges;
let strangers: Judges;
const signers = new Map<KeyType, Signer>();

beforeAll(async () => {
  bench = await openLevelsBench();
  judges = await openJudges(bench.pki.root.certificate);
  strangers = await openJudges(bench.pki.otherRoot.certificate);
  for (const keyType of keyTypes) {
    signers.set(keyType, await issueSigner(bench.pki, { name: keyType, commonName: `Anna ${keyType}`, keyType }));
  }
});
afterAll(async () => {
  await judges.close();
  await strangers.close();
  await bench.close();
});

const fits = (scheme: SignatureScheme, keyType: KeyType) => scheme.startsWith('rsa') === keyType.startsWith('rsa');
const combinations = keyTypes.flatMap((keyType) =>
  schemes.filter((scheme) => fits(scheme, keyType)).map((scheme) => [keyType, scheme] as const),
);

function covered(pdf: Uint8Array, { byteRange }: EmbeddedSignature): Buffer {
  const [start = 0, length = 0, after = 0, rest = 0] = byteRange;
  return Buffer.concat([pdf.subarray(start, start + length), pdf.subarray(after, after + rest)]);
}

/** One byte of the page's text, which every signature covers. */
function mutantOf(pdf: Buffer): Buffer {
  const mutant = Buffer.from(pdf);
  const at = mutant.indexOf('(Page)') + 1;
  mutant[at] = (mutant[at] ?? 0) ^ 1;
  return mutant;
}

async function judgeSignature(pdf: Buffer, mutant: Buffer, one: EmbeddedSignature): Promise<void> {
  expect(await judges.opensslAccepts(one.contents, covered(pdf, one))).toBe(true);
  expect(await judges.opensslAccepts(one.contents, covered(mutant, one))).toBe(false);
  const [signer] = readSignedData(one.contents).signers;
  for (const token of signer ? signatureTimestamps(signer) : []) await judgeToken(token, signer?.signature);
}

async function judgeToken(token: Uint8Array, stamped: Uint8Array = new Uint8Array()): Promise<void> {
  const root = bench.pki.root.certificate;
  expect(await judges.opensslTimestampAccepts(token, stamped, root)).toBe(true);
  expect(await judges.opensslTimestampAccepts(token, stamped.subarray(1), root)).toBe(false);
}

/** All judges' word on a file whose first signature is the person's. */
async function judge(pdf: Buffer, isLast: boolean): Promise<void> {
  const mutant = mutantOf(pdf);
  expect(await judges.qpdfAccepts(pdf)).toBe(true);
  const [verdict] = await judges.pdfsig(pdf);
  expect(verdict).toMatchObject({ valid: true, trusted: true, wholeDocument: isLast });
  expect((await judges.pdfsig(mutant))[0]).toMatchObject({ valid: false });
  for (const one of await listSignatures(bufferSource(pdf))) {
    if (one.type === 'DocTimeStamp') await judgeToken(one.contents, covered(pdf, one));
    else await judgeSignature(pdf, mutant, one);
  }
}

async function levelOf(pdf: Buffer): Promise<string | undefined> {
  const options = { anchors: [bench.pki.root.certificate], at: Date.now() };
  const { valid, signatures } = await validatePdf(bufferSource(pdf), options);
  return valid ? signatures[0]?.level : 'not valid';
}

describe('a signature at every level', () => {
  it.each(combinations)('with %s by %s', async (keyType, scheme) => {
    const signer = signers.get(keyType);
    if (!signer) throw new Error(keyType);
    const base = writePdf({ objects: pageObjects() });
    const stamped = await bench.sign(base, { signer, scheme });
    const long = await bench.raise(stamped, 'B-LT');
    const files: Readonly<Record<string, Buffer>> = {
      'B-B': await bench.sign(base, { signer, scheme, stamped: false }),
      'B-T': stamped,
      'B-LT': long,
      'B-LTA': await bench.raise(long, 'B-LTA'),
    };
    for (const [level, pdf] of Object.entries(files)) {
      expect(await levelOf(pdf)).toBe(level);
      expect(await levelOf(mutantOf(pdf))).toBe('not valid');
      await judge(pdf, level === 'B-B' || level === 'B-T');
    }
  });

  it('is not trusted under another root', async () => {
    const pdf = await bench.raise(await bench.sign(writePdf({ objects: pageObjects() })), 'B-LTA');
    expect((await strangers.pdfsig(pdf))[0]).toMatchObject({ trusted: false });
    const [signature, stamp] = await listSignatures(bufferSource(pdf));
    if (!signature || !stamp) throw new Error('two expected');
    expect(await strangers.opensslAccepts(signature.contents, covered(pdf, signature))).toBe(false);
    const { otherRoot } = bench.pki;
    expect(await judges.opensslTimestampAccepts(stamp.contents, covered(pdf, stamp), otherRoot.certificate)).toBe(
      false,
    );
  });
});
