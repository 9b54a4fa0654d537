/** Whose chains a signed message must speak of, and when (EN 319 122-1, 6.3: B-LT), each of its signatures by itself. */
import { bufferSource, openCades, revocationsOf } from '../pades/index.ts';
import {
  createEvidenceBook,
  distinct,
  readSignedData,
  type SignerInfo,
  signatureTimestamps,
  verifyCms,
  verifyTimestampToken,
} from '../pki/index.ts';
import type { DataNeed } from './data-needs.ts';

export interface MessageNeeds {
  /** What the message does not keep yet. */
  readonly needs: readonly DataNeed[];
  readonly signatures: number;
  /** Signatures without a timestamp, by their place in the message. */
  readonly unstamped: readonly { readonly index: number; readonly signature: Uint8Array }[];
  /** Those that verify by themselves, by their place in the message. */
  readonly sound: readonly boolean[];
}

export interface MessageNeedsOptions {
  /** DER. */
  readonly anchors: readonly Uint8Array[];
  /** Epoch ms. */
  readonly now: number;
  /** Only this certificate's signatures are looked at, and all their data is wanted, what is kept already too; DER. */
  readonly signer?: Uint8Array | undefined;
}

function stampsOf(signer: SignerInfo) {
  return signatureTimestamps(signer).flatMap((token) => {
    const { valid, certificate, certificates, at } = verifyTimestampToken(token, signer.signature);
    return valid && certificate && at !== undefined ? [{ leaf: certificate, known: certificates, at }] : [];
  });
}

/**
 * @param message without its content
 * @throws PadesError bad-cms; PkiError bad-cms
 */
export async function listMessageNeeds(
  message: Uint8Array,
  { anchors, now, signer: only }: MessageNeedsOptions,
): Promise<MessageNeeds> {
  const data = readSignedData(message);
  const kept = revocationsOf((await openCades(bufferSource(message))).message);
  const verdicts = data.signers.map((signer) => verifyCms({ ...data, signers: [signer] }));
  const read = data.signers.flatMap((signer, index) => {
    const leaf = verdicts[index]?.certificate;
    const isMeant = leaf && (!only || Buffer.compare(leaf, only) === 0);
    return isMeant ? [{ signer, index, leaf, stamps: stampsOf(signer) }] : [];
  });
  const certificates = distinct([
    ...data.certificates,
    ...read.flatMap(({ stamps }) => stamps.flatMap((s) => s.known)),
  ]);
  const book = createEvidenceBook({ certificates, ...kept });
  const isKept = ({ leaf, at = now }: DataNeed) => !only && book.statusOf(leaf, anchors, at, now).kind === 'good';
  const needs = read.flatMap(({ index, leaf, stamps }): DataNeed[] => {
    const fieldName = `#${index + 1}`;
    const at = stamps.length > 0 ? Math.min(...stamps.map((stamp) => stamp.at)) : undefined;
    const own = { leaf, known: data.certificates, at, fieldName };
    return [own, ...stamps.map((s) => ({ ...s, known: distinct([...s.known, ...data.certificates]), fieldName }))];
  });
  return {
    needs: needs.filter((need) => !isKept(need)),
    signatures: read.length,
    unstamped: read
      .filter(({ stamps }) => stamps.length === 0)
      .map(({ index, signer }) => ({ index, signature: signer.signature })),
    sound: verdicts.map(({ valid }) => valid),
  };
}
