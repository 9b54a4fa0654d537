/**
 * A draft and how its maker changes it: what is set is checked against the DST's files and the organisation's people, and what
 * is new in it gets the server's own ids.
 */
import { z } from 'zod';
import { ApiError, refusal } from './errors.ts';
import type { Ledger } from './ledger.ts';
import type { Dst, DstDocument, FillableForm, SignatureRequest, Signer, User } from './model.ts';
import type { DstRecord } from './records.ts';
import { parseTimestamp, toTimestamp } from './timestamps.ts';

const percent = z.union([z.number(), z.string().regex(/^\d{1,3}(\.\d+)?$/)]).transform(Number);
const newId = z.int().optional();
const text = z.string().max(2000);

const formBody = z.looseObject({
  id: newId,
  type: z.enum(['TextForm', 'SignatureForm']),
  positionX: percent,
  positionY: percent,
  width: percent,
  height: percent,
  page: z.int().min(1),
  signerId: z.int(),
  toFill: z.boolean().optional(),
  invisible: z.boolean().optional(),
  extraData: z.record(z.string(), z.unknown()).nullish(),
});
const requestBody = z.looseObject({
  id: newId,
  reason: text.nullish(),
  description: text.nullish(),
  signerId: z.int(),
  signProfile: z.enum(['PAdES', 'CAdES']).default('PAdES'),
  withTimestamp: z.boolean().default(false),
  declinable: z.boolean().default(false),
  restrictions: z.array(z.object({ rule: text, operator: text, value: text })).default([]),
  extraData: z.record(z.string(), z.unknown()).nullish(),
});
export const signerBody = z.looseObject({
  id: newId,
  name: text.nullish(),
  surname: text.nullish(),
  email: text.nullish(),
  phone: text.nullish(),
  role: text.nullish(),
  userUUID: z.uuid().nullish(),
  templateLabel: text.nullish(),
});
export const planBody = z.looseObject({
  forms: z.array(formBody).max(1000).default([]),
  signatureRequests: z.array(requestBody).max(1000).default([]),
  signerGroups: z
    .array(z.looseObject({ signers: z.array(signerBody).max(100) }))
    .max(100)
    .default([]),
});
export const documentBody = planBody.extend({ id: newId, plainDocumentUuid: z.uuid() });
export type DocumentBody = z.infer<typeof documentBody>;
type PlanBody = z.infer<typeof planBody>;

/** What the maker of a draft may set. */
export const draftBody = z.looseObject({
  title: text.optional(),
  tags: z.array(text).max(100).optional(),
  urgent: z.boolean().optional(),
  template: z.boolean().optional(),
  publicTemplate: z.boolean().optional(),
  visibleTo: z.array(z.uuid()).optional(),
  ccGroups: z.array(text).optional(),
  ccUsers: z.array(z.uuid()).optional(),
  expiresAt: z.string().nullish(),
  extraData: z.record(z.string(), z.unknown()).optional(),
  documents: z.array(documentBody).max(100).optional(),
});
export type DraftBody = z.infer<typeof draftBody>;

/** @throws ApiError 400 naming each field at fault */
export function parseBody<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ApiError(
    400,
    parsed.error.issues.map(({ message, path }) => ({ code: 'invalid', message, target: path.map(String).join('.') })),
  );
}

/** An empty draft of the person's. */
export function newDraft(ledger: Ledger, creator: User, at: number): DstRecord {
  const dst: Dst = {
    id: ledger.newUuid(),
    domain: creator.domain,
    title: '',
    createdByUser: creator.id,
    createdAt: toTimestamp(at),
    documents: [],
    resources: [],
    signatures: [],
    status: 'draft',
    tags: [],
    template: false,
    publicTemplate: false,
    extraData: {},
    visibleTo: [],
    ccGroups: [],
    ccUsers: [],
    urgent: false,
    updatedAt: toTimestamp(at),
  };
  return { dst, notes: [], audit: [], effects: [], contents: {} };
}

