/** The room's one error: why a PDF could not be read or changed. */

export type PdfErrorCode =
  | 'not-a-pdf'
  | 'damaged'
  /** By a handler or a version that is not known here. */
  | 'encrypted'
  /** The file has a password, and none or a wrong one was given. */
  | 'password-needed'
  | 'limit'
  | 'field-not-found'
  | 'field-already-signed'
  | 'page-not-found'
  | 'changes-not-permitted';

export class PdfError extends Error {
  readonly code: PdfErrorCode;
  readonly detail: string | undefined;
  constructor(code: PdfErrorCode, detail?: string, cause?: unknown) {
    super(`pdf: ${code}${detail ? ` (${detail})` : ''}`, { cause });
    this.name = 'PdfError';
    this.code = code;
    this.detail = detail;
  }
}
