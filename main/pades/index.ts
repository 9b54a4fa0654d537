/** The room's face: PAdES signatures prepared, assembled and found. */
export {
  blockSource,
  bufferSource,
  type CutPage,
  concatSources,
  cutPage,
  type DocMdpLevel,
  eachChunk,
  type MarkLayout,
  measureImage,
  type OpenOptions,
  type PlaceBox,
  type SigningWarning,
  type Source,
} from '../pdf/index.ts';
export { schemeFacts } from './algorithms.ts';
export {
  type CadesFrame,
  type CadesMessage,
  type CadesValues,
  cadesAttributesOf,
  frameCades,
  frameMessage,
  readCades,
  revocationsOf,
  withoutContent,
  withSignature,
  withTimestamps,
  withValues,
} from './cades.ts';
export { type OpenedCades, openCades } from './cades-file.ts';
export { assembleCms, estimateCmsBytes } from './cms.ts';
export { isObjectIdentifier } from './der.ts';
export { digestSource, sha256Of } from './digest-source.ts';
export { type PreparedTimestamp, prepareDocumentTimestamp } from './document-timestamp.ts';
export { fillGap } from './fill-gap.ts';
export { findEmptyField } from './find-empty-field.ts';
export { type ChangesAfter, listChangesAfter } from './later-changes.ts';
export { listSignatures } from './list-signatures.ts';
export { onePassSource, type WantedRange } from './one-pass.ts';
export { overview } from './overview.ts';
export { prepareSignature } from './prepare-signature.ts';
export {
  type CmsParts,
  type EmbeddedSignature,
  type FieldChoice,
  type Level,
  PadesError,
  type PadesErrorCode,
  type PreparedSignature,
  type SignatureSpec,
} from './prepared-signature.ts';
export { rewriteDamaged } from './rewrite.ts';
export {
  checkReasonAllowed,
  commitments,
  type SignaturePolicy,
  type SignerLocation,
  type SignerStatements,
} from './signer-statements.ts';
export { addValidationData, readValidationData, type ValidationDataSpec } from './validation-data.ts';
