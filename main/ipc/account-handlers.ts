/** Accounts. */
import type { Account } from '../../preload/model.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type AccountCalls = Pick<
  Handlers,
  'accounts.list' | 'accounts.add' | 'accounts.signIn' | 'accounts.signOut' | 'accounts.remove'
>;

export function accountHandlers({
  store,
  sync,
  signing,
  signIns,
  devices,
  practice,
  provider,
  newId,
  emit,
}: Rooms): AccountCalls {
  async function hasUnsentWork(accountId: string): Promise<boolean> {
    const rows = await store.outbox({ unconfirmed: true });
    return rows.some((row) => row.accountId === accountId) || (await signing.holdsSignatures(accountId));
  }

  /** The push token goes while there is still a session to say so. */
  async function signOut(accountId: string): Promise<void> {
    await devices.clearPush(accountId);
    await signIns.out(accountId);
  }

  return {
    'accounts.list': () => store.accounts(),
    'accounts.add': async (input) => {
      // What is signed for real is neither stamped nor trusted by the practice service's authorities.
      if (practice.pin() !== undefined) throw new CallError('practice-on');
      const chosen = provider(input.provider);
      if (!chosen) throw new CallError('not-found');
      const { credentials, userId, userName } = await chosen.signIn(input);
      const known = (await store.accounts()).find((a) => a.baseUrl === input.baseUrl && a.userId === userId);
      const account: Account = {
        id: known?.id ?? newId(),
        provider: input.provider,
        baseUrl: input.baseUrl,
        userId,
        userName,
        label: input.label ?? userName,
        state: 'signed-in',
      };
      await store.putAccount(account, JSON.stringify({ ...credentials, username: input.username }));
      // What waited for it goes on.
      if (known) sync.wake();
      return account;
    },
    'accounts.signIn': async ({ accountId, password, username }) => {
      const account = await signIns.again(accountId, { password, username });
      sync.wake();
      emit('inbox.changed', { transactionIds: [] });
      return account;
    },
    'accounts.signOut': async ({ accountId }) => {
      await signOut(accountId);
      emit('inbox.changed', { transactionIds: [] });
      return {};
    },
    'accounts.remove': async ({ accountId, force }) => {
      if (!(await store.accounts()).some((a) => a.id === accountId)) throw new CallError('not-found');
      if (!force && (await hasUnsentWork(accountId))) throw new CallError('unsent-work');
      await signOut(accountId);
      await devices.forget(accountId);
      await store.removeAccount(accountId);
      await practice.end(accountId);
      emit('inbox.changed', { transactionIds: [] });
      return {};
    },
  };
}
