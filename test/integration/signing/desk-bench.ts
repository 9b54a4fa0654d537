/** A signing service over a real store, engine thread and timestamp authority, with a key in software as its token. */
import { createSign } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { bufferSource, readCades } from '../../../main/pades/index.ts';
import {
  createChainBuilder,
  createMemoryCache,
  createRevocationClient,
  createTimestampPool,
  createValidationDataCollector,
} from '../../../main/pki/index.ts';
import { type Clock, systemClock } from '../../../main/platform/clock.ts';
import { entryUrl } from '../../../main/platform/entries.ts';
import { createHttp } from '../../../main/platform/undici-http.ts';
import { startWorker } from '../../../main/platform/worker-rpc.ts';
import {
  checkSigner,
  createSigning,
  type Engine,
  type Signing,
  type SigningEvent,
} from '../../../main/signing/index.ts';
import { openStore, type Store, StoreError, type StoreErrorCode } from '../../../main/store/index.ts';
import type { TokenBatch, Tokens } from '../../../main/tokens/index.ts';
import { validateCms } from '../../../main/validation/index.ts';
import type { TokenResult } from '../../../native/token-port.ts';
import type { Transaction } from '../../../preload/model.ts';
import {
  createPki,
  issueSigner,
  type Pki,
  privateKeyOf,
  type SandboxRevocationServer,
  type Signer,
  startServedPki,
  startTimestampAuthority,
} from '../../sandbox/pki/index.ts';
import { sampleDocument, sampleRequest, sampleTransaction } from '../../unit/signing/model-samples.ts';

export interface SoftToken extends Tokens {
  /** PINs offered so far, and messages signed. */
  logins: number;
  signed: number;
  /** What the next login answers; ok when undefined. */
  refuseLogin: 'pin-incorrect' | 'token-absent' | undefined;
  /** The card is pulled after this many signatures. */
  pullAfter: number;
  closed: number;
  /** Runs while the token signs. */
  beforeSign: () => void;
}

function softToken(signer: Signer, pki: Pki): SoftToken {
  const token: SoftToken = {
    logins: 0,
    signed: 0,
    refuseLogin: undefined,
    pullAfter: Number.POSITIVE_INFINITY,
    closed: 0,
    beforeSign: () => undefined,
    list: async () => ({ tokens: [], problems: [] }),
    certificateOf: () => ({ certificate: signer.certificate, chain: [pki.issuing.certificate] }),
    openSession: async () => ({ ok: false, code: 'bad-request' }),
    openFile: async () => ({ ok: false, code: 'bad-request' }),
    startFileBatch: async () => ({ ok: false, code: 'bad-request' }),
    changePin: async () => ({ ok: false, code: 'bad-request' }),
    unblock: async () => ({ ok: false, code: 'bad-request' }),
    endLogins: async () => undefined,
    endKeptLogins: async () => undefined,
    reopen: async () => undefined,
    askAgain: () => undefined,
    async startBatch(): Promise<TokenResult<TokenBatch>> {
      token.logins++;
      if (token.refuseLogin) return { ok: false, code: token.refuseLogin };
      const { certificate } = signer;
      return {
        ok: true,
        value: {
          key: { identityId: 'soft/01', certificate, chain: [pki.issuing.certificate], scheme: 'ecdsa-sha256' },
          async sign(message) {
            if (token.signed >= token.pullAfter) return { ok: false, code: 'token-removed' };
            token.signed++;
            token.beforeSign();
            return { ok: true, value: createSign('sha256').update(message).sign(privateKeyOf(signer)) };
          },
          close: async () => void token.closed++,
        },
      };
    },
    close: async () => undefined,
  };
  return token;
}

export async function samplePdf(text: string): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.addPage().drawText(text);
  return pdf.save();
}

export interface SigningBench {
  readonly store: Store;
  readonly token: SoftToken;
  readonly authority: Awaited<ReturnType<typeof startTimestampAuthority>>;
  readonly pki: Pki;
  /** Of the software key's own PKI. */
  readonly revocation: SandboxRevocationServer | undefined;
  signing: Signing;
  readonly events: SigningEvent[];
  /** The store answers the next call of a method with this error. */
  failNext(method: keyof Store, code: StoreErrorCode): void;
  /** What stands in for the provider where stored bytes are damaged; nobody has them unless a test says so. */
  mend: (transactionId: string, documentId: string) => Promise<void>;
  /** Where the runs lie. */
  readonly runsDir: string;
  /** Puts in a transaction with one PDF; the bytes' SHA-256. */
  addDocument(transaction: Transaction, bytes: Uint8Array): Promise<string>;
  /** The service dies and starts again on the same store. */
  restart(): Promise<void>;
  /** Waits for the batch's end; why it stopped. */
  ended(batchId: string): Promise<string | undefined>;
  /** Waits until the job's state is the one named. */
  reached(jobId: string, state: string): Promise<void>;
  close(): Promise<void>;
}

export const transactionWith = (remoteId: string, requests = [sampleRequest()]) =>
  sampleTransaction({
    id: `acc:${remoteId}`,
    remoteId,
    documents: [sampleDocument({ currentResourceId: `res-${remoteId}`, signatureRequests: requests })],
  });

