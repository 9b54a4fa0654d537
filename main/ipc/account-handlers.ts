/** Accounts. */
import type { Account } from '../../preload/model.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type AccountCalls = Pick<Handlers, 'accounts.list' | 'accounts.add' | 'accounts.remove'>;

export function accountHandlers({ store, sync, signing, provider, newId, emit }: Rooms): AccountCalls {
  async function hasUnsentWork(accountId: string): Promise<boolean> {
    const rows = await store.outbox({ unconfirmed: true });
    return rows.some((row) => row.accountId === accountId) || (await signing.holdsSignatures(accountId));
  }

  return {
    'accounts.list': () => store.accounts(),
    'accounts.add': async (input) => {
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
      await store.putAccount(account, JSON.stringify(credentials));
      // What waited for it goes on.
      if (known) sync.wake();
      return account;
    },
    'accounts.remove': async ({ accountId, force }) => {
      if (!(await store.accounts()).some((a) => a.id === accountId)) throw new CallError('not-found');
      if (!force && (await hasUnsentWork(accountId))) throw new CallError('unsent-work');
      await store.removeAccount(accountId);
      emit('inbox.changed', { transactionIds: [] });
      return {};
    },
  };
}
