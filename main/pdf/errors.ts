/** The room's one error: why a PDF could not be read or changed. */

export type PdfErrorCode =
  | 'not-a-pdf'
  | 'damaged'
  | 'encrypted'
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
