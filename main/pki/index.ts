/** The face of the PKI room: certificates, chains, CMS signatures and timestamps, read and judged. */
export { parseCertificate } from './certificate.ts';
export { type ChainPurpose, type ChainStatus, findChain, verifyChain } from './chain.ts';
export { type CmsProblem, type CmsVerdict, messageDigestOf, verifyCms } from './cms.ts';
export { cutToElement } from './der.ts';
export { parsePem } from './pem.ts';
export * from './port.ts';
export type { DigestName } from './signature-check.ts';
export {
  attributeTypes,
  claimedSigningTime,
  readSignedData,
  type SignedData,
  type SignerInfo,
  signatureTimestamps,
} from './signed-data.ts';
export { createTimestampAuthority, type TimestampAuthorityOptions } from './timestamp-client.ts';
export { createTimestampPool } from './timestamp-pool.ts';
export {
  readTimestampToken,
  type Stamped,
  type TimestampProblem,
  type TimestampToken,
  type TimestampVerdict,
  verifyTimestampToken,
} from './timestamp-token.ts';
