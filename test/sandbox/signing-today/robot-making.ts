/**
 * A DST in one call, as robots make it: files inside the request, or fetched from where it says. While files are fetched the DST is
 * downloadingInDraft (or downloadingInPublished); a file that cannot be had puts it into status error.
 */
import { Readable } from 'node:stream';
import { z } from 'zod';
import { gather } from './content-store.ts';
import { draftBody, editDraft, newDraft, planBody, requirePublishable, toPlan } from './draft.ts';
import { addResource } from './dst-actions.ts';
import { fail, publish } from './dst-life.ts';
import { refusal } from './errors.ts';
import { countPages } from './filled-document.ts';
import type { Ledger } from './ledger.ts';
import type { User } from './model.ts';
import type { DstRecord, RobotConfiguration } from './records.ts';

const sourceBody = z.looseObject({
  type: z.enum(['Embedded', 'URL']),
  embeddedData: z.string().nullish(),
  sourceURL: z.string().nullish(),
});
const kinds = z.union([z.literal('PDF_Document'), z.array(z.literal('PDF_Document')).min(1)]);
export const resourceBody = z.looseObject({
  filename: z.string().min(1).max(255),
  resourceType: kinds,
  title: z.string().max(2000).nullish(),
  source: sourceBody,
});
export const robotDocument = planBody.extend({ resource: resourceBody });
export type RobotDocument = z.infer<typeof robotDocument>;

export const robotDst = draftBody.omit({ documents: true }).extend({
  status: z.enum(['draft', 'published']).default('draft'),
  documents: z.array(robotDocument).max(100).default([]),
});
export type RobotDst = z.infer<typeof robotDst>;

/** Base64 of a body of this size stays below it. */
export const MAX_ROBOT_BODY_BYTES = 64 * 1024 * 1024;
const FETCH_TIMEOUT_MS = 10_000;
const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

function toHeaders(configuration: RobotConfiguration | undefined): [string, string][] {
  const { requestHeaders = {}, authentication } = configuration ?? {};
  const headers = Object.entries(requestHeaders).flatMap(([name, values]) =>
    values.map((value): [string, string] => [name, value]),
  );
  if (authentication?.authMode === 'basic') {
    const pair = `${authentication.username ?? ''}:${authentication.password ?? ''}`;
    headers.push(['authorization', `Basic ${Buffer.from(pair).toString('base64')}`]);
  }
  return headers;
}

/** The sandbox fetches from this machine alone. */
async function fetchSource(address: string, configuration: RobotConfiguration | undefined): Promise<Uint8Array> {
  if (!URL.canParse(address) || !loopback.has(new URL(address).hostname))
    throw new Error('not an address to fetch from');
  const response = await fetch(address, {
    headers: toHeaders(configuration),
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The bytes a request carries. @throws ApiError 400 where they are no PDF */
export function embeddedBytes({ source }: z.infer<typeof resourceBody>): Uint8Array {
  const data = source.embeddedData ?? '';
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(data))
    throw refusal(400, 'not-base64', 'Base64 is needed', 'documents.resource.source.embeddedData');
  const bytes = new Uint8Array(Buffer.from(data, 'base64'));
  requirePdf(bytes);
  return bytes;
}

function requirePdf(bytes: Uint8Array): void {
  if (Buffer.from(bytes.subarray(0, 5)).toString('latin1') !== '%PDF-')
    throw refusal(400, 'not-a-pdf', 'Not a PDF file', 'documents.resource.source');
}

/** Stores a file and lists it among the DST's resources; its id. */
export async function addFile(
  ledger: Ledger,
  record: DstRecord,
  about: { filename: string; title?: string | null | undefined },
  bytes: Uint8Array,
  at: number,
): Promise<string> {
  const id = ledger.newUuid();
  const content = await ledger.contents.write(id, Readable.from([bytes], { objectMode: false }));
  const pages = await countPages(await gather(ledger.contents.stream(id)));
  const { filename } = about;
  const title = about.title || filename;
  addResource(
    record,
    { id, title, filename, content, extraData: { toSign: true }, ...(pages === undefined ? {} : { pages }) },
    at,
  );
  return id;
}

async function addDocument(
  ledger: Ledger,
  record: DstRecord,
  given: RobotDocument,
  bytes: Uint8Array,
  at: number,
): Promise<void> {
  const id = ledger.nextId();
  const plan = toPlan(ledger, record.dst.domain, given, undefined, id);
  const plainDocumentUuid = await addFile(ledger, record, given.resource, bytes, at);
  record.dst.documents.push({ id, plainDocumentUuid, status: 'plain', ...plan });
}

/** Fetches what is to be fetched, then the DST is the draft or the published one that was asked for. */
async function download(
  ledger: Ledger,
  id: string,
  actor: User,
  body: RobotDst,
  configuration: RobotConfiguration | undefined,
): Promise<void> {
  const files: Uint8Array[] = [];
  let failure: string | undefined;
  for (const { resource } of body.documents) {
    try {
      const { type, sourceURL } = resource.source;
      const bytes = type === 'URL' ? await fetchSource(sourceURL ?? '', configuration) : embeddedBytes(resource);
      requirePdf(bytes);
      files.push(bytes);
    } catch {
      failure ??= `The file ${resource.filename} could not be fetched`;
    }
  }
  await ledger.changeDst(id, async (draft) => {
    const at = ledger.clock.now();
    if (failure !== undefined) return fail(draft, failure, at);
    for (const [index, given] of body.documents.entries()) {
      await addDocument(ledger, draft, given, files[index] ?? new Uint8Array(), at);
    }
    draft.dst.status = 'draft';
    if (body.status !== 'published') return;
    try {
      requirePublishable(draft, at);
      publish(draft, actor, at);
    } catch {
      fail(draft, 'The DST cannot be published', at);
    }
  });
}

/** @throws ApiError 400 */
export async function createByRobot(
  ledger: Ledger,
  actor: User,
  body: RobotDst,
  configuration: RobotConfiguration | undefined,
): Promise<DstRecord> {
  const at = ledger.clock.now();
  const record = newDraft(ledger, actor, at);
  const { documents, status, ...about } = body;
  editDraft(ledger, record, about as z.infer<typeof draftBody>);
  record.effects.push(ledger.effect('dst-created', actor.id, { dstId: record.dst.id }));
  if (documents.some(({ resource }) => resource.source.type === 'URL')) {
    record.dst.status = status === 'published' ? 'downloadingInPublished' : 'downloadingInDraft';
    ledger.addDst(record);
    ledger.background(download(ledger, record.dst.id, actor, body, configuration));
    return record;
  }
  for (const given of documents) await addDocument(ledger, record, given, embeddedBytes(given.resource), at);
  if (status === 'published') {
    requirePublishable(record, at);
    publish(record, actor, at);
  }
  ledger.addDst(record);
  return record;
}
