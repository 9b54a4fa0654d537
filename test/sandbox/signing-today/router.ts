/** The table of operations and how a request finds its row. Rows carry the OpenAPI's operationId. */
import type { IncomingMessage } from 'node:http';
import type { Answer } from './answers.ts';
import { refusal } from './errors.ts';
import type { User } from './model.ts';
import type { Session } from './records.ts';
import type { SigningTodayState } from './state.ts';

export interface Call {
  readonly state: SigningTodayState;
  readonly request: IncomingMessage;
  /** From the path's {names}. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** `http://127.0.0.1:PORT/api`. */
  readonly baseUrl: string;
}

/** A call with a valid bearer token. */
export interface UserCall extends Call {
  readonly user: User;
  readonly session: Session;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Row {
  readonly operationId: string;
  readonly method: Method;
  /** As in the OpenAPI, `/DST/{id}/note`. */
  readonly path: string;
}

export type Route = Row &
  (
    | { readonly auth: 'bearer'; run(call: UserCall): Promise<Answer> | Answer }
    | { readonly auth: 'none'; run(call: Call): Promise<Answer> | Answer }
  );

export interface Match {
  readonly route: Route;
  readonly params: Record<string, string>;
}

function toPattern(path: string): RegExp {
  const parts = path.split('/').map((part) => (part.startsWith('{') ? '([^/]+)' : part));
  return new RegExp(`^${parts.join('/')}$`);
}

const namesIn = (path: string): string[] => [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);

/** A function from method and path (below the base path) to the row. @throws ApiError 404, 405 */
export function createRouter(routes: readonly Route[]): (method: string, path: string) => Match {
  const table = routes.map((route) => ({ route, pattern: toPattern(route.path), names: namesIn(route.path) }));
  return (method, path) => {
    let known = false;
    for (const { route, pattern, names } of table) {
      const match = pattern.exec(path);
      if (!match) continue;
      known = true;
      if (route.method !== method) continue;
      try {
        const params = Object.fromEntries(
          names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]),
        );
        return { route, params };
      } catch {
        throw refusal(404, 'not-found', 'No such path');
      }
    }
    throw known ? refusal(405, 'method', 'Not a method of this path') : refusal(404, 'not-found', 'No such path');
  };
}
