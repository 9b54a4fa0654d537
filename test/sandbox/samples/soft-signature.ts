/** A signature of another party, whose key is at hand: PAdES B-B by the app's own engine, the token left out. */
import { sign } from 'node:crypto';
import { assembleCms, type FieldChoice, fillGap, prepareSignature } from '../../../main/pades/index.ts';
import { bufferSource } from '../../../main/pdf/source.ts';
import { type Pki, privateKeyOf, type Signer } from '../pki/index.ts';

export interface SoftSignature {
  readonly signer: Signer;
  /** /M, epoch milliseconds. */
  readonly at: number;
  readonly reason?: string;
  readonly field: FieldChoice;
}

/** The file with the signature appended. */
export async function signSoftly(pki: Pki, file: Uint8Array, signature: SoftSignature): Promise<Uint8Array> {
  const { signer } = signature;
  const scheme = signer.keyType === 'rsa-2048' ? ('rsa-pkcs1-sha256' as const) : ('ecdsa-sha256' as const);
  const parties = { certificate: signer.certificate, chain: [pki.issuing.certificate], scheme };
  const prepared = await prepareSignature(bufferSource(file), {
    ...parties,
    signedAt: signature.at,
    reason: signature.reason,
    location: undefined,
    field: signature.field,
    appearanceLines: [`Signed by ${signer.commonName}`, new Date(signature.at).toISOString().slice(0, 10)],
    timestampReserveBytes: 0,
  });
  const { signedAttributes } = prepared;
  const value = new Uint8Array(sign('sha256', signedAttributes, privateKeyOf(signer)));
  const cms = assembleCms({ ...parties, signedAttributes, signature: value });
  return new Uint8Array(Buffer.concat([file, fillGap(prepared.increment, prepared.gap, cms)]));
}
