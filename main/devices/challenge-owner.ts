/** Whose account a challenge is for. */
import type { Account } from '../../preload/model.ts';
import type { ReadChallenge } from './challenge-text.ts';

export type Owner =
  | { readonly kind: 'account'; readonly account: Account }
  /** The service is an account's, the person is not. */
  | { readonly kind: 'other-person' }
  /** The address is none of the accounts'. */
  | { readonly kind: 'foreign' };

/** True where `address` lies at the account's service: same origin, below the API's path. */
function isAt(address: string, account: Account): boolean {
  if (!URL.canParse(address) || !URL.canParse(account.baseUrl)) return false;
  const [given, own] = [new URL(address), new URL(account.baseUrl)];
  const path = own.pathname.replace(/\/+$/, '');
  const hasCredentials = given.username !== '' || given.password !== '';
  const isBelow = given.pathname === path || given.pathname.startsWith(`${path}/`);
  return given.origin === own.origin && isBelow && !hasCredentials;
}

/** @param chosen the account a bare challenge is meant for; with one account it is that one */
export function findOwner(read: ReadChallenge, accounts: readonly Account[], chosen: string | undefined): Owner {
  if (!('userId' in read)) {
    const account =
      chosen === undefined && accounts.length === 1 ? accounts[0] : accounts.find(({ id }) => id === chosen);
    return account ? { kind: 'account', account } : { kind: 'foreign' };
  }
  const here = accounts.filter((account) => isAt(read.baseUrl, account));
  if (here.length === 0) return { kind: 'foreign' };
  const account = here.find(({ userId }) => userId.toLowerCase() === read.userId.toLowerCase());
  return account ? { kind: 'account', account } : { kind: 'other-person' };
}
