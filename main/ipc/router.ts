/**
 * The one door to the desk: checks who calls, parses what they say, runs the handler, and turns what went wrong into
 * `{code, retryable, details}`. Nothing else about an error crosses the bridge.
 */
import {
  type BridgeError,
  type CallName,
  type CallOutput,
  calls,
  commonErrorCodes,
  type ParsedInput,
  type Reply,
} from '../../preload/contract.ts';
import type { Sender } from '../host/host.ts';

export type Handlers = { readonly [N in CallName]: (input: ParsedInput<N>) => Promise<CallOutput<N>> };

export type Dispatch = (sender: Sender, name: string, input: unknown) => Promise<Reply<unknown>>;

/** An outcome a handler answers with instead of a value. */
export class CallError extends Error {
  readonly code: string;
  readonly details: BridgeError['details'];
  constructor(code: string, details: BridgeError['details'] = {}) {
    super(`call: ${code}`);
    this.name = 'CallError';
    this.code = code;
    this.details = details;
  }
}

export const windowOrigins = ['app://countersign', 'https://countersign.localhost'] as const;
/** The command line, in this process or over the profile's socket. */
export const localSender: Sender = { origin: 'local', isMainFrame: true };

const RETRYABLE = new Set([
  'offline',
  'server-error',
  'rate-limited',
  'module-crashed',
  'module-hung',
  'token-absent',
  'store-interrupted',
]);

function isOurs(sender: Sender): boolean {
  const known: readonly string[] = [...windowOrigins, localSender.origin];
  return sender.isMainFrame && known.includes(sender.origin);
}

/**
 * What a window may not say, whatever its page has become: paths to write to or to load code from. The host's own dialogs
 * and the command line choose those.
 */
const localOnly: { readonly [N in CallName]?: (input: ParsedInput<N>) => boolean } = {
  'app.open': (input) => input.paths !== undefined,
  'documents.export': (input) => input.path !== undefined,
  'exports.signed': (input) => input.path !== undefined,
  'conflicts.export': (input) => input.path !== undefined,
  'prepare.export': (input) => input.path !== undefined,
  'robots.token': () => true,
  'robots.settings': () => true,
  'tokens.list': (input) => input.modulePath !== undefined,
  'tokens.addModule': (input) => input.path !== undefined,
  'settings.change': (input) =>
    input.pkcs11Modules !== undefined || input.trustAnchors !== undefined || typeof input.caFile === 'string',
};

/** The preload alone makes this call (preload.ts), in the one host that has a preload. */
const preloadOrigin: string = windowOrigins[0];
const preloadOnly: ReadonlySet<CallName> = new Set<CallName>(['files.dropped']);

function isLocalOnly(name: CallName, input: unknown): boolean {
  // No page of the window administers an organisation.
  if (name.startsWith('admin.')) return true;
  const test = localOnly[name] as ((given: unknown) => boolean) | undefined;
  return test?.(input) ?? false;
}

const refuse = (code: string, details: BridgeError['details'] = {}): Reply<never> => ({
  ok: false,
  error: { code, retryable: RETRYABLE.has(code), details },
});

/** The store's codes that would mean something else in a call's own words. */
const ofTheProfile: Readonly<Record<string, string>> = {
  damaged: 'profile-damaged',
  closed: 'store-closed',
  interrupted: 'store-interrupted',
};

function toReply(error: unknown, declared: readonly string[]): Reply<never> {
  const about = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const given = typeof about.code === 'string' ? about.code : 'internal';
  const code = about.name === 'StoreError' ? (ofTheProfile[given] ?? given) : given;
  if (!declared.includes(code)) return refuse('internal');
  if (error instanceof CallError) return refuse(code, error.details);
  // A provider's own words are for the person; they come cut and cleaned (providers/provider.ts).
  const message = typeof about.serverMessage === 'string' ? { serverMessage: about.serverMessage } : {};
  const field = typeof about.field === 'string' ? { field: about.field } : {};
  return refuse(code, { ...message, ...field });
}

/**
 * @param report told of every error that is not one of the call's declared outcomes: a bug, for the log
 */
export function createRouter(handlers: Handlers, report: (call: string, error: unknown) => void): Dispatch {
  return async (sender, name, input) => {
    if (!isOurs(sender)) return refuse('forbidden-sender');
    if (!Object.hasOwn(calls, name)) return refuse('unknown-call');
    const call = calls[name as CallName];
    const parsed = call.input.safeParse(input);
    if (!parsed.success) {
      return refuse('bad-input', { field: parsed.error.issues[0]?.path.join('.') ?? '' });
    }
    if (preloadOnly.has(name as CallName) && ![preloadOrigin, localSender.origin].includes(sender.origin)) {
      return refuse('forbidden-sender');
    }
    if (sender.origin !== localSender.origin && isLocalOnly(name as CallName, parsed.data)) {
      return refuse('forbidden-sender');
    }
    try {
      const handler = handlers[name as CallName] as (given: unknown) => Promise<unknown>;
      return { ok: true, value: await handler(parsed.data) };
    } catch (error) {
      const reply = toReply(error, [...call.errors, ...commonErrorCodes]);
      if (!reply.ok && reply.error.code === 'internal') report(name, error);
      return reply;
    }
  };
}
