/** The DST to PUT: as it was read, with one entry added to its signatures, and the signed document noted where it is the last. */
import { z } from 'zod';
import type { DstRecord } from './dsts.ts';

export interface SignatureEntry {
  readonly documentId: string;
  readonly signatureRequestId: string;
  readonly signedAt: string;
  readonly status: 'signed' | 'declined';
  readonly declinedReason?: string;
  readonly extraData: Readonly<Record<string, string>>;
}

const rawList = z.array(z.unknown()).nullish();

/** Ids inside a DST are integers on the wire; another server's text ids stay text. */
function toWireId(id: string): number | string {
  const number = Number(id);
  return Number.isSafeInteger(number) && String(number) === id ? number : id;
}

/** `signedResourceId`: set where the document's last signature is added. Unknown fields go back as they came. */
export function withEntry(
  { raw, dst }: DstRecord,
  entry: SignatureEntry,
  signedResourceId?: string,
): Record<string, unknown> {
  const wire = {
    ...entry,
    documentId: toWireId(entry.documentId),
    signatureRequestId: toWireId(entry.signatureRequestId),
  };
  const documents = (rawList.parse(raw.documents) ?? []).map((document, index) =>
    signedResourceId !== undefined && dst.documents[index]?.id === entry.documentId
      ? { ...z.record(z.string(), z.unknown()).parse(document), signedDocumentUuid: signedResourceId }
      : document,
  );
  return { ...raw, documents, signatures: [...(rawList.parse(raw.signatures) ?? []), wire] };
}
