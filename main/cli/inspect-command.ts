/** inspect FILE: what a PDF is made of. It opens no profile and changes nothing. */
import { type Inspection, inspectPdf, PdfError } from '../pdf/index.ts';
import { openFileSource } from '../platform/file-source.ts';
import type { Output } from './access.ts';
import type { Arguments } from './arguments.ts';
import { CommandError, type ExitName } from './exit-codes.ts';
import { readSecret } from './pin.ts';
import { clean, day, table } from './table.ts';
import { inWords } from './words.ts';

const boxText = (box: { x0: number; y0: number; x1: number; y1: number } | undefined) =>
  box ? [box.x0, box.y0, box.x1, box.y1].map((value) => Math.round(value * 100) / 100).join(' ') : '';

const allowed = { 1: 'no change', 2: 'form filling and signatures', 3: 'annotations, form filling and signatures' };

function facts(path: string, seen: Inspection): string[] {
  const { encryption, sections } = seen;
  return [
    `${path}: PDF ${clean(seen.version, 10)}, ${seen.sizeBytes} bytes, ${seen.pageCount} pages${seen.linearized ? ', linearized' : ''}`,
    ...(seen.repaired ? ['Its cross-reference data is damaged: objects were searched for. It is not signed so.'] : []),
    ...(seen.bytesBeforeHeader > 0 ? [`${seen.bytesBeforeHeader} bytes stand before its header.`] : []),
    `Revisions end at ${seen.revisionEnds.join(', ') || 'unknown places'}.`,
    `Cross-reference sections, newest first: ${sections.map((s) => `${s.kind} at ${s.offset}`).join(', ') || 'none'}.`,
    encryption
      ? `Encrypted: revision ${encryption.revision}, strings ${encryption.strings}, streams ${encryption.streams}, ${encryption.keyBits} bits; opened as ${encryption.openedBy}.`
      : 'Not encrypted.',
    ...(seen.certifiedLevel ? [`Certified: ${allowed[seen.certifiedLevel]} allowed.`] : []),
    ...seen.locks.map((lock) => `Locked fields: ${lock.action} ${clean(lock.fields.join(', '), 200)}`.trim()),
    ...seen.warnings.map((warning) => inWords(warning)),
  ];
}

function words(path: string, seen: Inspection): string {
  const pages = seen.pages.map((page) => [
    String(page.page),
    boxText(page.media),
    boxText(page.crop),
    String(page.rotation),
    String(page.userUnit),
  ]);
  const fields = seen.fields.map((field) => [
    clean(field.name, 40),
    field.type ?? '',
    field.filled ? 'yes' : '',
    field.hasSeedValue ? 'yes' : '',
    field.lock?.action ?? '',
  ]);
  const signatures = seen.signatures.map((signature) => [
    clean(signature.fieldName, 40),
    signature.type ?? '',
    clean(signature.subFilter, 30),
    signature.byteRange.join(' '),
    signature.signedAt === undefined ? '' : day(signature.signedAt),
  ]);
  return [
    ...facts(path, seen),
    ...(pages.length > 0 ? [table(['PAGE', 'MEDIA BOX', 'CROP BOX', 'TURN', 'UNIT'], pages)] : []),
    ...(fields.length > 0 ? [table(['FIELD', 'TYPE', 'FILLED', 'SEED', 'LOCK'], fields)] : []),
    ...(signatures.length > 0 ? [table(['SIGNATURE', 'TYPE', 'SUBFILTER', 'BYTE RANGE', 'TIME'], signatures)] : []),
  ].join('\n');
}

export async function inspectCommand(args: Arguments, out: Output): Promise<ExitName> {
  const path = args.needed(0, 'inspect FILE');
  const fd = args.number('password-fd');
  const password = fd === undefined ? undefined : new TextDecoder().decode(await readSecret('Password', fd));
  const source = await openFileSource(path);
  try {
    out.result(await inspectPdf(source, { password }), (seen) => words(path, seen));
    return 'done';
  } catch (error) {
    if (error instanceof PdfError) throw new CommandError(error.code, inWords(error.code));
    throw error;
  } finally {
    await source.close();
  }
}
