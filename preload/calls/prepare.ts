/** What preparers do: make transactions and templates, publish, remind, replace. Files by their ids (files.choose). */
import { z } from 'zod';
import {
  auditView,
  bytes,
  preparedChange,
  preparedOutcome,
  preparedPerson,
  preparedTransaction,
  preparerStep,
  roleChoice,
  templateView,
  transactionFile,
  transactionFileChange,
} from '../model.ts';
import { call, id, none, providerErrors } from './call.ts';

/** `unsupported`: the account’s provider offers nothing to preparers. `wrong-state`: not as the transaction stands now. */
const prepareErrors = [...providerErrors, 'wrong-state', 'unsupported'] as const;

const at = { accountId: id } as const;

export const prepareCalls = {
  /** Groups and people of the organisation whose name or address has `search` in it, fifty at most. */
  'prepare.people': call({
    input: z.object({ ...at, search: z.string().max(200) }).strict(),
    output: z.object({ people: z.array(preparedPerson), groups: z.array(z.string()) }),
    errors: prepareErrors,
  }),
  /** What fails half way leaves the draft it began at the provider, in the inbox’s drafts. */
  'prepare.create': call({
    input: z.object({ ...at, jobId: id, transaction: preparedTransaction }).strict(),
    output: preparedOutcome,
    errors: [...prepareErrors, 'cancelled', 'bad-plan', 'not-a-pdf', 'storage', 'file-gone', 'file-denied'],
  }),
  'prepare.cancel': call({ input: z.object({ jobId: id }).strict(), output: none, errors: [] }),
  'prepare.templates': call({
    input: z.object(at).strict(),
    output: z.object({ templates: z.array(templateView) }),
    errors: prepareErrors,
  }),
  'prepare.instantiate': call({
    input: z
      .object({
        ...at,
        templateId: id,
        about: preparedChange,
        roles: z.array(roleChoice).max(200),
        publish: z.boolean(),
        inOneCall: z.boolean().default(false),
      })
      .strict(),
    output: preparedOutcome,
    errors: [...prepareErrors, 'bad-plan'],
  }),
  /** Changes what is said of a draft. */
  'prepare.edit': call({
    input: z.object({ ...at, remoteId: id, about: preparedChange }).strict(),
    output: preparedOutcome,
    errors: prepareErrors,
  }),
  /** One step of a transaction's maker; `replace` and `templatize` answer with the new transaction. */
  'prepare.step': call({
    input: z.object({ ...at, remoteId: id, step: preparerStep }).strict(),
    output: z.object({ remoteId: z.string(), status: z.string().optional() }),
    errors: prepareErrors,
  }),
  'prepare.audit': call({
    input: z.object({ ...at, remoteId: id }).strict(),
    output: z.object({ records: z.array(auditView) }),
    errors: prepareErrors,
  }),
  /** All files of the transaction as a zip, where the person says; `path` missing in the result: they cancelled. */
  'prepare.export': call({
    input: z.object({ ...at, remoteId: id, path: z.string().min(1).max(4096).optional() }).strict(),
    output: z.object({ path: z.string().optional(), sizeBytes: z.number() }),
    errors: [...prepareErrors, 'storage'],
  }),
  'prepare.files': call({
    input: z.object({ ...at, remoteId: id }).strict(),
    output: z.object({ files: z.array(transactionFile) }),
    errors: prepareErrors,
  }),
  /** Title and name of a draft’s file. */
  'prepare.editFile': call({
    input: z.object({ ...at, remoteId: id, resourceId: id, change: transactionFileChange }).strict(),
    output: none,
    errors: prepareErrors,
  }),
  /** A draft’s file that no document of it is made of. */
  'prepare.removeFile': call({
    input: z.object({ ...at, resourceId: id }).strict(),
    output: none,
    errors: prepareErrors,
  }),
  /** A page of a PDF as the provider paints it, a JPEG. */
  'prepare.thumb': call({
    input: z
      .object({
        ...at,
        resourceId: id,
        page: z.int().min(1).max(100_000),
        widthPx: z.int().min(1).max(10_000).optional(),
      })
      .strict(),
    output: z.object({ bytes }),
    errors: prepareErrors,
  }),
} as const;
