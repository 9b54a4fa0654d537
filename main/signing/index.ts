/** The signing room's face. */

export { EngineError } from './engine.ts';
export type { Engine } from './engine-worker.ts';
export { createSigning, type Signing, type SigningDeps, SigningError, type SigningEvent } from './service.ts';
export { type FileJob, type FileResult, signFiles } from './sign-files.ts';
