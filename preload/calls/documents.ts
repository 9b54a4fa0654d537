/** The bytes of documents. */
import { z } from 'zod';
import { bytes, firstPage, validationReport } from '../model.ts';
import { call, id, providerErrors, savedCopy } from './call.ts';

export const documentsCalls = {
  /** Makes the document's current bytes available here (fetching them if need be) and says which they are. */
  'documents.open': call({
    input: z.object({ transactionId: id, documentId: id }).strict(),
    output: z.object({ sha256: z.string(), sizeBytes: z.number() }),
    errors: [...providerErrors, 'not-downloaded', 'not-a-pdf', 'storage'],
  }),
  'documents.read': call({
    input: z
      .object({
        transactionId: id,
        documentId: id,
        sha256: z.string().length(64),
        offset: z.number().int().min(0),
        length: z
          .number()
          .int()
          .min(0)
          .max(1024 * 1024),
      })
      .strict(),
    output: bytes,
    errors: ['not-found', 'storage'],
  }),
  /** The first page as a PDF of its own, for a viewer that is still reading a large file; nothing where it cannot be cut out. */
  'documents.firstPage': call({
    input: z.object({ transactionId: id, documentId: id, sha256: z.string().length(64) }).strict(),
    output: firstPage,
    errors: ['not-found', 'storage'],
  }),
  /** Fetched first where it is not here. `online`: the network says whether trusted signers are revoked, where the document does not. */
  'documents.verify': call({
    input: z.object({ transactionId: id, documentId: id, online: z.boolean().optional() }).strict(),
    output: validationReport,
    errors: [...providerErrors, 'not-downloaded', 'not-a-pdf', 'storage'],
  }),
  /** Saves a copy, fetched first where it is not here; asks the person where (host dialog) unless the command line names a path. */
  'documents.export': call({
    input: z.object({ transactionId: id, documentId: id, path: z.string().max(4096).optional() }).strict(),
    output: z.object({ ...savedCopy, sha256: z.string() }),
    errors: [...providerErrors, 'storage', 'not-downloaded'],
  }),
} as const;
