/** The rooms as the handlers reach them; desk.ts fills this in. */
import type { CallOutput, EventName, EventPayload } from '../../preload/contract.ts';
import type { ValidationReport } from '../../preload/model.ts';
import type { Devices } from '../devices/index.ts';
import type { Files } from '../files/index.ts';
import type { Host } from '../host/host.ts';
import type { Changes, Conflicts } from '../inbox/index.ts';
import type { AuthorityBook } from '../platform/authority-access.ts';
import type { Clock } from '../platform/clock.ts';
import type { Practice } from '../practice/index.ts';
import type { Provider, ProviderIdentity, ProviderSession } from '../providers/provider.ts';
import type { SignIns } from '../providers/sign-ins.ts';
import type { SignerStanding, Signing } from '../signing/index.ts';
import type { RevisionRef, Store } from '../store/store.ts';
import type { Sync } from '../sync/sync.ts';
import type { checkModule, LiveTokens } from '../tokens/index.ts';
import type { Tokens } from '../tokens/tokens.ts';
import type { Updates } from '../updates/index.ts';
import type { SavedCopies } from './saved-copies.ts';

export interface Rooms {
  readonly info: CallOutput<'app.info'>;
  readonly host: Host;
  readonly clock: Clock;
  readonly store: Store;
  readonly sync: Sync;
  readonly tokens: Tokens;
  readonly liveTokens: LiveTokens;
  /** True while a locked screen would be heard of: else no login outlives its batch. */
  readonly watchesSystem: () => boolean;
  /** Tries a module in a process that ends with the trial. */
  readonly checkModule: (path: string) => ReturnType<typeof checkModule>;
  readonly signing: Signing;
  readonly files: Files;
  /** Whether an identity's certificate is revoked; undefined for one that is not known. */
  readonly checkIdentity: (identityId: string) => Promise<SignerStanding | undefined>;
  readonly changes: Changes;
  readonly conflicts: Conflicts;
  readonly devices: Devices;
  readonly signIns: SignIns;
  readonly practice: Practice;
  readonly updates: Pick<Updates, 'check'>;
  readonly newId: () => string;
  /** Copies written out of the profile while this desk is open. */
  readonly saved: SavedCopies;
  /** An account’s session. Rejects with ProviderError not-found. */
  readonly session: (accountId: string) => Promise<ProviderSession>;
  readonly provider: (kind: string) => Provider | undefined;
  /** Provider identities of every account, as last read. */
  readonly identities: () => Promise<readonly { accountId: string; identity: ProviderIdentity }[]>;
  readonly settings: {
    readonly get: () => CallOutput<'settings.get'>;
    /** Told of by settings.changed. Undefined where the change makes no sense. */
    readonly change: (change: unknown) => Promise<CallOutput<'settings.get'> | undefined>;
  };
  /** How the timestamp authorities are signed in to. */
  readonly authorities: AuthorityBook;
  /** Online, the network says who is revoked where the document does not. */
  readonly validate: (revision: RevisionRef, online: boolean) => Promise<ValidationReport>;
  /** Undefined where its first page cannot be cut out: the viewer then waits for the whole. */
  readonly firstPage: (
    revision: RevisionRef,
  ) => Promise<{ readonly bytes: Uint8Array; readonly pageCount: number } | undefined>;
  /** The last lines of the log, as it was written: redacted. */
  readonly logTail: () => Promise<string>;
  /** Pixels of a PNG or JPEG that a PDF can take; undefined where it can take none of it. */
  readonly measureMark: (image: Uint8Array) => Promise<{ width: number; height: number } | undefined>;
  readonly emit: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
}
