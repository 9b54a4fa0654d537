import { describe, expect, it } from 'vitest';
import { accountHandlers } from '../../../main/ipc/account-handlers.ts';
import type { Rooms } from '../../../main/ipc/rooms.ts';

/** Rooms with one account, and what it still has to deliver. */
function rooms(unsent: { rows: number; signatures: boolean; practice?: boolean }) {
  const removed: string[] = [];
  const signedOut: string[] = [];
  const made = {
    store: {
      accounts: async () => [{ id: 'a' }],
      outbox: async () => Array.from({ length: unsent.rows }, () => ({ accountId: 'a' })),
      removeAccount: async (id: string) => void removed.push(id),
    },
    signing: { holdsSignatures: async () => unsent.signatures },
    devices: { clearPush: async () => undefined, forget: async () => undefined },
    signIns: { out: async (id: string) => void signedOut.push(id) },
    practice: { pin: () => (unsent.practice ? '123456' : undefined), end: async () => undefined },
    emit: () => undefined,
  };
  return { removed, signedOut, calls: accountHandlers(made as unknown as Rooms) };
}

describe('removing an account', () => {
  it.each([
    ['a change that is not delivered', { rows: 1, signatures: false }],
    ['a signature that is not finished', { rows: 0, signatures: true }],
  ])('is refused while it has %s, unless that is given up', async (_what, unsent) => {
    const { calls, removed } = rooms(unsent);
    await expect(calls['accounts.remove']({ accountId: 'a' })).rejects.toMatchObject({ code: 'unsent-work' });
    expect(removed).toEqual([]);
    await calls['accounts.remove']({ accountId: 'a', force: true });
    expect(removed).toEqual(['a']);
  });

  it('is done at once where nothing waits, and signs out', async () => {
    const { calls, removed, signedOut } = rooms({ rows: 0, signatures: false });
    await calls['accounts.remove']({ accountId: 'a' });
    expect([removed, signedOut]).toEqual([['a'], ['a']]);
  });

  it('knows no account that is not there', async () => {
    const { calls } = rooms({ rows: 0, signatures: false });
    await expect(calls['accounts.remove']({ accountId: 'b' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

it('is added beside the practice account by nobody', async () => {
  const { calls } = rooms({ rows: 0, signatures: false, practice: true });
  const account = { provider: 'signing-today', baseUrl: 'https://x.example/', username: 'a', password: 'b' } as const;
  await expect(calls['accounts.add']({ ...account, clientId: '', clientSecret: '' })).rejects.toMatchObject({
    code: 'practice-on',
  });
});
