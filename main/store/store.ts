/**
 * The store's port. The database and the run files live in a worker thread (store-worker.ts); every method is a message to it
 * and is durable when its promise settles. Implemented by `openStore` in index.ts.
 */
import type {
  Account,
  AccountCounts,
  ActivityEntry,
  ConflictChoice,
  InboxItem,
  InboxSort,
  InboxView,
  Note,
  NotificationView,
  OutboxKind,
  OutboxView,
  SignatureMark,
  SortOrder,
  SyncState,
  TagCount,
  Transaction,
  TransactionStatus,
} from '../../preload/model.ts';

/**
 * `signed-copy-damaged`: what is missing was signed here and is nowhere else.
 * `interrupted`: the thread died over the call; whether it was stored is not known, and asking once more finds out.
 */
export const storeErrorCodes = [
  'profile-locked',
  'wrong-key',
  'secret-elsewhere',
  'damaged',
  'newer-version',
  'disk-full',
  'read-only',
  'not-found',
  'signed-copy-damaged',
  'interrupted',
  'closed',
  'failed',
] as const;
export type StoreErrorCode = (typeof storeErrorCodes)[number];

export class StoreError extends Error {
  readonly code: StoreErrorCode;
  constructor(code: StoreErrorCode, cause?: unknown) {
    super(`store: ${code}`, { cause });
    this.name = 'StoreError';
    this.code = code;
  }
}

/** Of this thread's store or of another thread that reads its files; a PDF that is damaged has the same code and another name. */
export function isStoredDamage(error: unknown): boolean {
  return error instanceof Error && error.name === 'StoreError' && 'code' in error && error.code === 'damaged';
}

/** One encrypted run of bytes on disk: a base or an increment. */
export interface RunRef {
  readonly runId: string;
  readonly sizeBytes: number;
}

/** A revision is a base and increments, in order; what a reader needs to open it. */
export interface RevisionRef {
  readonly sha256: string;
  readonly sizeBytes: number;
  readonly runs: readonly RunRef[];
}

/** What the store knows of a document's bytes. */
export interface StoredDocument {
  readonly transactionId: string;
  readonly documentId: string;
  /** The provider resource the newest revision equals, where it came from there. */
  readonly resourceId: string | undefined;
  readonly revision: RevisionRef;
}

/** A signing job as it is kept: `state` is main/signing's own JSON, the blobs are what must survive a crash. */
export interface JobRecord {
  readonly id: string;
  readonly batchId: string;
  readonly transactionId: string;
  readonly documentId: string;
  readonly signatureRequestId: string;
  /** JSON of main/signing/machine.ts `JobState`. */
  readonly state: string;
  readonly stateKind: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly increment: Uint8Array | undefined;
  readonly signedAttributes: Uint8Array | undefined;
  readonly signature: Uint8Array | undefined;
  readonly timestampToken: Uint8Array | undefined;
}

/** A job as it is listed: without the blobs, which only its own driver needs. */
export type JobSummary = Omit<JobRecord, 'increment' | 'signedAttributes' | 'signature' | 'timestampToken'>;

export type OutboxState = OutboxView['state'];

/** A change made here and not confirmed yet. `change` is a providers/provider.ts `Change` as JSON. */
export interface OutboxRow {
  readonly id: string;
  readonly accountId: string;
  /** Undefined where the change is of the account as a whole. */
  readonly transactionId: string | undefined;
  /** Order within the transaction; deliveries of one transaction are serial. */
  readonly sequence: number;
  readonly kind: OutboxKind;
  readonly change: string;
  readonly memo: string | undefined;
  readonly state: OutboxState;
  readonly attempts: number;
  readonly retryAt: number | undefined;
  readonly code: string | undefined;
  readonly createdAt: number;
  /** When its state changed last, epoch milliseconds. */
  readonly changedAt: number;
  /** What the person chose, with the state `settled`. */
  readonly settled: ConflictChoice | undefined;
  /** The job whose revision this row delivers, and the revision: until it is confirmed, or its copy is given up. */
  readonly jobId: string | undefined;
  readonly revision: RevisionRef | undefined;
}