/** Gives what is new in one document ids of the server's own; what was there keeps its id. */
class Numbers {
  readonly #known: ReadonlySet<number>;
  readonly #given = new Map<string, number>();
  readonly #nextId: () => number;
  constructor(known: Iterable<number>, nextId: () => number) {
    this.#known = new Set(known);
    this.#nextId = nextId;
  }
  take(kind: string, id: number | undefined): number {
    const kept = id !== undefined && this.#known.has(id) ? id : this.#nextId();
    if (id !== undefined) this.#given.set(`${kind} ${id}`, kept);
    return kept;
  }
  /** @throws ApiError 400 for an id nothing of this kind has */
  find(kind: string, id: number, target: string): number {
    const found = this.#given.get(`${kind} ${id}`);
    if (found === undefined) throw refusal(400, 'unknown-reference', `No ${kind} ${id} in the document`, target);
    return found;
  }
}

function idsIn(document: DstDocument | undefined): number[] {
  if (!document) return [];
  const { id, forms, signatureRequests, signerGroups } = document;
  return [
    id,
    ...[...forms, ...signatureRequests, ...signerGroups.flatMap(({ signers }) => signers)].map((each) => each.id),
  ];
}

/** A person of the organisation a signer stands for: named by id, or found by e-mail address. @throws ApiError 400 */
function userOf(ledger: Ledger, domain: string, signer: z.infer<typeof signerBody>): User | undefined {
  const people = ledger.directory.users.map(({ user }) => user).filter((user) => user.domain === domain);
  if (signer.userUUID) {
    const found = people.find(({ id }) => id === signer.userUUID);
    if (!found) throw refusal(400, 'unknown-user', 'No such user', 'signerGroups.signers.userUUID');
    return found;
  }
  const email = signer.email?.toLowerCase();
  return email ? people.find((user) => user.email.toLowerCase() === email) : undefined;
}

export function toSigner(ledger: Ledger, domain: string, id: number, given: z.infer<typeof signerBody>): Signer {
  const user = userOf(ledger, domain, given);
  const phone = given.phone ?? user?.phone;
  return {
    id,
    name: given.name ?? user?.name ?? '',
    surname: given.surname ?? user?.surname ?? '',
    email: given.email ?? user?.email ?? '',
    ...(phone ? { phone } : {}),
    ...(given.role ? { role: given.role } : {}),
    ...(user ? { userUUID: user.id } : {}),
    ...(given.templateLabel ? { templateLabel: given.templateLabel } : {}),
  };
}

const inPercent = (value: number) => Math.min(Math.max(value, 0), 100).toFixed(2);

/** The sign plan of a document, its references resolved to the server's ids. */
export function toPlan(
  ledger: Ledger,
  domain: string,
  given: PlanBody,
  before: DstDocument | undefined,
  documentId: number,
): Pick<DstDocument, 'forms' | 'signatureRequests' | 'signerGroups'> {
  const numbers = new Numbers(idsIn(before), () => ledger.nextId());
  const signerGroups = given.signerGroups.map(({ signers }) => ({
    signers: signers.map((signer) => toSigner(ledger, domain, numbers.take('signer', signer.id), signer)),
  }));
  const signatureRequests = given.signatureRequests.map(
    (request): SignatureRequest => ({
      id: numbers.take('request', request.id),
      reason: request.reason ?? '',
      description: request.description ?? '',
      signerId: numbers.find('signer', request.signerId, 'signatureRequests.signerId'),
      signProfile: request.signProfile,
      withTimestamp: request.withTimestamp,
      declinable: request.declinable,
      restrictions: request.restrictions,
      extraData: request.extraData ?? {},
    }),
  );
  if (new Set(signatureRequests.map(({ signProfile }) => signProfile)).size > 1)
    throw refusal(400, 'mixed-profiles', 'PAdES and CAdES on one document', 'signatureRequests.signProfile');
  const forms = given.forms.map((form): FillableForm => {
    const { value: _value, signatureRequestId, ...extra } = form.extraData ?? {};
    const request =
      typeof signatureRequestId === 'number'
        ? { signatureRequestId: numbers.find('request', signatureRequestId, 'forms.extraData.signatureRequestId') }
        : {};
    return {
      id: numbers.take('form', form.id),
      documentId,
      type: form.type,
      positionX: inPercent(form.positionX),
      positionY: inPercent(form.positionY),
      width: inPercent(form.width),
      height: inPercent(form.height),
      page: form.page,
      signerId: numbers.find('signer', form.signerId, 'forms.signerId'),
      toFill: form.toFill ?? form.type === 'TextForm',
      filled: false,
      invisible: form.invisible ?? false,
      extraData: { ...extra, ...request },
    };
  });
  return { forms, signatureRequests, signerGroups };
}

