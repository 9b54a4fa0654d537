/**
 * Files of the person's own disk as the window sees them. The window never names a path: it holds ids of what a host dialog chose, what
 * was dropped, and what was made from those. Times are epoch milliseconds (UTC).
 */
import { z } from 'zod';
import { percentBox } from './basics.ts';
import { signatureLevel } from './choices.ts';

const id = z.string().min(1).max(512);

export const fileView = z.object({
  id: z.string(),
  /** The last part of its path. */
  name: z.string(),
  /** The name of the folder it lies in; missing for one whose bytes were dropped without a path. */
  folder: z.string().optional(),
  sizeBytes: z.number(),
  /** By its first bytes; `cms` is a signed message (.p7m, .p7s). */
  kind: z.enum(['pdf', 'cms', 'other']),
});
export type FileView = z.infer<typeof fileView>;

export const fileInspection = z.object({
  version: z.string(),
  pageCount: z.number(),
  /** The first fifty, as displayed, in points. */
  pages: z.array(z.object({ page: z.number(), width: z.number(), height: z.number() })),
  encrypted: z.boolean(),
  /** Its cross-reference data is damaged: it is signed only after it was written anew. */
  repaired: z.boolean(),
  /** Empty signature fields by name, with their place where they have one. */
  emptyFields: z.array(z.object({ name: z.string(), box: percentBox.optional(), hasSeedValue: z.boolean() })),
  signatures: z.array(
    z.object({
      fieldName: z.string(),
      kind: z.enum(['signature', 'document-timestamp']),
      signedAt: z.number().optional(),
      reason: z.string().optional(),
    }),
  ),
  /** What the signatures in it allow; missing where nothing is certified (ISO 32000-2, 12.8.2.2). */
  certifiedLevel: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
  warnings: z.array(z.enum(['certified-new-visible-field', 'xfa', 'need-appearances', 'encryption-permissions'])),
  /** Why it cannot be signed as it is; missing where it can. */
  blocked: z.enum(['damaged', 'encrypted', 'changes-not-permitted']).optional(),
  /** True where a full rewrite into a new file takes away what blocks: nothing in it is signed. */
  mayRewrite: z.boolean(),
});
export type FileInspection = z.infer<typeof fileInspection>;

export const fileState = z.enum(['waiting', 'signing', 'raising', 'signed', 'failed', 'cancelled']);

/** One file of a batch. */
export const fileResult = z.object({
  fileId: id,
  name: z.string(),
  state: fileState,
  /** Set with `failed`, and with `signed` where the level asked for is not reached. */
  code: z.string().optional(),
  /** Whose validation data is missing and why, a line each. */
  details: z.array(z.string()).optional(),
  warnings: z.array(z.string()).optional(),
  /** The signed file, for files.read, files.verify and files.show. */
  output: fileView.optional(),
  level: signatureLevel.optional(),
  sha256: z.string().optional(),
});
export type FileResultView = z.infer<typeof fileResult>;
