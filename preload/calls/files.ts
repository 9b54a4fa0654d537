/** Files of the person's own disk: chosen, looked at, signed and verified. Ids only; paths stay with the desk and its host. */
import { z } from 'zod';
import {
  batchChoices,
  bytes,
  fileInspection,
  fileResult,
  fileView,
  firstPage,
  placeChoice,
  sealedPin,
  statements,
  validationReport,
} from '../model.ts';
import { call, id, none } from './call.ts';

const PIECE_BYTES = 1024 * 1024;
const MAX_FILES = 5000;

/** What can be wrong with a file. */
export const fileErrors = [
  'not-found',
  'not-a-pdf',
  'damaged',
  'encrypted',
  'password-needed',
  'limit',
  'storage',
  'file-gone',
  'file-denied',
] as const;

const someIds = z.array(id).min(1).max(MAX_FILES);

export const filesCalls = {
  /** The host's own dialog; none chosen where it is cancelled. `no-dialog`: this host has none, the window picks files itself. */
  'files.choose': call({
    input: z.object({ folder: z.boolean().optional() }).strict(),
    output: z.object({ files: z.array(fileView) }),
    errors: ['no-dialog', 'limit'],
  }),
  /**
   * Files that were dropped on the window, or picked in it, by path. The page cannot make this call: the preload does, with what the
   * browser engine itself says of the file (`Bridge.addFiles`).
   */
  'files.dropped': call({
    input: z.object({ paths: z.array(z.string().min(1).max(4096)).min(1).max(MAX_FILES) }).strict(),
    output: z.object({ files: z.array(fileView) }),
    errors: ['limit'],
  }),
  /** A file whose bytes come over the bridge, where no path is to be had: kept encrypted till it is forgotten. */
  'files.receive': call({
    input: z.object({ name: z.string().min(1).max(255), sizeBytes: z.number().int().min(0) }).strict(),
    output: z.object({ uploadId: id }),
    errors: ['limit', 'storage'],
  }),
  'files.append': call({
    input: z.object({ uploadId: id, bytes: bytes.refine((value) => value.length <= PIECE_BYTES) }).strict(),
    output: none,
    errors: ['not-found', 'limit', 'storage'],
  }),
  /** `bad-size`: not as many bytes came as were announced. */
  'files.received': call({
    input: z.object({ uploadId: id }).strict(),
    output: fileView,
    errors: ['not-found', 'bad-size', 'storage'],
  }),
  'files.forget': call({ input: z.object({ fileIds: someIds }).strict(), output: none, errors: [] }),
  /** Where results go, by the host's dialog; the Downloads folder where the host has none. */
  'files.chooseOutput': call({
    input: none,
    output: z.object({ folder: z.object({ id, name: z.string() }).optional() }),
    errors: [],
  }),
  'files.read': call({
    input: z
      .object({
        fileId: id,
        offset: z.number().int().min(0),
        length: z.number().int().min(0).max(PIECE_BYTES),
      })
      .strict(),
    output: bytes,
    errors: ['not-found', 'storage', 'file-gone', 'file-denied'],
  }),
  /** The first page as a PDF of its own, for a viewer that is still reading a large file; nothing where it cannot be cut out. */
  'files.firstPage': call({ input: z.object({ fileId: id }).strict(), output: firstPage, errors: ['not-found'] }),
  /** A password that opens the file is remembered with it till it is forgotten. */
  'files.inspect': call({
    input: z.object({ fileId: id, password: z.string().max(1024).optional() }).strict(),
    output: fileInspection,
    errors: fileErrors,
  }),
  /**
   * PDFs and signed messages alike; a detached one is verified against `contentFileId`. `online`: the network says whether trusted signers are
   * revoked, where the file does not.
   */
  'files.verify': call({
    input: z.object({ fileId: id, contentFileId: id.optional(), online: z.boolean().optional() }).strict(),
    output: validationReport,
    errors: [...fileErrors, 'bad-cms', 'content-missing'],
  }),
  'files.sign': call({
    input: z
      .object({
        sessionId: id,
        identityId: id,
        /** Missing when the token asks for the PIN itself. */
        sealedPin: sealedPin.optional(),
        files: z
          .array(
            z
              .object({
                fileId: id,
                place: placeChoice.optional(),
                /** An empty field to use, by name. */
                fieldName: z.string().max(512).optional(),
                reason: z.string().max(1000).optional(),
                /** What a detached message (.p7s) that is to have one more signature signs. */
                contentFileId: id.optional(),
              })
              .strict(),
          )
          .min(1)
          .max(MAX_FILES),
        /** Of files.chooseOutput; beside the original, or Downloads for one that has no path, where it is left out. */
        folderId: id.optional(),
        choices: batchChoices.optional(),
        certify: z.union([z.literal(1), z.literal(2), z.literal(3)]).optional(),
        /** CAdES in place of PAdES, for any kind of file. */
        cades: z.enum(['attached', 'detached']).optional(),
        /** Damaged files that carry no signature are written anew, then signed. */
        rewrite: z.boolean().optional(),
        /** In a PDF a commitment or a policy takes the reason's place: both are refused. */
        statements: statements.optional(),
      })
      .strict(),
    output: z.object({ batchId: id }),
    errors: ['not-found', 'no-authority', 'reason-excluded'],
  }),
  'files.batch': call({
    input: z.object({ batchId: id }).strict(),
    output: z.object({ results: z.array(fileResult), running: z.boolean(), stopped: z.string().optional() }),
    errors: ['not-found'],
  }),
  'files.cancel': call({ input: z.object({ batchId: id }).strict(), output: none, errors: ['not-found'] }),
  /** Shows the file in the system's file manager; nothing happens where the host has none. */
  'files.show': call({ input: z.object({ fileId: id }).strict(), output: none, errors: ['not-found'] }),
} as const;
