/** The tables as the newest migration leaves them, for typed queries. Times are epoch milliseconds; JSON columns say of what. */
import { type Generated, sql } from 'kysely';
import type { ActivityEntry, ConflictChoice, InboxItem, SignatureMark } from '../../preload/model.ts';
import type { NewOutboxRow, OutboxState } from './store.ts';

export interface Schema {
  accounts: {
    id: string;
    provider: string;
    base_url: string;
    user_id: string;
    user_name: string;
    label: string;
    state: string;
    /** JSON the provider keeps. */
    credentials: string;
    /** JSON main/sync keeps. */
    sync_state: string | null;
  };
  transactions: {
    seq: Generated<number>;
    id: string;
    account_id: string;
    /** JSON `Transaction` as the provider last said. */
    remote: string;
    /** JSON `Transaction` with the changes made here over it; null where there are none. */
    local: string | null;
  };
  notes: {
    transaction_id: string;
    id: string;
    created_at: number;
    /** JSON `Note`. */
    body: string;
    /** The row that will tell the provider of it; null once the provider knows it. */
    outbox_id: string | null;
  };
  runs: { id: string; size_bytes: number };
  revisions: { sha256: string; size_bytes: number };
  revision_runs: { sha256: string; position: number; run_id: string };
  documents: {
    transaction_id: string;
    document_id: string;
    /** The provider's resource these bytes equal; null where that is not known. */
    resource_id: string | null;
    sha256: string;
  };
  jobs: {
    id: string;
    batch_id: string;
    transaction_id: string;
    document_id: string;
    signature_request_id: string;
    state: string;
    state_kind: string;
    created_at: number;
    updated_at: number;
    increment: Uint8Array | null;
    signed_attributes: Uint8Array | null;
    signature: Uint8Array | null;
    timestamp_token: Uint8Array | null;
  };
  outbox: {
    sequence: Generated<number>;
    id: string;
    account_id: string;
    /** Null where the change is of the account as a whole. */
    transaction_id: string | null;
    kind: NewOutboxRow['kind'];
    change: string;
    memo: string | null;
    state: OutboxState;
    attempts: number;
    retry_at: number | null;
    code: string | null;
    created_at: number;
    /** When its state changed last. */
    changed_at: number;
    /** What the person chose about the conflict. */
    settled: ConflictChoice | null;
    job_id: string | null;
    /** With a signature: its document, and the revision it delivers until it is confirmed or given up. */
    document_id: string | null;
    sha256: string | null;
  };
  activity: {
    id: Generated<number>;
    at: number;
    first_at: number;
    times: number;
    account_id: string;
    transaction_id: string | null;
    outbox_id: string | null;
    kind: ActivityEntry['kind'];
    title: string;
    outcome: ActivityEntry['outcome'];
    code: string | null;
    retry_at: number | null;
    ms: number | null;
    count: number | null;
  };
  notifications: {
    account_id: string;
    id: string;
    remote_id: string;
    at: number;
    /** JSON `{title, event}`. */
    body: string;
  };
  settings: { key: string; value: string };
  marks: {
    id: string;
    kind: SignatureMark['kind'];
    label: string;
    width: number;
    height: number;
    created_at: number;
    /** 1 for at most one. */
    preferred: number;
    image: Uint8Array;
  };
}

/** An inbox item as it is stored; its sync state comes from the outbox when it is read. */
export type StoredItem = Omit<InboxItem, 'sync'>;

/** A row that still asks for something: to be delivered, or to be settled. Written out as the partial index has it. */
export const OPEN = "state NOT IN ('confirmed', 'settled')";
export const openRow = sql<boolean>`${sql.raw(OPEN)}`;
