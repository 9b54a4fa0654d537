/** What the server refuses. On the wire (OpenAPI): 400 an array of errors, 404 no body, any other status one error. */
import type { ErrorBody } from './model.ts';

export type RefusalStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415;

export class ApiError extends Error {
  readonly status: RefusalStatus;
  readonly errors: readonly ErrorBody[];
  constructor(status: RefusalStatus, errors: readonly ErrorBody[]) {
    super(`${status}: ${errors.map((each) => each.code).join(', ')}`);
    this.name = 'ApiError';
    this.status = status;
    this.errors = errors;
  }
}

/** One error, ready to throw. `target` is the path of the field at fault. */
export function refusal(status: RefusalStatus, code: string, message: string, target?: string): ApiError {
  return new ApiError(status, [{ code, message, ...(target === undefined ? {} : { target }) }]);
}

export const notFound = (what: string): ApiError => refusal(404, 'not-found', `No such ${what}`);