/** @param real tokens in the place of the software key, with the PKI their certificates are from */
export async function openSigningBench(
  clock: Clock = systemClock,
  real?: { readonly tokens: Tokens; readonly pki: Pki },
): Promise<SigningBench> {
  const dir = await mkdtemp(join(tmpdir(), 'signing-'));
  const served = real ? undefined : await startServedPki(Date.now());
  const pki = real?.pki ?? served?.pki ?? (await createPki({ now: Date.now() }));
  const known = pki.signers.get('me');
  const signer = known ?? (await issueSigner(pki, { name: 'me', commonName: 'Anna Ozola', keyType: 'p-256' }));
  const authority = await startTimestampAuthority(pki, { clock: Date });
  const key = new Uint8Array(32).fill(7);
  const runsDir = join(dir, 'runs');
  const store = await openStore({ databasePath: join(dir, 'db'), runsDir, key });
  const engine = startWorker<Engine>(entryUrl('engine-worker'), { runsDir, key });
  const http = await createHttp({});
  const pool = createTimestampPool({ urls: () => [authority.url], http, clock: systemClock, timeoutMs: 5000 });
  const net = { http, clock: systemClock, cache: createMemoryCache(), timeoutMs: 5000 };
  const collector = createValidationDataCollector(createChainBuilder(net), createRevocationClient(net));
  const anchors = [pki.root.certificate];
  await store.putAccount(
    {
      id: 'acc',
      provider: 'signing-today',
      baseUrl: 'http://127.0.0.1',
      userId: 'u',
      userName: 'Anna',
      label: 'Anna',
      state: 'signed-in',
    },
    '{}',
  );
  const events: SigningEvent[] = [];
  const token = softToken(signer, pki);
  const listeners = new Set<(event: SigningEvent) => void>();
  let ids = 0;
  const faults = new Map<string | symbol, StoreErrorCode>();
  const faultyStore = new Proxy(store, {
    get(target, name) {
      const code = faults.get(name);
      if (code === undefined) return Reflect.get(target, name);
      faults.delete(name);
      return () => Promise.reject(new StoreError(code));
    },
  });
  const make = () =>
    createSigning({
      store: faultyStore,
      engine: engine.remote,
      tokens: real?.tokens ?? token,
      timestamp: (message, signal) => pool.timestamp(message, signal),
      validation: () => ({ anchors: [pki.root.certificate], at: Date.now() }),
      mend: (transactionId, documentId) => bench.mend(transactionId, documentId),
      clock,
      newId: () => `id-${++ids}`,
      emit(event) {
        events.push(event);
        for (const tell of listeners) tell(event);
      },
      unreadable: () => undefined,
      committed: () => undefined,
      hasAuthority: () => true,
      collector,
      checkIdentity: (_id, signal) =>
        checkSigner(
          { collector, anchors, clock: systemClock },
          { certificate: signer.certificate, chain: [pki.issuing.certificate] },
          signal,
        ),
    });
  const until = <T>(match: (event: SigningEvent) => { value: T } | undefined) =>
    new Promise<T>((resolve) => {
      const listen = (event: SigningEvent) => {
        const found = match(event);
        if (!found) return;
        listeners.delete(listen);
        resolve(found.value);
      };
      for (const event of [...events]) {
        const found = match(event);
        if (found) return resolve(found.value);
      }
      listeners.add(listen);
      return undefined;
    });
  const bench: SigningBench = {
    store,
    token,
    authority,
    pki,
    revocation: served?.server,
    signing: make(),
    events,
    failNext: (method, code) => void faults.set(method, code),
    mend: () => Promise.reject(new StoreError('signed-copy-damaged')),
    runsDir,
    async addDocument(transaction, bytes) {
      await store.applyPull('acc', [transaction], []);
      const [document] = transaction.documents;
      const run = await store.createRun();
      await store.appendRun(run, bytes);
      await store.finishRun(run);
      const stored = await store.setBase(transaction.id, document?.id ?? '', document?.currentResourceId ?? '', run);
      return stored.revision.sha256;
    },
    async restart() {
      await bench.signing.stop();
      events.length = 0;
      bench.signing = make();
      await bench.signing.resume();
    },
    ended: (batchId) => until((e) => (e.kind === 'ended' && e.batchId === batchId ? { value: e.stopped } : undefined)),
    reached: (jobId, state) =>
      until((e) =>
        e.kind === 'progress' && e.job.id === jobId && e.job.state === state ? { value: undefined } : undefined,
      ),
    async close() {
      await bench.signing.stop();
      await engine.close();
      await store.close();
      await http.close();
      await authority.stop();
      await served?.server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
  return bench;
}

/** The message that is a transaction's document now: its content, and the report on it. */
export async function signedMessage({ store, pki }: SigningBench, remoteId: string) {
  const document = await store.document(`acc:${remoteId}`, 'd1');
  if (!document) throw new Error('no document');
  const bytes = await store.readRevision(document.revision, 0, document.revision.sizeBytes);
  const options = { anchors: [pki.root.certificate], at: Date.now() };
  return { content: readCades(bytes).content, report: await validateCms(bufferSource(bytes), undefined, options) };
}
