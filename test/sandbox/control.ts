/** The sandbox's control endpoint, on a loopback port of its own: what an integrator's tests tell it to do. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { Clock } from '../../main/platform/clock.ts';
import type { Misbehaviour, SigningTodayServer } from './signing-today/index.ts';

const common = {
  /** A regular expression on the path below the base path. */
  for: z.string().max(200).optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  times: z.number().int().min(1).max(1_000_000).optional(),
};
const misbehaviour = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('html'), status: z.number().int().min(200).max(599).optional(), ...common }),
  z.object({
    kind: z.literal('status'),
    status: z.number().int().min(300).max(599),
    headers: z.record(z.string(), z.string()).optional(),
    ...common,
  }),
  z.object({ kind: z.literal('delay'), ms: z.number().int().min(0).max(600_000), ...common }),
  z.object({ kind: z.enum(['half-json', 'cut-body', 'changed-schema', 'drop-response', 'refuse']), ...common }),
]);
const skew = z.object({ skewMs: z.number().int() });

/** A clock that can be put forward or back. */
export function skewableClock(clock: Clock): Clock & { skewMs: number } {
  const skewed = {
    skewMs: 0,
    now: () => clock.now() + skewed.skewMs,
    monotonicMs: () => clock.monotonicMs(),
    delay: (ms: number, signal?: AbortSignal) => clock.delay(ms, signal),
  };
  return skewed;
}

/** As another version of the API might have it: no `id`, and `values` called `items`. */
function otherSchema(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(otherSchema);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name]) => name !== 'id');
  return Object.fromEntries(kept.map(([name, each]) => [name === 'values' ? 'items' : name, otherSchema(each)]));
}

function toMisbehaviour(value: unknown): Misbehaviour {
  const { for: pattern, ...rest } = misbehaviour.parse(value);
  const fault = rest.kind === 'changed-schema' ? { ...rest, change: otherSchema } : rest;
  return { ...fault, ...(pattern === undefined ? {} : { for: new RegExp(pattern) }) } as Misbehaviour;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8');
    if (text.length > 64 * 1024) throw new Error('too long');
  }
  return text === '' ? {} : JSON.parse(text);
}

export interface ControlParts {
  /** As it is served now. */
  readonly server: () => SigningTodayServer;
  readonly clock: { skewMs: number };
}

const help = {
  'POST /misbehave': {
    body: '{kind, for?, method?, times?}; kind: delay (ms), status (status, headers?), html, half-json, cut-body, changed-schema, drop-response, refuse',
  },
  'POST /behave': 'forgets what is still ordered',
  'POST /expire-tokens': 'every access token is refused; refresh tokens still work',
  'POST /end-sessions': 'refresh tokens are refused, too',
  'POST /clock': { body: '{skewMs}: the service’s clock runs so much ahead' },
  'GET /requests': 'what was asked and answered, in order',
  'GET /mails': 'what would have been mailed, password tokens in it',
};

/** Starts it on a free port of 127.0.0.1. */
export async function startControl({ server, clock }: ControlParts): Promise<{ url: string; stop(): Promise<void> }> {
  const actions: Readonly<Record<string, (body: unknown) => unknown>> = {
    'GET /': () => help,
    'GET /requests': () => server().requests,
    'GET /mails': () => server().state.mails(),
    'POST /misbehave': (body) => server().misbehave(toMisbehaviour(body)),
    'POST /behave': () => server().behave(),
    'POST /expire-tokens': () => server().state.expireAccessTokens(),
    'POST /end-sessions': () => server().state.endSessions(),
    'POST /clock': (body) => {
      clock.skewMs = skew.parse(body).skewMs;
    },
  };
  const http = createServer(async (request, response) => {
    const name = `${request.method} ${new URL(request.url ?? '/', 'http://127.0.0.1').pathname}`;
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
    const reply = (status: number, value: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(value)}\n`);
    };
    try {
      if (!action) return reply(404, help);
      reply(200, action(await readBody(request)) ?? { done: true });
    } catch (error) {
      reply(400, { error: error instanceof z.ZodError ? z.prettifyError(error) : 'not understood' });
    }
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async stop() {
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
    },
  };
}
