/** A .p7m as the server reads it: its content and its signers. What the signatures are worth is not looked at. */
import { ContentInfo, SignedData } from 'pkijs';

export interface SignedMessage {
  readonly content: Uint8Array;
  /** Each SignerInfo as encoded, base64. */
  readonly signers: readonly string[];
}

/** Undefined for what is no message, or one without its content. */
export function readMessage(bytes: Uint8Array): SignedMessage | undefined {
  try {
    const info = ContentInfo.fromBER(Uint8Array.from(bytes).buffer);
    if (info.contentType !== ContentInfo.SIGNED_DATA) return undefined;
    const { encapContentInfo, signerInfos } = new SignedData({ schema: info.content });
    const content = encapContentInfo.eContent?.getValue();
    if (!content) return undefined;
    const signers = signerInfos.map((signer) => Buffer.from(signer.toSchema().toBER()).toString('base64'));
    return { content: new Uint8Array(content), signers };
  } catch {
    return undefined;
  }
}
