/** The face of the PKI room: certificates, chains, CMS signatures and timestamps, read and judged. */
export { parseCertificate } from './certificate.ts';
export { type ChainPurpose, type ChainStatus, findChain, findPath, verifyChain } from './chain.ts';
export {
  type BuiltChain,
  type ChainBuilder,
  type ChainBuilderOptions,
  createChainBuilder,
} from './chain-builder.ts';
export { type CmsProblem, type CmsVerdict, messageDigestOf, verifyCms } from './cms.ts';
export { cutToElement } from './der.ts';
export { createEvidenceBook, type EvidenceBook, type EvidenceMaterial } from './evidence-book.ts';
export { parsePem } from './pem.ts';
export * from './port.ts';
export type { RevocationProblem, RevocationStatus } from './revocation.ts';
export { type AnswerCache, type CachedAnswer, createFolderCache, createMemoryCache } from './revocation-cache.ts';
export {
  createRevocationClient,
  type RevocationAnswer,
  type RevocationClient,
  type RevocationClientOptions,
  type RevocationQuestion,
} from './revocation-client.ts';
export type { DigestName } from './signature-check.ts';
export {
  attributeTypes,
  claimedSigningTime,
  readSignedData,
  type SignedData,
  type SignerInfo,
  signatureTimestamps,
} from './signed-data.ts';
export { readSignerNames, type SignerNames } from './signer-names.ts';
export { type BasicAuth, createTimestampAuthority, type TimestampAuthorityOptions } from './timestamp-client.ts';
export { type AuthoritySettings, createTimestampPool, type TimestampPoolOptions } from './timestamp-pool.ts';
export {
  readTimestampToken,
  type Stamped,
  type TimestampProblem,
  type TimestampToken,
  type TimestampVerdict,
  verifyTimestampToken,
} from './timestamp-token.ts';
export {
  createValidationDataCollector,
  distinct,
  type ValidationData,
  type ValidationDataCollector,
  type ValidationDataProblem,
  type ValidationDataRequest,
} from './validation-data.ts';
