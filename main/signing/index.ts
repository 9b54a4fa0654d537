/** The signing room's face. */

export { commitments, type SignerStatements } from '../pades/index.ts';
export { CadesError } from './cades-engine.ts';
export { checkSigner, type SignerCheck, type SignerStanding } from './check-signer.ts';
export { EngineError } from './engine.ts';
export type { Engine, EngineInput } from './engine-worker.ts';
export { type ExtendResult, extendFiles } from './extend-files.ts';
export { createFileEngine, type FileEngine, pathFiles } from './file-engine.ts';
export { raiseBySteps } from './raise-level.ts';
export { raiseMessage } from './raise-message.ts';
export type { RaiseSteps } from './raise-steps.ts';
export { type RaisedLevel, RaiseError, type RaiseErrorCode, type RaiseTools } from './raising.ts';
export { remoteFiles, remoteReport, remoteSteps } from './remote-engine.ts';
export { createSigning } from './service.ts';
export { type FileJob, type FileResult, type FileSigning, signFiles } from './sign-files.ts';
export { type Signing, type SigningDeps, SigningError, type SigningEvent } from './signing.ts';
export { excludesReason, stated } from './stated.ts';
