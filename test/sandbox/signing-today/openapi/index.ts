/** The check of the sandbox against the vendor's OpenAPI. */
import type { Exchange } from '../exchange.ts';
import { type SigningTodayServer, startSigningToday } from '../server.ts';
import type { SigningTodayState } from '../state.ts';
import { type Checker, createChecker } from './checker.ts';
import { loadDocument } from './document.ts';

export { type Checker, createChecker } from './checker.ts';
export { loadDocument, missingDocument, type OpenApiDocument, type Operation } from './document.ts';

/** What a test's exchanges came to. */
export interface Watch {
  readonly exchanges: readonly Exchange[];
  readonly violations: readonly string[];
  /** False where the document is not at hand: nothing is checked then. */
  readonly checking: boolean;
  onExchange(exchange: Exchange): void;
}

let checker: Checker | false | undefined;

function sharedChecker(): Checker | false {
  if (checker === undefined) {
    const document = loadDocument();
    checker = document ? createChecker(document) : false;
  }
  return checker;
}

/** Watches one server; the document is read once a process. @throws Error under CI=true where the document is not at hand */
export function watch(): Watch {
  const held = sharedChecker();
  const exchanges: Exchange[] = [];
  const violations: string[] = [];
  return {
    exchanges,
    violations,
    checking: held !== false,
    onExchange(exchange) {
      exchanges.push(exchange);
      if (held) violations.push(...held.check(exchange));
    },
  };
}

/**
 * A server whose every exchange is held against the document; `stop` fails where one did not keep to it.
 * @throws Error under CI=true where the document is not at hand
 */
export async function startWatched(
  state: SigningTodayState,
  options: { readonly port?: number } = {},
): Promise<{ server: SigningTodayServer; watch: Watch }> {
  const held = watch();
  const server = await startSigningToday(state, { ...options, onExchange: held.onExchange });
  const stop = server.stop;
  server.stop = async () => {
    await stop();
    const [first, ...more] = new Set(held.violations);
    if (first !== undefined) throw new Error(['not as the OpenAPI has it:', first, ...more].join('\n  '));
  };
  return { server, watch: held };
}
