/** The system's errors as the window has words for. */
import { errorCode } from '../platform/error-code.ts';

const known: Readonly<Record<string, string>> = {
  ENOENT: 'file-gone',
  EACCES: 'file-denied',
  EPERM: 'file-denied',
  EROFS: 'file-denied',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
};

/** A code of ours as it is, one of a timestamp without its prefix, a system's by its meaning. */
export function fileCode(code: string): string {
  return known[code] ?? (/^E[A-Z0-9]+$/.test(code) ? 'storage' : code.replace(/^timestamp-/, ''));
}

export const fileCodeOf = (error: unknown): string => fileCode(errorCode(error));

/** Runs the work; what the system refuses is thrown by its meaning. */
export async function withFileCodes<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw Object.assign(new Error('files: failed', { cause: error }), { code: fileCodeOf(error) });
  }
}
