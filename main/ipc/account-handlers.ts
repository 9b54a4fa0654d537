/** Accounts and sync. */
import type { Account } from '../../preload/model.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type AccountCalls = Pick<Handlers, 'accounts.list' | 'accounts.add' | 'accounts.remove' | 'sync.now' | 'sync.status'>;

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
      return account;
    },
    'accounts.remove': async ({ accountId, force }) => {
      if (!(await store.accounts()).some((a) => a.id === accountId)) throw new CallError('not-found');
      if (!force && (await hasUnsentWork(accountId))) throw new CallError('unsent-work');
      await store.removeAccount(accountId);
      emit('inbox.changed', { transactionIds: [] });
      return {};
    },
    'sync.now': async ({ accountId }) => {
      const { pulled, delivered, waiting, errors } = await sync.syncNow(accountId);
      return { pulled, delivered, waiting, errors: [...errors] };
    },
    'sync.status': async () => {
      const { online, offlineSince, waiting, lastSyncAt } = await sync.status();
      return {
        online,
        waiting,
        ...(offlineSince === undefined ? {} : { offlineSince }),
        ...(lastSyncAt === undefined ? {} : { lastSyncAt }),
      };
    },
  };
}
