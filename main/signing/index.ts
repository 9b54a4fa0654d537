/** The signing room's face. */

export { EngineError } from './engine.ts';
export type { Engine } from './engine-worker.ts';
export { type ExtendResult, extendFiles } from './extend-files.ts';
export { type RaisedLevel, RaiseError, type RaiseErrorCode, type RaiseTools, raiseLevel } from './raise-level.ts';
export { createSigning, type Signing, type SigningDeps, SigningError, type SigningEvent } from './service.ts';
export { CadesError, type CadesSigning } from './sign-cades.ts';
export { type FileJob, type FileResult, signFiles } from './sign-files.ts';
