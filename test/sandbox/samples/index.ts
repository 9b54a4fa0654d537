/** Real and different PDF files for the demo and the tests, the same bytes every time for the same PKI. */
import { issueSigner, type Pki, type Signer } from '../pki/index.ts';
import { makePlainSamples, unsignedLoan } from './plain-samples.ts';
import { placeNamed, type Sample } from './sample.ts';
import { signSoftly } from './soft-signature.ts';

export type { Place } from './press.ts';
export { placeNamed, type Sample, type SampleName, type Trait } from './sample.ts';
export { type SoftSignature, signSoftly } from './soft-signature.ts';

const lenderName = 'lender';

async function lender(pki: Pki): Promise<Signer> {
  const known = pki.signers.get(lenderName);
  if (known) return known;
  const organization = 'Guild credit union';
  // RSA PKCS#1 v1.5 signatures are the same every time; ECDSA's are not.
  return issueSigner(pki, { name: lenderName, commonName: 'Guild credit union', organization, keyType: 'rsa-2048' });
}

async function signedLoan(pki: Pki): Promise<Sample> {
  const plain = unsignedLoan();
  const { page, positionX, positionY, width, height } = placeNamed(plain, 'lender');
  const bytes = await signSoftly(pki, plain.bytes, {
    signer: await lender(pki),
    at: pki.now - 60 * 60 * 1000,
    reason: 'Loan granted',
    field: { kind: 'new-visible', box: { page, x: positionX, y: positionY, width, height } },
  });
  return { ...plain, bytes, traits: ['xref-table', 'incremental', 'signature-field', 'signed'] };
}

/** Every sample; a signer `lender` is entered into the PKI where it has none. Takes about a second. */
export async function makeSamples(pki: Pki): Promise<Sample[]> {
  return [...(await makePlainSamples()), await signedLoan(pki)];
}
