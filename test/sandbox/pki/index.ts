/** The sandbox's PKI, its timestamp authority and its revocation services. */
export { type Credential, certificatePem, type KeyType, privateKeyOf, privateKeyPem, toPem } from './certificates.ts';
export {
  createPki,
  issueSigner,
  issueStandardSigners,
  type Pki,
  type Revocation,
  type RevocationReason,
  type RevocationUrls,
  revoke,
  type Signer,
  type SignerRequest,
  signerNamed,
} from './pki.ts';
export { type SandboxRevocationServer, startRevocationServer, startServedPki } from './revocation-server.ts';
export { loadPki, savePki } from './storage.ts';
export { type SandboxTimestampAuthority, startTimestampAuthority, type TimestampFault } from './timestamp-authority.ts';