export type NewOutboxRow = Pick<
  OutboxRow,
  'id' | 'accountId' | 'transactionId' | 'kind' | 'change' | 'createdAt' | 'jobId'
>;

/** What became of a try to deliver, for the row and for the activity list. */
export type OutboxChange = Partial<Pick<OutboxRow, 'state' | 'memo' | 'attempts' | 'retryAt' | 'code'>> & {
  /** Epoch milliseconds; the activity list gets an entry where the row came to wait, to be parked or to fail. */
  readonly at?: number;
};

export type NewActivity = Omit<ActivityEntry, 'id' | 'firstAt' | 'times'>;

export interface ActivityQuery {
  readonly before?: number;
  readonly limit: number;
  readonly accountId?: string;
  readonly transactionId?: string;
}

/** A provider's notification about a transaction. */
export type StoredNotification = Omit<NotificationView, 'transactionId' | 'accountId'> & { readonly remoteId: string };

/** What a list of the inbox is narrowed and sorted by; every condition holds of every item. */
export interface InboxQuery {
  readonly view: InboxView;
  /** Beginnings of words. */
  readonly search?: string;
  readonly accountId?: string;
  /** The item has each of them. */
  readonly tags?: readonly string[];
  readonly urgentOnly?: boolean;
  /** Narrows the view further. */
  readonly statuses?: readonly TransactionStatus[];
  /** `updated` unless said otherwise. */
  readonly sort?: InboxSort;
  /** Newest first by `updated`, smallest first by the others, unless said otherwise. */
  readonly order?: SortOrder;
  /** Count to the end, also where that takes longer than a key press may. */
  readonly countAll?: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** What is found by words is counted as far as this, or as far as the page asked for reaches, unless all are to be counted. */
export const COUNTED_ITEMS = 2_000;

export interface InboxPage {
  readonly items: InboxItem[];
  readonly total: number;
  /** There are more than `total`. */
  readonly hasMore: boolean;
  /** Of the account, or of all, whatever else the list is narrowed by. */
  readonly counts: Record<InboxView, number>;
}

export interface Store {
  // Accounts. Credentials are JSON, kept only in the encrypted database.
  putAccount(account: Account, credentials: string): Promise<void>;
  accounts(): Promise<Account[]>;
  credentials(accountId: string): Promise<string>;
  saveCredentials(accountId: string, credentials: string): Promise<void>;
  setAccountState(accountId: string, state: Account['state']): Promise<void>;
  removeAccount(accountId: string): Promise<void>;

  // Transactions as pulled. Local changes that are still in the outbox stay visible over what was pulled.
  applyPull(
    accountId: string,
    transactions: readonly Transaction[],
    deletedRemoteIds: readonly string[],
  ): Promise<{ changed: string[] }>;
  transaction(transactionId: string): Promise<Transaction | undefined>;
  inbox(query: InboxQuery): Promise<InboxPage>;
  /** Tags in use, the most used first. */
  inboxTags(accountId?: string): Promise<TagCount[]>;
  /** What each account's views hold. */
  inboxAccounts(): Promise<AccountCounts[]>;
  /** Provider notes replace the known ones; unsent local ones stay. */
  putNotes(transactionId: string, notes: readonly Note[]): Promise<void>;
  notes(transactionId: string): Promise<Note[]>;
  /** Cursor and times of the last pull, JSON. */
  syncState(accountId: string): Promise<string | undefined>;
  saveSyncState(accountId: string, state: string): Promise<void>;

  // Bytes. A run is written in chunks, then finished: fsynced, hashed, durable before anything refers to it.
  createRun(): Promise<string>;
  appendRun(runId: string, bytes: Uint8Array): Promise<void>;
  finishRun(runId: string): Promise<{ sizeBytes: number; sha256: string }>;
  abandonRun(runId: string): Promise<void>;
  /** A finished run becomes the document's base (equal bases are stored once), and mends a damaged revision of the same bytes. */
  setBase(transactionId: string, documentId: string, resourceId: string, runId: string): Promise<StoredDocument>;
  document(transactionId: string, documentId: string): Promise<StoredDocument | undefined>;
  /** Transactions with documents' bytes here, the last changed first. */
  transactionsWithBytes(): Promise<string[]>;
  readRevision(revision: RevisionRef, offset: number, length: number): Promise<Uint8Array>;
  /**
   * Runs of the revision whose file is missing or is not what was stored. Unless `thorough`, which reads every byte, it is told by
   * the file's size and by what could not be read before.
   */
  damagedRuns(revision: RevisionRef, thorough: boolean): Promise<string[]>;

