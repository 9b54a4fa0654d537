/** What administrators do, at the provider of the account they choose. */
import { type Administration, ProviderError } from '../providers/provider.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type AdminCalls = Pick<Handlers, Extract<keyof Handlers, `admin.${string}`>>;

export function adminHandlers({ session }: Rooms): AdminCalls {
  async function at<T>(accountId: string, run: (administration: Administration) => Promise<T>): Promise<T> {
    const { administration } = await session(accountId);
    if (!administration) throw new CallError('unsupported');
    try {
      return await run(administration);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'stale') throw error;
      throw new CallError('wrong-state', error.serverMessage ? { serverMessage: error.serverMessage } : {});
    }
  }
  const done = async (work: Promise<void>) => {
    await work;
    return {};
  };
  return {
    'admin.users': async ({ accountId }) => ({ users: await at(accountId, (a) => a.users()) }),
    'admin.addUser': async ({ accountId, password, ...user }) => ({
      id: await at(accountId, (a) => a.addUser(user, password)),
    }),
    'admin.editUser': ({ accountId, userId, ...change }) => done(at(accountId, (a) => a.editUser(userId, change))),
    'admin.setUserEnabled': ({ accountId, userId, enabled }) =>
      done(at(accountId, (a) => a.setUserEnabled(userId, enabled))),
    'admin.setUserRole': ({ accountId, userId, role }) => done(at(accountId, (a) => a.setUserRole(userId, role))),
    'admin.groups': async ({ accountId }) => ({ groups: await at(accountId, (a) => a.groups()) }),
    'admin.addGroups': ({ accountId, names }) => done(at(accountId, (a) => a.addGroups(names))),
    'admin.resetPassword': ({ accountId, username }) => done(at(accountId, (a) => a.resetPassword(username))),
    'admin.reportLostPassword': ({ accountId, username }) => done(at(accountId, (a) => a.reportLostPassword(username))),
    'admin.redeemPassword': ({ accountId, token, wanted }) =>
      done(at(accountId, (a) => a.redeemPassword(token, wanted))),
    'admin.changePassword': ({ accountId, current, wanted }) =>
      done(at(accountId, (a) => a.changePassword(current, wanted))),
    'admin.changeServicePassword': ({ accountId, username, wanted }) =>
      done(at(accountId, (a) => a.changeServicePassword(username, wanted))),
    'admin.passwordToken': async ({ accountId }) => ({ token: await at(accountId, (a) => a.passwordToken()) }),
    'admin.configuration': async ({ accountId }) => ({
      configuration: await at(accountId, (a) => a.configuration()),
    }),
    'admin.registerBySaml': async ({ accountId, reply, key }) => {
      const { origin, pathname } = await at(accountId, (a) => a.registerBySaml(reply, key));
      return { page: `${origin}${pathname}` };
    },
    'admin.syncUsers': ({ accountId, users }) => at(accountId, (a) => a.syncUsers(users)),
  };
}
