/** The signing room's port: what the desk gives it, and what it does. */
import type { BatchChoices, JobView, SealedPin, Statements } from '../../preload/model.ts';
import type { Tokens } from '../tokens/tokens.ts';
import type { SignerStanding } from './check-signer.ts';
import type { EffectContext } from './effects.ts';
import type { Ineligible } from './ineligible.ts';
import type { ChosenRequest, PlanError } from './planning.ts';
import type { UnmetRestriction } from './restrictions.ts';

export class SigningError extends Error {
  readonly code: PlanError;
  /** With `restricted`: which rule of the sender's the certificate does not meet. */
  readonly unmet: UnmetRestriction | undefined;
  constructor(code: SigningError['code'], unmet?: UnmetRestriction) {
    super(`signing: ${code}`);
    this.name = 'SigningError';
    this.code = code;
    this.unmet = unmet;
  }
}

export type SigningEvent =
  | { readonly kind: 'progress'; readonly batchId: string; readonly job: JobView }
  | { readonly kind: 'ended'; readonly batchId: string; readonly stopped: string | undefined };

export interface SigningDeps extends EffectContext {
  readonly tokens: Tokens;
  readonly newId: () => string;
  readonly emit: (event: SigningEvent) => void;
  /** A job's record is there and cannot be read; it is left as it is. */
  readonly unreadable: (jobId: string, error: unknown) => void;
  /** Something new waits in the outbox. */
  readonly committed: () => void;
  /** An authority is set: signed B-T even where a request does not ask for a timestamp. */
  readonly hasAuthority: () => boolean;
  /** Whether the identity's certificate is revoked; undefined for one that is not known. */
  readonly checkIdentity: (identityId: string, signal: AbortSignal) => Promise<SignerStanding | undefined>;
}

export interface StartRequest {
  readonly sessionId: string;
  readonly identityId: string;
  readonly sealedPin: SealedPin | undefined;
  readonly requests: readonly ChosenRequest[];
  readonly choices?: BatchChoices | undefined;
  readonly statements?: Statements | undefined;
}

/** What sync tells of a signature's delivery. */
export interface DeliveryNews {
  readonly jobId: string;
  readonly state: 'delivering' | 'delivered' | 'queued' | 'conflict' | 'failed';
  readonly code?: string;
  readonly retryAt?: number;
  readonly ms?: number;
}

export interface Signing {
  /** Which of the identities, as last listed, the senders' restrictions keep from which of the requests. */
  ineligible(
    identityIds: readonly string[],
    requests: readonly Omit<ChosenRequest, 'reviewedSha256'>[],
  ): Promise<Ineligible[]>;
  start(request: StartRequest): Promise<{ batchId: string; jobs: JobView[] }>;
  batch(batchId: string): Promise<{ jobs: JobView[]; running: boolean; stopped?: string; waitsFor?: string }>;
  /**
   * Goes on with what of a batch still waits for its token: the same identity, so the same token by its serial, with a new login.
   * @throws SigningError not-found, batch-running, nothing-waits
   */
  resumeBatch(batchId: string, sessionId: string, sealedPin: SealedPin | undefined): Promise<{ jobs: JobView[] }>;
  cancel(batchId: string): Promise<void>;
  jobs(filter?: { transactionId?: string }): Promise<JobView[]>;
  /** True where a signature made here for this account has not become a delivery yet. */
  holdsSignatures(accountId: string): Promise<boolean>;
  delivery(news: DeliveryNews): Promise<void>;
  /** At start: takes up every unfinished job where its stored state allows. */
  resume(): Promise<void>;
  /** Tries waiting timestamps whose time has come, or all of them when the network has just returned. */
  retry(all: boolean): Promise<void>;
  stop(): Promise<void>;
}
