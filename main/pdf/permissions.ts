/** What a certification signature allows (ISO 32000-2, 12.8.2.2: DocMDP). */
import { dictAt, type PdfDocument } from './document.ts';
import { PdfError } from './errors.ts';
import type { FormField } from './form-fields.ts';
import { isArray, type Maybe, nameOf } from './objects.ts';

/** /P of the signature's DocMDP transform, 2 where it names none; undefined for a signature that certifies nothing. */
async function certifiedLevel(document: PdfDocument, signature: Maybe): Promise<number | undefined> {
  const references = await document.resolve((await dictAt(document, signature))?.get('Reference'));
  for (const item of isArray(references) ? references : []) {
    const reference = await dictAt(document, item);
    if (nameOf(await document.resolve(reference?.get('TransformMethod'))) !== 'DocMDP') continue;
    const level = await document.resolve((await dictAt(document, reference?.get('TransformParams')))?.get('P'));
    return typeof level === 'number' ? level : 2;
  }
  return undefined;
}

/** @throws PdfError changes-not-permitted where the document was certified against any change (P=1) */
export async function assertSigningPermitted(document: PdfDocument, fields: readonly FormField[]): Promise<void> {
  const permissions = await dictAt(document, document.catalog.get('Perms'));
  const signatures = fields.filter((field) => field.type === 'Sig').map((field) => field.value);
  for (const signature of [permissions?.get('DocMDP'), ...signatures]) {
    if ((await certifiedLevel(document, signature)) === 1) throw new PdfError('changes-not-permitted', 'DocMDP 1');
  }
}
