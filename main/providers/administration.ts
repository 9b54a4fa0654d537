/** The part of the provider port that is for administrators. Every method may throw ProviderError. */
import type { AdminUser, SamlReply, SyncedUser, UserParticulars, UserRole } from '../../preload/model.ts';

export interface NewAdminUser extends UserParticulars {
  readonly username: string;
  readonly name: string;
  readonly surname: string;
  readonly email: string;
  readonly role: UserRole;
  readonly automatic: boolean;
}

export interface Administration {
  users(): Promise<AdminUser[]>;
  /** The new id. Without a password the user gets a mail to choose one. */
  addUser(user: NewAdminUser, password: string | undefined): Promise<string>;
  /** What is left out stays. */
  editUser(userId: string, particulars: UserParticulars): Promise<void>;
  setUserEnabled(userId: string, enabled: boolean): Promise<void>;
  setUserRole(userId: string, role: UserRole): Promise<void>;
  groups(): Promise<string[]>;
  addGroups(names: readonly string[]): Promise<void>;
  resetPassword(username: string): Promise<void>;
  /** Nobody needs to be signed in. The user gets a mail with a token, where there is such a user: the answer does not say. */
  reportLostPassword(signInName: string): Promise<void>;
  /** Nobody needs to be signed in: the token is enough, once. */
  redeemPassword(token: string, wanted: string): Promise<void>;
  changePassword(current: string, wanted: string): Promise<void>;
  changeServicePassword(username: string, wanted: string): Promise<void>;
  /** A token one's own password can be changed with, once: a secret. */
  passwordToken(): Promise<string>;
  /** What the provider tells everybody of itself, as it came. */
  configuration(): Promise<Record<string, unknown>>;
  /** Registers a person as an identity provider would; the page their browser goes on to, with a token of theirs in it. */
  registerBySaml(reply: SamlReply, key: string): Promise<URL>;
  syncUsers(users: readonly SyncedUser[]): Promise<{ inserted: number; updated: number; deleted: number }>;
}
