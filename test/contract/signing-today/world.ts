/** A sandbox, served, with three people, and the provider under test signed in as one of them. */
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../../main/platform/clock.ts';
import type { HttpPort } from '../../../main/platform/http.ts';
import { createHttp } from '../../../main/platform/undici-http.ts';
import type {
  Change,
  ChangeContent,
  CredentialStore,
  Credentials,
  DeliveryMemo,
  Observation,
  Provider,
  ProviderSession,
} from '../../../main/providers/provider.ts';
import { createSigningToday } from '../../../main/providers/signing-today/index.ts';
import {
  createSigningTodayState,
  type Dst,
  type SeedDocument,
  type SeedDst,
  type SigningTodayServer,
  type SigningTodayState,
  type User,
} from '../../sandbox/signing-today/index.ts';
import { startWatched } from '../../sandbox/signing-today/openapi/index.ts';

export const password = 'correct horse';

export interface World {
  readonly state: SigningTodayState;
  readonly server: SigningTodayServer;
  readonly http: HttpPort;
  readonly provider: Provider;
  readonly ada: User;
  readonly bob: User;
  /** Creates the DSTs; signs nothing. */
  readonly carla: User;
  /** Ada's, signed in. */
  readonly session: ProviderSession;
  readonly credentials: CredentialStore & { current: Credentials };
  /** Moves the server's and the client's clock on. */
  advance(ms: number): void;
  /** A session of its own, as after a restart of the app. */
  reopen(http?: HttpPort): ProviderSession;
  addDst(document: Partial<SeedDocument>, more?: Partial<SeedDst>): Promise<Dst>;
  close(): Promise<void>;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Bytes that pass for a PDF where nobody renders them. */
export const somePdf = (): Buffer => Buffer.from(`%PDF-1.7\n% ${randomBytes(24).toString('hex')}\n%%EOF\n`);

/** What an incremental signature makes of a file: the same bytes and some more. */
export const signedFrom = (base: Uint8Array): Buffer =>
  Buffer.concat([base, Buffer.from(`% signed ${randomBytes(24).toString('hex')}\n%%EOF\n`)]);

export async function openWorld(): Promise<World> {
  let now = Date.UTC(2024, 0, 1);
  const clock: Clock = { now: () => now, monotonicMs: () => now, delay: async () => undefined };
  const state = createSigningTodayState({ clock, accessTokenSeconds: 3600 });
  const ada = state.addUser({ username: 'ada', password, name: 'Ada', surname: 'Lovelace' });
  const bob = state.addUser({ username: 'bob', password, name: 'Bob', surname: 'Brown' });
  const carla = state.addUser({ username: 'carla', password, name: 'Carla', surname: 'Conti', role: 'instructor' });
  const { server } = await startWatched(state);
  const http = createHttp();
  const provider = createSigningToday({ http, clock });
  const signedIn = await provider.signIn({
    baseUrl: server.url,
    username: 'ada@demo',
    password,
    clientId: 'countersign',
    clientSecret: 'sandbox',
  });
  const credentials = {
    current: signedIn.credentials,
    async read() {
      return this.current;
    },
    async save(renewed: Credentials) {
      this.current = renewed;
    },
  };
  const account = { id: 'account', baseUrl: server.url, userId: ada.id };
  const reopen = (through: HttpPort = http) => createSigningToday({ http: through, clock }).open(account, credentials);
  return {
    state,
    server,
    http,
    provider,
    ada,
    bob,
    carla,
    credentials,
    session: reopen(),
    advance: (ms) => {
      now += ms;
    },
    reopen,
    addDst: (document, more = {}) =>
      state.addDst({
        title: 'Contract',
        createdBy: carla.id,
        documents: [
          {
            title: 'contract',
            pdf: somePdf(),
            signatureRequests: [{ signer: ada.id, declinable: true }],
            signerGroups: [[ada.id]],
            ...document,
          },
        ],
        ...more,
      }),
    async close() {
      await http.close();
      await server.stop();
    },
  };
}

/** The first item, which the test knows to be there. */
export function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('nothing there');
  return item;
}

export function contentOf(bytes: Uint8Array, chunkBytes = 64 * 1024): ChangeContent {
  return {
    sizeBytes: bytes.length,
    async *chunks() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    },
  };
}

export async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** An outbox row: its memo is what a crash leaves. */
export interface Row {
  readonly change: Change;
  readonly content?: ChangeContent;
  memo: DeliveryMemo | undefined;
}

/** One attempt as the outbox makes it: observe, store the memo, send, observe again. */
export async function deliver(session: ProviderSession, row: Row): Promise<Observation> {
  const before = await session.observe(row.change, row.memo);
  if (before.kind !== 'not-applied') return before;
  row.memo = before.memo;
  await session.send(row.change, before.memo, row.content, async (memo) => {
    row.memo = memo;
  });
  return session.observe(row.change, row.memo);
}

/** The row that hands in `signed` as Ada's answer to the document's first request of hers. */
export function signatureRow(
  world: World,
  dst: Dst,
  base: Uint8Array,
  signed: Uint8Array,
  fileName = 'c.signed.pdf',
): Row {
  const document = first(dst.documents);
  const signers = document.signerGroups.flatMap((group) => group.signers);
  const request = document.signatureRequests.find(
    ({ signerId }) => signers.find(({ id }) => id === signerId)?.userUUID === world.ada.id,
  );
  return {
    change: {
      kind: 'signature',
      key: 'key',
      remoteId: dst.id,
      documentId: String(document.id),
      signatureRequestId: String(request?.id),
      signedAt: Date.UTC(2024, 0, 1, 12),
      fileName,
      sha256: sha256(signed),
      baseSha256: sha256(base),
      sizeBytes: signed.length,
    },
    content: contentOf(signed),
    memo: undefined,
  };
}

/** Runs `before` once, right before the first request that fits goes out: what others do in the meantime. */
export function meanwhile(
  http: HttpPort,
  fits: (method: string, url: string) => boolean,
  before: () => Promise<unknown>,
): HttpPort {
  let done = false;
  return {
    ...http,
    async request(request) {
      if (!done && fits(request.method, request.url)) {
        done = true;
        await before();
      }
      return http.request(request);
    },
  };
}
