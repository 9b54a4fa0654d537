/** Copies of signed files out of the profile, as one zip. */
export { ExportError, type Exported, type ExportOptions, exportSigned } from './export-signed.ts';
export { type SignedFile, signedFiles } from './signed-files.ts';
