/**
 * Every call and event between a window (or the command line) and the desk. Channel names come from these keys
 * and appear nowhere else; router, preload, renderer client and test doubles derive from this object.
 */
import { z } from 'zod';
import { accountsCalls } from './calls/accounts.ts';
import { adminCalls } from './calls/admin.ts';
import { appCalls } from './calls/app.ts';
import { appearancesCalls } from './calls/appearances.ts';
import { authoritiesCalls } from './calls/authorities.ts';
import { conflictsCalls } from './calls/conflicts.ts';
import { devicesCalls, devicesEvents } from './calls/devices.ts';
import { documentsCalls } from './calls/documents.ts';
import { exportsCalls, exportsEvents } from './calls/exports.ts';
import { filesCalls } from './calls/files.ts';
import { inboxCalls } from './calls/inbox.ts';
import { marksCalls } from './calls/marks.ts';
import { notesCalls } from './calls/notes.ts';
import { practiceCalls } from './calls/practice.ts';
import { prepareCalls } from './calls/prepare.ts';
import { robotsCalls } from './calls/robots.ts';
import { settingsCalls } from './calls/settings.ts';
import { signingCalls } from './calls/signing.ts';
import { syncCalls } from './calls/sync.ts';
import { tokensCalls } from './calls/tokens.ts';
import { transactionsCalls } from './calls/transactions.ts';
import { updatesCalls } from './calls/updates.ts';
import { fileResult, jobView, settingsView, tokensChange } from './model.ts';

/** Codes any call may answer with; the second half are the profile's, where its disk or its files fail. */
export const commonErrorCodes = [
  'bad-input',
  'forbidden-sender',
  'internal',
  'unknown-call',
  'desk-closed',
  'disk-full',
  'read-only',
  'profile-damaged',
  'signed-copy-damaged',
  'store-interrupted',
  'store-closed',
] as const;

export { progressCodes } from './progress-codes.ts';

export const calls = {
  ...appCalls,
  ...settingsCalls,
  ...authoritiesCalls,
  ...accountsCalls,
  ...syncCalls,
  ...conflictsCalls,
  ...inboxCalls,
  ...documentsCalls,
  ...marksCalls,
  ...notesCalls,
  ...transactionsCalls,
  ...tokensCalls,
  ...devicesCalls,
  ...adminCalls,
  ...signingCalls,
  ...exportsCalls,
  ...filesCalls,
  ...prepareCalls,
  ...appearancesCalls,
  ...robotsCalls,
  ...updatesCalls,
  ...practiceCalls,
} as const;

export const events = {
  'app.raise': z.object({}),
  /** To be opened: this transaction, else what was handed over (`app.takeOpened`). */
  'app.open': z.object({ transactionId: z.string().optional() }),
  'settings.changed': settingsView,
  'inbox.changed': z.object({ transactionIds: z.array(z.string()) }),
  /** Also after a delivery moved on: outbox, conflicts and activity may be read anew. */
  'sync.changed': z.object({
    online: z.boolean(),
    waiting: z.number(),
    needsAttention: z.number(),
    paused: z.boolean(),
  }),
  'tokens.changed': tokensChange,
  ...devicesEvents,
  ...exportsEvents,
  'signing.progress': z.object({ batchId: z.string(), job: jobView }),
  'signing.ended': z.object({ batchId: z.string(), stopped: z.string().optional() }),
  'files.progress': z.object({ batchId: z.string(), result: fileResult }),
  /** Bytes of a transaction being made that are with the provider. */
  'prepare.progress': z.object({ jobId: z.string(), doneBytes: z.number(), totalBytes: z.number() }),
  'files.ended': z.object({ batchId: z.string(), stopped: z.string().optional() }),
} as const;

export type CallName = keyof typeof calls;
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>;
export type ParsedInput<N extends CallName> = z.output<(typeof calls)[N]['input']>;
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>;
export type CallErrorCode<N extends CallName> = (typeof calls)[N]['errors'][number] | (typeof commonErrorCodes)[number];

export type EventName = keyof typeof events;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

/** What every call answers with; the renderer words it. */
export type Reply<T> = { ok: true; value: T } | { ok: false; error: BridgeError };
export const bridgeError = z.object({
  code: z.string(),
  retryable: z.boolean(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type BridgeError = z.infer<typeof bridgeError>;

/** The window's and the command line's way to the desk. */
export interface Bridge {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Reply<CallOutput<N>>>;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  /**
   * Hands over files that were dropped or picked (`File` objects), by the paths the browser engine knows; missing where it knows none: then
   * their bytes go by files.receive.
   */
  readonly addFiles?: (files: readonly object[]) => Promise<Reply<CallOutput<'files.dropped'>>>;
}
