/**
 * How the person's timestamp authorities are signed in to: a name and password, or a client certificate. Kept in the profile's encrypted
 * database; who looks at them learns that there is a password, and never which.
 */
import { z } from 'zod';
import { type ClientCertificate, toClientCertificate } from './client-certificate.ts';
import type { HttpPort } from './http.ts';
import { urlProblem } from './secure-url.ts';

/** Key of the store's setting that holds them. */
const accessKey = 'timestampAccess';

const keptAccess = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('password'), user: z.string(), password: z.string() }),
  z.object({ kind: z.literal('certificate'), fileName: z.string(), pkcs12: z.base64(), passphrase: z.string() }),
  /** What stood in a PKCS#12 file that TLS cannot open. */
  z.object({ kind: z.literal('key'), fileName: z.string(), pem: z.string() }),
]);
type KeptAccess = z.infer<typeof keptAccess>;
const keptBook = z.record(z.string(), keptAccess);

export type AccessErrorCode =
  /** No authority of this address is set. */
  | 'not-found'
  /** Over plain HTTP a password would be read on the way, and a certificate is never asked for. */
  | 'insecure-url'
  /** A name with a colon in it cannot be told from its password (RFC 7617, 2). */
  | 'bad-user'
  | 'passphrase-incorrect'
  | 'key-file-unreadable';

export class AccessError extends Error {
  readonly code: AccessErrorCode;
  constructor(code: AccessErrorCode) {
    super(`timestamp access: ${code}`);
    this.name = 'AccessError';
    this.code = code;
  }
}

export type AccessView =
  | { readonly url: string; readonly access: 'none' }
  | { readonly url: string; readonly access: 'password'; readonly user: string }
  | { readonly url: string; readonly access: 'certificate'; readonly fileName: string };

/** What a pool of authorities is given. */
export interface AuthorityAccess {
  readonly url: string;
  readonly basicAuth?: { readonly user: string; readonly password: string };
  readonly http?: HttpPort;
}

export interface AuthorityBook {
  list(): AccessView[];
  /** In the person's order; the same object while nothing of it changes. */
  authorities(): readonly AuthorityAccess[];
  /** @throws AccessError not-found, insecure-url, bad-user */
  setPassword(url: string, user: string, password: string): Promise<void>;
  /** @param pkcs12 the file's bytes @throws AccessError not-found, insecure-url, passphrase-incorrect, key-file-unreadable */
  setCertificate(url: string, fileName: string, pkcs12: Uint8Array, passphrase: string): Promise<void>;
  /** @throws AccessError not-found */
  clear(url: string): Promise<void>;
  /** Forgets those of authorities that are not set any more. */
  prune(): Promise<void>;
  close(): Promise<void>;
}

interface AuthorityBookDeps {
  readonly store: {
    setting(key: string): Promise<string | undefined>;
    saveSetting(key: string, value: string): Promise<void>;
  };
  /** The authorities that are set, in their order. */
  readonly urls: () => readonly string[];
  /** A port that shows this certificate, for one authority alone. */
  readonly openHttp: (client: ClientCertificate) => HttpPort;
}

/** What cannot be read counts as none: the person is asked anew. */
function readBook(json: string | undefined): Map<string, KeptAccess> {
  try {
    return new Map(Object.entries(keptBook.parse(JSON.parse(json ?? '{}'))));
  } catch {
    return new Map();
  }
}

function viewOf(url: string, kept: KeptAccess | undefined): AccessView {
  if (!kept) return { url, access: 'none' };
  return kept.kind === 'password'
    ? { url, access: 'password', user: kept.user }
    : { url, access: 'certificate', fileName: kept.fileName };
}

function clientOf(kept: Exclude<KeptAccess, { kind: 'password' }>): ClientCertificate {
  if (kept.kind === 'key') return { pem: kept.pem };
  return { pkcs12: new Uint8Array(Buffer.from(kept.pkcs12, 'base64')), passphrase: kept.passphrase };
}

class Book implements AuthorityBook {
  readonly #deps: AuthorityBookDeps;
  readonly #kept: Map<string, KeptAccess>;
  /** Made when they are first asked for. */
  readonly #made = new Map<string, AuthorityAccess>();

  constructor(deps: AuthorityBookDeps, kept: Map<string, KeptAccess>) {
    this.#deps = deps;
    this.#kept = kept;
  }

  list(): AccessView[] {
    return this.#deps.urls().map((url) => viewOf(url, this.#kept.get(url)));
  }

  authorities(): readonly AuthorityAccess[] {
    return this.#deps.urls().map((url) => {
      const made = this.#made.get(url) ?? this.#make(url);
      this.#made.set(url, made);
      return made;
    });
  }

  #make(url: string): AuthorityAccess {
    const kept = this.#kept.get(url);
    if (!kept) return { url };
    if (kept.kind === 'password') return { url, basicAuth: { user: kept.user, password: kept.password } };
    return { url, http: this.#deps.openHttp(clientOf(kept)) };
  }

  #refuseUnknown(url: string): void {
    if (!this.#deps.urls().includes(url)) throw new AccessError('not-found');
  }

  /** Written before it holds. */
  async #change(change: (kept: Map<string, KeptAccess>) => void): Promise<void> {
    const next = new Map(this.#kept);
    change(next);
    await this.#deps.store.saveSetting(accessKey, JSON.stringify(Object.fromEntries(next)));
    for (const url of new Set([...this.#kept.keys(), ...next.keys()])) {
      if (this.#kept.get(url) !== next.get(url)) await this.#letGo(url);
    }
    this.#kept.clear();
    for (const [url, one] of next) this.#kept.set(url, one);
  }

  async #letGo(url: string): Promise<void> {
    const made = this.#made.get(url);
    this.#made.delete(url);
    await made?.http?.close();
  }

  async setPassword(url: string, user: string, password: string): Promise<void> {
    this.#refuseUnknown(url);
    if (urlProblem(url, false)) throw new AccessError('insecure-url');
    if (user === '' || user.includes(':')) throw new AccessError('bad-user');
    await this.#change((kept) => kept.set(url, { kind: 'password', user, password }));
  }

  async setCertificate(url: string, fileName: string, pkcs12: Uint8Array, passphrase: string): Promise<void> {
    this.#refuseUnknown(url);
    if (new URL(url).protocol !== 'https:') throw new AccessError('insecure-url');
    const read = await toClientCertificate({ pkcs12, passphrase });
    if ('problem' in read) throw new AccessError(read.problem);
    const { client } = read;
    const bytes = Buffer.from(pkcs12).toString('base64');
    const one: KeptAccess =
      'pem' in client
        ? { kind: 'key', fileName, pem: client.pem }
        : { kind: 'certificate', fileName, pkcs12: bytes, passphrase };
    await this.#change((kept) => kept.set(url, one));
  }

  async clear(url: string): Promise<void> {
    this.#refuseUnknown(url);
    await this.#change((kept) => kept.delete(url));
  }

  async prune(): Promise<void> {
    const urls = new Set(this.#deps.urls());
    const over = [...this.#kept.keys()].filter((url) => !urls.has(url));
    if (over.length === 0) return;
    await this.#change((kept) => {
      for (const url of over) kept.delete(url);
    });
  }

  async close(): Promise<void> {
    for (const url of [...this.#made.keys()]) await this.#letGo(url);
  }
}

export async function openAuthorityBook(deps: AuthorityBookDeps): Promise<AuthorityBook> {
  return new Book(deps, readBook(await deps.store.setting(accessKey)));
}