function toDocument(ledger: Ledger, record: DstRecord, given: DocumentBody): DstDocument {
  const { dst } = record;
  const resource = dst.resources.find(({ id }) => id === given.plainDocumentUuid);
  if (!resource) throw refusal(400, 'unknown-resource', 'No such file in the DST', 'documents.plainDocumentUuid');
  const before = dst.documents.find(({ id }) => id === given.id);
  const id = before?.id ?? ledger.nextId();
  const plan = toPlan(ledger, dst.domain, given, before, id);
  const pages = resource.pages ?? Number.POSITIVE_INFINITY;
  if (plan.forms.some(({ page }) => page > pages))
    throw refusal(400, 'no-such-page', `The file has ${resource.pages} pages`, 'documents.forms.page');
  return { id, plainDocumentUuid: given.plainDocumentUuid, status: 'plain', ...plan };
}

function toExpiry(given: string | null): string | undefined {
  if (given === null) return undefined;
  const at = parseTimestamp(given);
  if (at === undefined) throw refusal(400, 'invalid', 'Not a date-time', 'expiresAt');
  return toTimestamp(at);
}

/** Sets what the body gives; read-only fields are passed over. @throws ApiError 400 */
export function editDraft(ledger: Ledger, record: DstRecord, body: DraftBody): void {
  const { dst } = record;
  const { title, tags, urgent, template, publicTemplate, visibleTo, ccGroups, ccUsers, extraData } = body;
  const given = { title, tags, urgent, template, publicTemplate, visibleTo, ccGroups, ccUsers, extraData };
  Object.assign(dst, Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)));
  if (body.expiresAt !== undefined) {
    const expiresAt = toExpiry(body.expiresAt);
    if (expiresAt === undefined) delete dst.expiresAt;
    else dst.expiresAt = expiresAt;
  }
  if (body.documents) dst.documents = body.documents.map((each) => toDocument(ledger, record, each));
}

/**
 * What keeps a draft from being published, one error each. A template's signers may be roles; an instance's are people.
 * @throws ApiError 400
 */
export function requirePublishable({ dst }: DstRecord, now: number): void {
  const errors: { code: string; message: string; target: string }[] = [];
  const wrong = (code: string, message: string, target: string) => errors.push({ code, message, target });
  if (dst.title.trim() === '') wrong('title-missing', 'A title is needed', 'title');
  if (dst.documents.length === 0) wrong('documents-missing', 'A document is needed', 'documents');
  if (!dst.documents.some(({ signatureRequests }) => signatureRequests.length > 0))
    wrong('signatures-missing', 'A signature request is needed', 'documents.signatureRequests');
  for (const { signerGroups } of dst.documents) {
    for (const { userUUID, email, role, templateLabel } of signerGroups.flatMap(({ signers }) => signers)) {
      const isPerson = userUUID !== undefined || email !== '';
      const isRole = dst.template && Boolean(role ?? templateLabel);
      if (!isPerson && !isRole) wrong('signer-unknown', 'A signer is nobody', 'documents.signerGroups.signers');
    }
  }
  const end = dst.expiresAt === undefined ? undefined : parseTimestamp(dst.expiresAt);
  if (end !== undefined && end <= now) wrong('expired', 'The time to sign is over', 'expiresAt');
  if (errors.length > 0) throw new ApiError(400, errors);
}
