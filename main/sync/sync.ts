/** The sync port: pull (changes in) and outbox (changes out). Implemented by `createSync` in index.ts. */
import type { SyncStatusView } from '../../preload/model.ts';
import type { Conditions } from './pace.ts';

export interface SyncSummary {
  readonly pulled: number;
  readonly delivered: number;
  readonly waiting: number;
  /** Error codes met, one per account or row. */
  readonly errors: readonly string[];
}

export type SyncStatus = SyncStatusView;

export type SyncEvent =
  | { readonly kind: 'inbox-changed'; readonly transactionIds: readonly string[] }
  | { readonly kind: 'status'; readonly status: SyncStatus }
  /** A signature's delivery moved on; signing tells its job. */
  | {
      readonly kind: 'delivery';
      readonly jobId: string;
      readonly state: 'delivering' | 'delivered' | 'queued' | 'conflict' | 'failed';
      readonly code?: string;
      readonly retryAt?: number;
      readonly ms?: number;
    };

export interface Sync {
  /** Pull, then deliver what is due. Never throws for network trouble: it is in `errors`. */
  syncNow(accountId?: string, signal?: AbortSignal): Promise<SyncSummary>;
  /** Delivers what is due in the outbox. */
  deliver(signal?: AbortSignal): Promise<SyncSummary>;
  /**
   * Makes the document's current bytes available here, again where their file is gone; throws ProviderError or StoreError
   * (signed-copy-damaged where what is missing was signed here).
   */
  fetchDocument(transactionId: string, documentId: string, signal?: AbortSignal): Promise<void>;
  /** The same after a reader has met damage: every byte that is here is looked at. */
  mendDocument(transactionId: string, documentId: string, signal?: AbortSignal): Promise<void>;
  refreshNotes(transactionId: string, signal?: AbortSignal): Promise<void>;
  status(): Promise<SyncStatus>;
  /** Nothing is read or delivered by itself until `resume`; what is under way ends. The profile remembers. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** What the host or the window knows of the machine; the providers are asked as often as it allows. */
  conditions(change: Partial<Conditions>): void;
  /** Asks the providers at once: the network is back, the machine woke up, somebody signed in again. */
  wake(): void;
  on(listener: (event: SyncEvent) => void): () => void;
  /** Starts polling and the outbox sweep; `stop` ends them and waits for what is under way. */
  start(): void;
  stop(): Promise<void>;
}
