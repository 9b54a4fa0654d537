/**
 * The provider port: a remote signing service as the desk sees it. An implementation translates into the unified model of
 * preload/model.ts and treats every response as hostile input.
 */
import type {
  Account,
  AuditView,
  Note,
  NotificationView,
  PercentBox,
  PreparedChange,
  PreparedOutcome,
  PreparedPerson,
  PreparedTransaction,
  PreparerStep,
  ProviderKind,
  RobotSettings,
  RoleChoice,
  TemplateView,
  Transaction,
  TransactionFile,
  TransactionFileChange,
} from '../../preload/model.ts';
import type { Administration } from './administration.ts';
import type { DeviceRegistry } from './devices.ts';

export type { Administration } from './administration.ts';
export type { DeviceChallenge, DeviceRegistry, RemoteDevice } from './devices.ts';

export type ProviderErrorCode =
  | 'offline'
  /** The server is there and cannot be trusted: the handshake failed, or what is wrong with its certificate. */
  | 'tls'
  | 'certificate-expired'
  | 'certificate-untrusted'
  | 'wrong-host'
  | 'sign-in-refused'
  | 'sign-in-expired'
  | 'bad-response'
  | 'server-error'
  | 'insecure-url'
  | 'rate-limited'
  | 'refused'
  | 'stale'
  | 'not-found'
  | 'cancelled';

export class ProviderError extends Error {
  readonly code: ProviderErrorCode;
  /** True when the request may have taken effect: settle it by reading back, never by a blind resend. */
  readonly outcomeUnknown: boolean;
  readonly status: number | undefined;
  /** The server's own words, cut to 500 characters, control characters removed; for the person, never for matching. */
  readonly serverMessage: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** The response's field at fault, with bad-response. */
  readonly field: string | undefined;
  constructor(
    code: ProviderErrorCode,
    about: {
      outcomeUnknown?: boolean;
      status?: number;
      serverMessage?: string;
      retryAfterMs?: number;
      field?: string;
      cause?: unknown;
    } = {},
  ) {
    super(`provider: ${code}${about.status === undefined ? '' : ` (${about.status})`}`, { cause: about.cause });
    this.name = 'ProviderError';
    this.code = code;
    this.outcomeUnknown = about.outcomeUnknown ?? false;
    this.status = about.status;
    this.serverMessage = about.serverMessage;
    this.retryAfterMs = about.retryAfterMs;
    this.field = about.field;
  }
}

