/** What the sandbox keeps, as JSON: one record per DST with all that happened to it, and one for the people and their sign-ins. */
import type { AuditRecord, Dst, DstNote, Identity, NotificationEvent, User, UserGroup } from './model.ts';

export type EffectKind =
  | 'note-added'
  | 'note-edited'
  | 'note-deleted'
  | 'resource-added'
  | 'fill'
  | 'signature'
  | 'decline'
  | 'resource-edited'
  | 'resource-deleted'
  | 'dst-created'
  | 'dst-edited'
  | 'dst-published'
  | 'dst-instantiated'
  | 'dst-modified'
  | 'dst-templatized'
  | 'dst-replaced'
  | 'dst-notified'
  | 'appearance-added'
  | 'appearance-deleted'
  | 'robot-token-made'
  | 'robot-token-cleared'
  | 'robot-configured'
  | 'dst-deleted'
  | 'token-issued'
  | 'token-refreshed'
  | 'signed-out'
  | 'notifications-cleared'
  | 'challenge-issued'
  | 'device-registered'
  | 'device-renamed'
  | 'device-revoked'
  | 'push-registered'
  | 'push-cleared'
  | 'password-changed'
  | 'password-reset'
  | 'user-added'
  | 'user-edited'
  | 'user-enabled'
  | 'user-disabled'
  | 'role-changed'
  | 'groups-added'
  | 'users-synced'
  | 'saml-sign-in';

/** One change a request made. Seeding makes none, so that a test counts what came over the wire. */
export interface Effect {
  /** Counts up over the whole server. */
  readonly sequence: number;
  readonly at: string;
  readonly kind: EffectKind;
  readonly userId: string;
  readonly dstId?: string;
  readonly documentId?: number;
  readonly formId?: number;
  readonly signatureRequestId?: number;
  readonly noteId?: number;
  readonly resourceId?: string;
}

/** What is known of a resource's bytes beside its wire form. */
export interface ContentRecord {
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** `other` is what CAdES signatures come as, too. */
  readonly kind: 'pdf' | 'other';
  /** Who uploaded it; none made by the server or the seed. */
  readonly uploadedBy?: string;
}

export interface DstRecord {
  dst: Dst;
  notes: DstNote[];
  audit: AuditRecord[];
  effects: Effect[];
  /** By resource id; holds every resource of the DST. */
  contents: Record<string, ContentRecord>;
  /** Unread ones; the ledger adds them as the DST changes. */
  notifications?: NotificationEvent[];
}

export interface UserRecord {
  user: User;
  password: string;
  identities: Omit<Identity, 'valid'>[];
}

export interface Session {
  accessToken: string;
  refreshToken: string;
  userId: string;
  /** Of the access token, epoch milliseconds. */
  expiresAt: number;
}

export interface DeviceRecord {
  userId: string;
  deviceId: string;
  name: string;
  registeredAt: string;
  token: string;
  pushToken?: string;
}

/** One a person at most: a new one takes the old one's place. */
export interface ChallengeRecord {
  userId: string;
  challenge: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

export interface PasswordTokenRecord {
  token: string;
  userId: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** A mail the service would have sent. */
export interface Mail {
  readonly to: string;
  readonly kind: 'welcome' | 'password-lost' | 'password-reset';
  readonly passwordToken: string;
}

/** RobotConfiguration: how the service reaches what a robot's DSTs are made of, and whom it tells. */
export interface RobotConfiguration {
  requestHeaders?: Record<string, string[]>;
  authentication?: {
    username?: string | undefined;
    password?: string | undefined;
    authMode?: 'basic' | 'digest' | undefined;
    clientKey?: string | undefined;
    clientCert?: string | undefined;
  };
  webhooks?: { dst?: string | undefined };
}

export interface RobotRecord {
  userId: string;
  /** Its lifetime token. */
  token?: string;
  configuration?: RobotConfiguration;
}

export interface DirectoryRecord {
  robots?: RobotRecord[];
  users: UserRecord[];
  groups: UserGroup[];
  sessions: Session[];
  devices: DeviceRecord[];
  challenges: ChallengeRecord[];
  passwordTokens: PasswordTokenRecord[];
  mails: Mail[];
  effects: Effect[];
}

export const emptyDirectory = (): DirectoryRecord => ({
  users: [],
  groups: [],
  sessions: [],
  devices: [],
  challenges: [],
  passwordTokens: [],
  mails: [],
  effects: [],
});
