/** What file commands ask of the network: timestamps, revocation, issuers. Answers are kept in the person's cache folder. */
import { readFile } from 'node:fs/promises';
import {
  type AuthoritySettings,
  createChainBuilder,
  createFolderCache,
  createRevocationClient,
  createTimestampPool,
  createValidationDataCollector,
  type TimestampAuthority,
  type ValidationDataCollector,
} from '../pki/index.ts';
import { type ClientCertificate, toClientCertificate } from '../platform/client-certificate.ts';
import { systemClock } from '../platform/clock.ts';
import type { HttpPort } from '../platform/http.ts';
import { answerCacheFolder } from '../platform/paths.ts';
import type { HttpOptions } from '../platform/undici-http.ts';
import type { Arguments } from './arguments.ts';
import { CommandError } from './exit-codes.ts';
import { readSecret } from './pin.ts';

const TIMEOUT_MS = 20_000;

export interface Network {
  readonly timestamps: TimestampAuthority;
  readonly collector: ValidationDataCollector;
  close(): Promise<void>;
}

/**
 * --tsa URL…; with --tsa-user NAME [--tsa-password-fd N] the only one's sign-in: a password is never shown to a second authority.
 * @throws CommandError usage
 */
async function authoritiesOf(args: Arguments): Promise<readonly AuthoritySettings[]> {
  const urls = args.list('tsa');
  const user = args.text('tsa-user');
  if (user === undefined) return urls.map((url) => ({ url }));
  const [url, ...others] = urls;
  if (url === undefined || others.length > 0 || user.includes(':'))
    throw new CommandError('bad-input', '--tsa-user goes with one --tsa, and has no colon in it.', 'usage');
  const password = new TextDecoder().decode(
    await readSecret('Timestamp authority’s password', args.number('tsa-password-fd')),
  );
  return [{ url, basicAuth: { user, password } }];
}

/**
 * --tsa-cert FILE [--tsa-cert-password-fd N]: the certificate that the only --tsa asks for, and its key.
 * @throws CommandError usage, io
 */
async function clientOf(args: Arguments): Promise<ClientCertificate | undefined> {
  const path = args.text('tsa-cert');
  if (path === undefined) return undefined;
  const [url = '', ...others] = args.list('tsa');
  if (others.length > 0 || !/^https:/i.test(url))
    throw new CommandError('bad-input', '--tsa-cert goes with one --tsa, an https address.', 'usage');
  const file = await readFile(path);
  const pem = file.toString('utf8');
  const isPem = pem.includes('-----BEGIN ');
  const descriptor = args.number('tsa-cert-password-fd');
  const isEncrypted = !isPem || /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem);
  const secret =
    descriptor !== undefined || isEncrypted ? await readSecret(`Password of ${path}`, descriptor) : undefined;
  const passphrase = secret && new TextDecoder().decode(secret);
  const given: ClientCertificate = isPem
    ? { pem, ...(passphrase === undefined ? {} : { passphrase }) }
    : { pkcs12: new Uint8Array(file), passphrase: passphrase ?? '' };
  const read = await toClientCertificate(given);
  if ('problem' in read)
    throw new CommandError(
      'bad-input',
      `${path} is no PEM or PKCS#12 file with a certificate and its key, or its password is another.`,
    );
  return read.client;
}

/** The HTTP client is loaded for the first request: a signature that asks nobody does without its megabyte. */
function lazyHttp(options: HttpOptions = {}): HttpPort {
  let made: Promise<HttpPort> | undefined;
  const http = () => {
    made ??= import('../platform/undici-http.ts').then(({ createHttp }) => createHttp(options));
    return made;
  };
  return {
    request: async (request) => (await http()).request(request),
    stream: async (request) => (await http()).stream(request),
    close: async () => (await made)?.close(),
  };
}

/** Nothing is connected to before it is asked. @throws CommandError usage */
export async function openNetwork(args: Arguments): Promise<Network> {
  const authorities = await authoritiesOf(args);
  const client = await clientOf(args);
  const http = lazyHttp();
  // Nobody but the authority is shown who is there.
  const stamping = client ? lazyHttp({ client }) : http;
  const exchange = { http, clock: systemClock, timeoutMs: TIMEOUT_MS };
  const asking = { ...exchange, cache: createFolderCache(answerCacheFolder()) };
  return {
    timestamps: createTimestampPool({ ...exchange, http: stamping, urls: () => authorities, rounds: 2 }),
    collector: createValidationDataCollector(createChainBuilder(asking), createRevocationClient(asking)),
    async close() {
      await Promise.all([http.close(), stamping.close()]);
    },
  };
}