export interface SignInRequest {
  readonly baseUrl: string;
  readonly username: string;
  readonly password: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What keeps a person signed in; stored encrypted with the account, shown nowhere. */
export interface Credentials {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  readonly clientId: string;
  readonly clientSecret: string;
  /** What the person signed in as, to be asked for the password alone the next time. */
  readonly username?: string | undefined;
}

/** The account's credentials as the provider reads and renews them; saving is durable when the promise settles. */
export interface CredentialStore {
  read(): Promise<Credentials>;
  save(credentials: Credentials): Promise<void>;
}

/** A provider's record of one of the person's signing identities. */
export interface ProviderIdentity {
  readonly id: string;
  readonly label: string;
  readonly tokenSerialNumber: string | undefined;
  readonly tokenManufacturerId: string | undefined;
  readonly atr: string | undefined;
  readonly reader: string | undefined;
  /** DER, where the provider has it. */
  readonly certificate: Uint8Array | undefined;
}

/** A transaction as pulled: the unified model without local ids, plus what deliveries need of the original. */
export interface RemoteTransaction {
  readonly transaction: Omit<Transaction, 'id' | 'accountId'>;
  /** Deleted at the provider. */
  readonly deleted: boolean;
}

export interface TransactionPage {
  readonly items: readonly RemoteTransaction[];
  /** How many there are in all, where the provider says. */
  readonly total: number | undefined;
  /** Transactions that could not be read: shown as errors, never dropped silently. */
  readonly unreadable: readonly { remoteId: string | undefined; field: string }[];
}

/** Something that happened to a transaction while one was away. */
export type RemoteNotification = Pick<NotificationView, 'id' | 'title' | 'event' | 'at'> & {
  readonly remoteId: string;
};

/** A change made here, to be made there. `key` is its idempotency key. */
export type Change =
  | {
      readonly kind: 'signature';
      readonly key: string;
      readonly remoteId: string;
      readonly documentId: string;
      readonly signatureRequestId: string;
      readonly signedAt: number;
      readonly fileName: string;
      /** Hex SHA-256 of the signed file and of the bytes it was signed on. */
      readonly sha256: string;
      readonly baseSha256: string;
      /** Size of the signed file. */
      readonly sizeBytes: number;
    }
  | {
      readonly kind: 'decline';
      readonly key: string;
      readonly remoteId: string;
      readonly documentId: string;
      readonly signatureRequestId: string;
      readonly declinedAt: number;
      readonly reason: string;
    }
  | {
      readonly kind: 'fill';
      readonly key: string;
      readonly remoteId: string;
      readonly values: readonly { documentId: string; formId: string; value: string }[];
    }
  | { readonly kind: 'note-added'; readonly key: string; readonly remoteId: string; readonly text: string }
  | {
      readonly kind: 'note-edited';
      readonly key: string;
      readonly remoteId: string;
      readonly noteId: string;
      readonly text: string;
      /** What it said when it was edited here: anything else there is a conflict (`note-changed`, `note-deleted`). */
      readonly baseText: string;
    }
  | {
      readonly kind: 'note-deleted';
      readonly key: string;
      readonly remoteId: string;
      readonly noteId: string;
      readonly baseText: string;
    }
  /** All of a transaction's notifications that were known here. */
  | {
      readonly kind: 'notification-cleared';
      readonly key: string;
      readonly remoteId: string;
      readonly ids: readonly string[];
    }
  /** A paired device, `remoteId`, loses its right to sign in. */
  | { readonly kind: 'device-revoked'; readonly key: string; readonly remoteId: string; readonly name: string }
  /** A draft is sent on its way. */
  | { readonly kind: 'published'; readonly key: string; readonly remoteId: string };

/** JSON the outbox keeps with the row between steps; only the provider that made it reads it. */
export type DeliveryMemo = Readonly<Record<string, unknown>>;

/** The state of a change at the provider, seen by reading. */
export type Observation =
  | { readonly kind: 'not-applied'; readonly memo: DeliveryMemo }
  | { readonly kind: 'applied'; readonly remoteTransaction?: RemoteTransaction; readonly note?: Note }
  /** It can no longer be made: what happened, for the person to settle. */
  | { readonly kind: 'conflict'; readonly code: ConflictCode };

export type ConflictCode =
  | 'document-moved-on'
  | 'signed-elsewhere'
  | 'declined'
  | 'expired'
  | 'deleted'
  | 'replaced'
  | 'not-permitted'
  | 'note-changed'
  | 'note-deleted';

/** The signed file's bytes, read when they are needed. */
export interface ChangeContent {
  readonly sizeBytes: number;
  chunks(): AsyncIterable<Uint8Array>;
}

/** A file a transaction is made of. */
export interface PreparedFile extends ChangeContent {
  readonly name: string;
}

/** What a provider offers to those who make transactions. Every method may throw ProviderError. */
export interface Prepare {
  /** People of the organisation whose name or address has `search` in it, and its groups. */
  people(search: string, signal?: AbortSignal): Promise<{ people: PreparedPerson[]; groups: string[] }>;
  /**
   * Makes a draft, its files and its plan; publishes it where that is wanted. What fails half way leaves the draft it began there.
   * @throws PlanError where signers, requests and fields do not fit together
   */
  create(
    transaction: PreparedTransaction,
    fileOf: (fileId: string) => PreparedFile,
    about: {
      readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
      readonly signal?: AbortSignal;
    },
  ): Promise<PreparedOutcome>;
  templates(signal?: AbortSignal): Promise<TemplateView[]>;
  /** @throws PlanError for a role the template does not have, or one nobody takes */
  instantiate(
    templateId: string,
    choice: { about: PreparedChange; roles: readonly RoleChoice[]; publish: boolean; inOneCall?: boolean },
    signal?: AbortSignal,
  ): Promise<PreparedOutcome>;
  edit(remoteId: string, about: PreparedChange, signal?: AbortSignal): Promise<PreparedOutcome>;
  step(
    remoteId: string,
    step: PreparerStep,
    signal?: AbortSignal,
  ): Promise<{ remoteId: string; status?: string | undefined }>;
  audit(remoteId: string, signal?: AbortSignal): Promise<AuditView[]>;
  listFiles(remoteId: string, signal?: AbortSignal): Promise<TransactionFile[]>;
  /** Title and name of a draft's file. */
  editFile(remoteId: string, resourceId: string, change: TransactionFileChange, signal?: AbortSignal): Promise<void>;
  /** Takes away a draft's file that no document of it is made of. */
  removeFile(resourceId: string, signal?: AbortSignal): Promise<void>;
  /** A page (the first is 1) as a JPEG. */
  thumb(
    about: { resourceId: string; page: number; widthPx?: number | undefined },
    signal?: AbortSignal,
  ): Promise<Uint8Array>;
  /** All files as a zip, its bytes as they arrive. */
  files(remoteId: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
}

/** The pictures a provider keeps, one an identity. Every method may throw ProviderError; not-found where there is none. */
export interface Appearances {
  read(identityId: string, signal?: AbortSignal): Promise<Uint8Array>;
  /** A PNG or JPEG, in the place of the last one. */
  write(identityId: string, picture: { name: string; bytes: Uint8Array }, signal?: AbortSignal): Promise<void>;
  remove(identityId: string, signal?: AbortSignal): Promise<void>;
}

/** Somebody else's account, where one may look after it. */
export interface RobotAccount {
  readonly username: string;
  readonly domain: string;
}

/** What a provider offers for programs' accounts. Every method may throw ProviderError. */
export interface Robots {
  /** A token that does not expire: a secret, shown once and kept nowhere. Made where there is none. */
  token(account?: RobotAccount, signal?: AbortSignal): Promise<string>;
  clearToken(account?: RobotAccount, signal?: AbortSignal): Promise<void>;
  settings(account?: RobotAccount, signal?: AbortSignal): Promise<RobotSettings>;
  setSettings(settings: RobotSettings, account?: RobotAccount, signal?: AbortSignal): Promise<void>;
}

/** A plan that makes no sense: `field` is the place at fault. */
export class PlanError extends Error {
  readonly code = 'bad-plan';
  readonly field: string;
  constructor(field: string) {
    super('provider: bad-plan');
    this.name = 'PlanError';
    this.field = field;
  }
}

/** One signed-in account at one provider. Every method may throw ProviderError. */
export interface ProviderSession {
  /** Missing where the provider offers nothing to preparers. */
  readonly prepare?: Prepare;
  /** Missing where the provider keeps no pictures. */
  readonly appearances?: Appearances;
  /** Missing where the provider has no accounts for programs. */
  readonly robots?: Robots;
  /** Missing where the provider offers nothing to administrators. */
  readonly administration?: Administration;
  /**
   * All transactions visible to the person, newest change first; `updatedSince` (epoch ms) cuts what is older, `position`
   * skips so many of the newest. The first page is small; the next is asked for only when it is wanted.
   */
  transactions(options: {
    updatedSince?: number;
    position?: number;
    signal?: AbortSignal;
  }): AsyncIterable<TransactionPage>;
  transaction(remoteId: string, signal?: AbortSignal): Promise<RemoteTransaction>;
  notes(remoteId: string, signal?: AbortSignal): Promise<Note[]>;
  identities(signal?: AbortSignal): Promise<ProviderIdentity[]>;
  /** Newest first, not older than the provider keeps them. */
  notifications(signal?: AbortSignal): Promise<RemoteNotification[]>;
  /** Where the provider has trusted devices. */
  readonly devices?: DeviceRegistry;
  /** Ends the session at the provider. */
  signOut?(signal?: AbortSignal): Promise<void>;
  /** The provider's clock less ours, as the answers so far tell; undefined until one did. */
  clockSkewMs(): number | undefined;
  /** The resource's bytes as they arrive. */
  download(resourceId: string, signal?: AbortSignal): Promise<AsyncIterable<Uint8Array>>;
  /**
   * Reads whether a change has taken effect already. Called before `send` (its memo is stored first), and after an
   * unknown outcome with the memo of the attempt, so that equal-looking changes stay apart.
   */
  observe(change: Change, memo: DeliveryMemo | undefined, signal?: AbortSignal): Promise<Observation>;
  /** Makes the change. `saveMemo` stores progress within it (an upload done) durably. */
  send(
    change: Change,
    memo: DeliveryMemo,
    content: ChangeContent | undefined,
    saveMemo: (memo: DeliveryMemo) => Promise<void>,
    signal?: AbortSignal,
  ): Promise<void>;
}

export interface Provider {
  readonly kind: ProviderKind;
  signIn(
    request: SignInRequest,
    signal?: AbortSignal,
  ): Promise<{ credentials: Credentials; userId: string; userName: string }>;
  open(account: Pick<Account, 'id' | 'baseUrl' | 'userId'>, credentials: CredentialStore): ProviderSession;
}

/** A box that runs off the page is moved inside it; percent of the displayed page. */
export function moveInside(box: PercentBox): { box: PercentBox; moved: boolean } {
  const width = Math.min(Math.max(box.width, 0), 100);
  const height = Math.min(Math.max(box.height, 0), 100);
  const x = Math.min(Math.max(box.x, 0), 100 - width);
  const y = Math.min(Math.max(box.y, 0), 100 - height);
  const moved = x !== box.x || y !== box.y || width !== box.width || height !== box.height;
  return { box: { page: box.page, x, y, width, height }, moved };
}
