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
  | 'changes-not-permitted'
  /** A certification is asked for where a signature stands already. */
  | 'already-signed'
  /** The field's seed value asks for something else (12.7.5.5). */
  | 'seed-value'
  | 'image-unreadable'
  | 'font-unreadable';

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