  // Jobs.
  putJobs(jobs: readonly JobRecord[]): Promise<void>;
  job(jobId: string): Promise<JobRecord | undefined>;
  jobs(filter: { batchId?: string; transactionId?: string; unfinished?: boolean }): Promise<JobSummary[]>;
  /**
   * One SQL transaction: the finished bytes become the document's next revision, the job is complete, the outbox has its row.
   * @param bytes an increment of the base; with `standsAlone` a file of its own that was made from it
   */
  commitSigned(
    job: JobRecord,
    bytes: Uint8Array,
    sha256: string,
    row: NewOutboxRow,
    kind?: { readonly standsAlone: boolean },
  ): Promise<{ revision: RevisionRef }>;

  // Outbox. `commitChange` makes a local change visible (note, decline, fill) in the same SQL transaction as its row.
  commitChange(
    row: NewOutboxRow,
    local: { note?: Note; transaction?: Transaction; jobs?: readonly JobRecord[] },
  ): Promise<void>;
  /** In their order; `unconfirmed`: those that are neither confirmed nor settled. */
  outbox(filter: { unconfirmed?: boolean; transactionId?: string; settled?: boolean }): Promise<OutboxRow[]>;
  updateOutbox(id: string, change: OutboxChange): Promise<void>;
  /**
   * One SQL transaction: the row is confirmed, and what the provider now says replaces the local copy. `noteId` is the
   * provider's id of the note the row added: later rows of the transaction speak of it from then on.
   */
  confirmOutbox(
    id: string,
    now: {
      transaction?: Transaction;
      notes?: readonly Note[];
      job?: JobRecord;
      noteId?: string;
      at?: number;
      ms?: number;
    },
  ): Promise<void>;
  /** A note edited on both sides: the edit becomes a note of its own, later rows about the old one speak of it. */
  keepBothNotes(id: string, note: Note, change: string, at: number): Promise<void>;
  /**
   * A parked or failed row, or a settled one whose copy is kept, is settled: its copy is kept or given up; `then` is committed
   * with it. Rejects with StoreError not-found where the row is not one to be settled.
   */
  settleOutbox(
    id: string,
    how: { choice: ConflictChoice; keepCopy: boolean; at: number; then?: { row: NewOutboxRow; note?: Note } },
  ): Promise<void>;
  activity(query: ActivityQuery): Promise<ActivityEntry[]>;
  /** The same trouble as in the account's last entry of that kind counts that one up. */
  noteActivity(entry: NewActivity): Promise<void>;
  /** Forgets entries, and confirmed rows, from before a time. */
  forgetActivity(before: number): Promise<void>;
  /** The account's notifications as the provider now has them. @returns whether they differ from before */
  putNotifications(accountId: string, notifications: readonly StoredNotification[]): Promise<boolean>;
  notifications(): Promise<NotificationView[]>;
  /** The provider's ids of all of an account's transactions here. */
  remoteIds(accountId: string): Promise<string[]>;
  transactionSync(transactionId: string): Promise<SyncState>;

  // Settings, JSON by key.
  setting(key: string): Promise<string | undefined>;
  saveSetting(key: string, value: string): Promise<void>;

  // Signature marks. A preferred one takes the preference from the one that had it.
  marks(): Promise<SignatureMark[]>;
  markImage(id: string): Promise<Uint8Array>;
  putMark(mark: SignatureMark, image: Uint8Array): Promise<void>;
  removeMark(id: string): Promise<void>;
  /** Undefined: none is preferred. */
  preferMark(id: string | undefined): Promise<void>;

  close(): Promise<void>;
}
