/** What is done to a DST, the same for a request and for the seed: adding a file, filling a form, writing a note. */
import { gather } from './content-store.ts';
import { addAudit, fail, fillForm, settleFills, touch } from './dst-life.ts';
import { notFound, refusal } from './errors.ts';
import { renderFilled } from './filled-document.ts';
import type { Ledger } from './ledger.ts';
import type { DstDocument, DstNote, LFResource, User } from './model.ts';
import type { ContentRecord, DstRecord } from './records.ts';
import { signerOf, unfilledForms } from './signing-order.ts';
import { toNoteTimestamp, toTimestamp } from './timestamps.ts';

export interface NewResource {
  readonly id: string;
  readonly title: string;
  readonly filename: string;
  readonly content: ContentRecord;
  readonly pages?: number;
  readonly extraData?: Record<string, unknown>;
}

/** Lists content that is stored already as a resource of the DST. */
export function addResource(record: DstRecord, seed: NewResource, at: number): LFResource {
  const resource: LFResource = {
    id: seed.id,
    domain: record.dst.domain,
    type: 'PDFResource',
    dstUuid: record.dst.id,
    title: seed.title,
    filename: seed.filename,
    size: seed.content.size,
    createdAt: toTimestamp(at),
    mimetype: seed.content.kind === 'pdf' ? 'application/pdf' : 'application/pkcs7-mime',
    ...(seed.pages === undefined ? {} : { pages: seed.pages }),
    extraData: seed.extraData ?? {},
  };
  record.dst.resources.push(resource);
  record.contents[seed.id] = seed.content;
  return resource;
}

async function addFilled(ledger: Ledger, record: DstRecord, document: DstDocument, at: number): Promise<string> {
  const plain = await gather(ledger.contents.stream(document.plainDocumentUuid));
  const filled = await renderFilled(plain, document.forms);
  const id = ledger.newUuid();
  const content = await ledger.contents.write(
    id,
    (async function* () {
      yield filled;
    })(),
  );
  const source = record.dst.resources.find((each) => each.id === document.plainDocumentUuid);
  const title = source?.title ?? record.dst.title;
  const filename = source?.filename ?? 'document.pdf';
  addResource(
    record,
    { id, title, filename, content, ...(source?.pages === undefined ? {} : { pages: source.pages }) },
    at,
  );
  return id;
}

export interface Fill {
  readonly documentId: number;
  readonly formId: number;
  readonly value: string;
}

/**
 * Fills a text form; the document's last one renders the filled document. A document that cannot be rendered puts the DST into
 * status error.
 * @throws ApiError 400, 403, 404 or 409
 */
export async function fill(ledger: Ledger, record: DstRecord, actor: User, asked: Fill, at: number): Promise<void> {
  const document = record.dst.documents.find((each) => each.id === asked.documentId);
  const form = document?.forms.find((each) => each.id === asked.formId);
  if (!document || !form) throw notFound('form');
  if (form.type !== 'TextForm') throw refusal(400, 'not-a-text-form', 'Only text forms are filled', 'type');
  if (signerOf(document, form.signerId)?.userUUID !== actor.id)
    throw refusal(403, 'not-your-form', 'The form is for somebody else to fill');
  if (record.dst.status !== 'toFill') throw refusal(409, 'wrong-status', `The DST is ${record.dst.status}`);
  if (form.filled) throw refusal(409, 'already-filled', 'The form is filled already');
  if (asked.value.trim() === '') throw refusal(400, 'value-missing', 'A text is needed', 'extraData.value');
  fillForm(record, actor, form, asked.value, at);
  if (unfilledForms(document).length > 0) return;
  let filled: string;
  try {
    filled = await addFilled(ledger, record, document, at);
  } catch {
    fail(record, 'The filled document could not be made', at);
    return;
  }
  settleFills(record, document, filled, at);
}

/** Adds a note; a note is an update of its DST. */
export function addNote(ledger: Ledger, record: DstRecord, actor: User, text: string, at: number): DstNote {
  const note: DstNote = {
    id: ledger.nextId(),
    dstId: record.dst.id,
    userId: actor.id,
    createdAt: toNoteTimestamp(at),
    text,
  };
  record.notes.push(note);
  addAudit(record, at, 'event_note_add', actor, { noteId: note.id });
  touch(record, at);
  return note;
}
