/** The room's face: PDF bytes read lazily and changed by increments. */

export type { MarkLayout, MarkSpec } from './appearance.ts';
export { blockSource } from './block-source.ts';
export { eachChunk } from './chunks.ts';
export { type CutPage, cutPage } from './cut-page.ts';
export { type OpenOptions, openDocument, type PdfDocument } from './document.ts';
export { type FoundSignature, findSignatures } from './embedded-signatures.ts';
export { findEmptyField } from './empty-field.ts';
export { PdfError, type PdfErrorCode } from './errors.ts';
export type { DocMdpLevel } from './field-lock.ts';
export { locks } from './field-lock.ts';
export { formFields } from './form-fields.ts';
export type { PlaceBox, PointBox } from './geometry.ts';
export { measureImage } from './image.ts';
export { type Inspection, inspectPdf } from './inspection.ts';
export { type ChangeKind, laterChanges } from './later-changes.ts';
export { overviewOf } from './overview.ts';
export type { SigningWarning } from './permissions.ts';
export { readRestrictions } from './permissions.ts';
export { rewritePdf } from './rewrite.ts';
export type { SignatureEntries } from './signature-dictionary.ts';
export { type FieldTarget, type PlacedSignature, placeSignature, type SignatureRequest } from './signature-field.ts';
export { type ByteRange, bufferSource, concatSources, type Sink, type Source } from './source.ts';
export {
  appendValidationStore,
  readValidationStore,
  type StoredItem,
  type ValidationMaterial,
  type ValidationStore,
} from './validation-store.ts';
