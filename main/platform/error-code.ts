/** The code an error carries, for whoever tells errors apart by code and never by message. */

/** `code` where it is a text; `internal` for anything else that was thrown. */
export function errorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : 'internal';
}
