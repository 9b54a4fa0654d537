/** Whose chains a document's validation data must speak of, and when (EN 319 142-1, 5.4.2 and 6.3). */
import { type EmbeddedSignature, listSignatures, type Source } from '../pades/index.ts';
import { distinct, signatureTimestamps, verifyCms, verifyTimestampToken } from '../pki/index.ts';
import { readMessage } from './signature-report.ts';

export interface DataNeed {
  /** The signer's or the timestamp authority's certificate, DER. */
  readonly leaf: Uint8Array;
  /** Certificates the message brings, DER. */
  readonly known: readonly Uint8Array[];
  /** The time it is to be judged at, epoch ms; undefined where no timestamp proves one. */
  readonly at: number | undefined;
  readonly fieldName: string;
}

export interface DataNeeds {
  readonly needs: readonly DataNeed[];
  /** Signatures, document timestamps not counted. */
  readonly signatures: number;
  /** Fields whose signature no timestamp speaks of: they reach B-T by a document timestamp only. */
  readonly unstamped: readonly string[];
}

interface Read {
  readonly signature: EmbeddedSignature;
  readonly leaf: Uint8Array;
  readonly known: readonly Uint8Array[];
  /** Times of the timestamps in it, or its own. */
  readonly times: readonly number[];
  readonly stamps: readonly { leaf: Uint8Array; known: readonly Uint8Array[]; at: number }[];
}

/** Undefined for what cannot be read: nothing makes that believable. */
function read(signature: EmbeddedSignature): Read | undefined {
  const message = readMessage(signature);
  if (message.kind === 'unreadable') return undefined;
  if (message.kind === 'timestamp') {
    const { certificate, certificates, at } = verifyTimestampToken(message.token, () => message.token.imprint);
    if (!certificate || at === undefined) return undefined;
    return { signature, leaf: certificate, known: certificates, times: [at], stamps: [] };
  }
  const { certificate, certificates, signature: value } = verifyCms(message.data);
  const [signer] = message.data.signers;
  if (!certificate || !signer) return undefined;
  const stamps = signatureTimestamps(signer).flatMap((token) => {
    const verdict = verifyTimestampToken(token, value);
    if (!verdict.valid || !verdict.certificate || verdict.at === undefined) return [];
    return [{ leaf: verdict.certificate, known: verdict.certificates, at: verdict.at }];
  });
  return { signature, leaf: certificate, known: certificates, times: stamps.map(({ at }) => at), stamps };
}

const isStamp = ({ signature }: Read) => signature.type === 'DocTimeStamp';

/** @throws PadesError not-a-pdf, damaged, encrypted, password-needed, limit; whatever the source throws */
export async function listDataNeeds(source: Source, password?: string | undefined): Promise<DataNeeds> {
  const all = (await listSignatures(source, { password })).flatMap((signature) => read(signature) ?? []);
  const needs: DataNeed[] = [];
  const unstamped: string[] = [];
  for (const one of all) {
    const { fieldName, revisionEnd } = one.signature;
    const over = all.filter((other) => isStamp(other) && (other.signature.byteRange[1] ?? 0) >= revisionEnd);
    const times = [...one.times, ...over.flatMap((other) => other.times)];
    if (times.length === 0) unstamped.push(fieldName);
    needs.push({ leaf: one.leaf, known: one.known, at: times.length > 0 ? Math.min(...times) : undefined, fieldName });
    for (const { leaf, known, at } of one.stamps)
      needs.push({ leaf, known: distinct([...known, ...one.known]), at, fieldName });
  }
  return { needs, unstamped, signatures: all.filter((one) => !isStamp(one)).length };
}
