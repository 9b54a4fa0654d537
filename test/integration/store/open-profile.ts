/** A profile in a temporary folder, opened as often as a test wants. */
import { createHash, randomBytes } from 'node:crypto';
import { accessSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBackend } from '../../../main/store/backend.ts';
import { groupCommits } from '../../../main/store/group-commit.ts';
import { type JobRecord, type NewOutboxRow, openStore, type Store, StoreError } from '../../../main/store/index.ts';
import type { Account } from '../../../preload/model.ts';

export const anAccount: Account = {
  id: 'account-1',
  provider: 'signing-today',
  baseUrl: 'https://signing.example',
  userId: 'me',
  userName: 'Mia Signer',
  label: 'Work',
  state: 'signed-in',
};

export const dataKey = new Uint8Array(32).fill(5);

export interface Profile {
  readonly folder: string;
  readonly runsDir: string;
  /** In this thread, quick to open; what crosses its border is cloned as between threads. */
  open(key?: Uint8Array): Promise<Store>;
  /** As the app opens it. */
  openInThread(key?: Uint8Array): Promise<Store>;
  runFiles(): string[];
  /** Every byte below the profile's folder. */
  bytes(): Buffer;
  remove(): void;
}

async function openHere(options: { databasePath: string; runsDir: string; key: Uint8Array }): Promise<Store> {
  const backend = groupCommits(openBackend(options));
  let isOpen = true;
  const call =
    (name: keyof Store) =>
    async (...args: unknown[]) => {
      if (name === 'close' && !isOpen) return;
      if (!isOpen) throw new StoreError('closed');
      if (name === 'close') isOpen = false;
      return structuredClone(await (backend[name] as (...given: unknown[]) => unknown)(...structuredClone(args)));
    };
  return Object.fromEntries(Object.keys(backend).map((name) => [name, call(name as keyof Store)])) as unknown as Store;
}

/** A folder in memory where the system has one, else the one for temporary files. */
export function quickFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}

export function makeProfile(within = tmpdir()): Profile {
  const folder = mkdtempSync(join(within, 'countersign-profile-'));
  const runsDir = join(folder, 'runs');
  return {
    folder,
    runsDir,
    open: (key = dataKey) => openHere({ databasePath: join(folder, 'desk.db'), runsDir, key }),
    openInThread: (key = dataKey) => openStore({ databasePath: join(folder, 'desk.db'), runsDir, key }),
    runFiles: () => readdirSync(runsDir).toSorted(),
    bytes: () =>
      Buffer.concat(
        (readdirSync(folder, { recursive: true }) as string[])
          .map((name) => join(folder, name))
          .filter((path) => statSync(path).isFile())
          .map((path) => readFileSync(path)),
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export const somePdf = (sizeBytes = 1000): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(sizeBytes)]);

/** Writes bytes as a document's base, as a download does. */
export async function putBase(
  store: Store,
  transactionId: string,
  bytes: Uint8Array,
  { documentId = 'document-1', resourceId = 'resource-1' } = {},
) {
  const runId = await store.createRun();
  await store.appendRun(runId, bytes);
  await store.finishRun(runId);
  return store.setBase(transactionId, documentId, resourceId, runId);
}

export function aJob(transactionId: string, change: Partial<JobRecord> = {}): JobRecord {
  return {
    id: 'job-1',
    batchId: 'batch-1',
    transactionId,
    documentId: 'document-1',
    signatureRequestId: 'request-1',
    state: '{}',
    stateKind: 'complete',
    createdAt: 1,
    updatedAt: 1,
    increment: undefined,
    signedAttributes: undefined,
    signature: undefined,
    timestampToken: undefined,
    ...change,
  };
}

export function aRow(
  transactionId: string,
  change: { kind: NewOutboxRow['kind'] } & Record<string, unknown>,
  id = `row-${change.kind}`,
): NewOutboxRow {
  const [accountId = '', remoteId = ''] = transactionId.split(':');
  return {
    id,
    accountId,
    transactionId,
    kind: change.kind,
    change: JSON.stringify({ key: id, remoteId, ...change }),
    createdAt: 1,
    jobId: change.kind === 'signature' ? 'job-1' : undefined,
  };
}

/** Signs: appends an increment to the document's newest revision, as main/signing does. */
export async function commitIncrement(
  store: Store,
  transactionId: string,
  base: Uint8Array,
  increment: Uint8Array,
  { jobId = 'job-1', requestId = 'request-1', documentId = 'document-1' } = {},
) {
  const whole = Buffer.concat([base, increment]);
  const change = {
    kind: 'signature' as const,
    documentId,
    signatureRequestId: requestId,
    signedAt: 1,
    fileName: 'lease.pdf',
    sha256: sha256(whole),
    baseSha256: sha256(base),
    sizeBytes: whole.length,
  };
  const job = aJob(transactionId, { id: jobId, documentId, signatureRequestId: requestId, stateKind: 'queued' });
  const row = { ...aRow(transactionId, change, `row-${jobId}`), jobId };
  const { revision } = await store.commitSigned(job, increment, sha256(whole), row);
  return { revision, whole, row };
}
