/**
 * The validation port: a report on a signed PDF. Implemented by `validatePdf` in index.ts:
 *   validatePdf(source: Source, options: ValidationOptions): Promise<ValidationReport>
 */
import type { ValidationDataCollector } from '../pki/index.ts';

export interface ValidationOptions {
  /** Trust anchors, DER; for signers and timestamp authorities alike. Empty: the report says no-anchors. */
  readonly anchors: readonly Uint8Array[];
  /** The time to judge certificates at where no timestamp proves an earlier one, epoch ms. */
  readonly at: number;
  /** Opens an encrypted file; the empty password need not be given. */
  readonly password?: string | undefined;
  /** Only what the file's bytes say of each signature: no revocation, no levels past B-T, no later changes. */
  readonly quick?: boolean;
  /** Asks the network where the file itself does not say whether a certificate is revoked; offline without it. */
  readonly collector?: ValidationDataCollector;
}
export type ValidationErrorCode =
  | 'not-a-pdf'
  | 'damaged'
  | 'encrypted'
  | 'password-needed'
  | 'limit'
  /** No signed message that can be read. */
  | 'bad-cms'
  /** A detached signature, and no file given that it may sign. */
  | 'content-missing';
export class ValidationError extends Error {
  readonly code: ValidationErrorCode;
  constructor(code: ValidationErrorCode, cause?: unknown) {
    super(`validation: ${code}`, { cause });
    this.name = 'ValidationError';
    this.code = code;
  }
}
