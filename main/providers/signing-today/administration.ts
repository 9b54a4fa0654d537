/** Signing Today's users, groups, roles and passwords as the provider port has them. */
import type { AdminUser } from '../../../preload/model.ts';
import type { Administration } from '../administration.ts';
import { toArray } from './list-items.ts';
import {
  changeOwnPassword,
  changePasswordByToken,
  changeServicePassword,
  getPasswordToken,
  reportLostPassword,
  resetPassword,
} from './passwords.ts';
import type { RequestCore } from './request-core.ts';
import { getConfiguration, sealSamlReply, signInBySaml, syncUsers } from './services.ts';
import { toLine } from './text.ts';
import {
  createGroups,
  createUser,
  type FullUser,
  listGroups,
  listUsers,
  readUser,
  setUserEnabled,
  setUserRole,
  updateUser,
} from './users.ts';

const toUser = (user: FullUser): AdminUser => ({
  id: user.id,
  username: toLine(user.username, 256),
  name: toLine(user.name, 200),
  surname: toLine(user.surname, 200),
  email: toLine(user.email, 320),
  role: toLine(user.role, 50),
  groups: user.groups.map(({ name }) => toLine(name, 200)),
  capabilities: user.capabilities.map((each) => toLine(each, 100)),
  enabled: user.deletedAt === undefined,
  automatic: user.automatic,
});

/** @param open the same service with nobody signed in */
export function createAdministration(core: RequestCore, open: RequestCore, userId: string): Administration {
  let own: Promise<string> | undefined;
  /** The organisation the signed-in person belongs to. */
  function domain(): Promise<string> {
    own ??= readUser(core, userId).then(
      ({ user }) => user.domain ?? '',
      (error: unknown) => {
        own = undefined;
        throw error;
      },
    );
    return own;
  }
  const named = async (username: string) => ({ username, domain: await domain() });
  const grouped = async (names: readonly string[]) => {
    const organisation = await domain();
    return names.map((name) => ({ name, domain: organisation }));
  };

  return {
    users: async () => (await toArray(listUsers(core))).map(toUser),
    async addUser({ groups = [], phone, ...user }, password) {
      const more = { groups: await grouped(groups), ...(phone === undefined ? {} : { phone }) };
      return createUser(core, { ...user, domain: await domain(), ...more }, password);
    },
    async editUser(id, { groups, ...particulars }) {
      const { raw } = await readUser(core, id);
      await updateUser(core, id, { ...raw, ...particulars, ...(groups && { groups: await grouped(groups) }) });
    },
    setUserEnabled: (id, enabled) => setUserEnabled(core, id, enabled),
    setUserRole: (id, role) => setUserRole(core, id, role),
    groups: async () => (await toArray(listGroups(core))).map(({ name }) => toLine(name, 200)),
    addGroups: async (names) => createGroups(core, await grouped(names)),
    resetPassword: async (username) => resetPassword(core, await named(username)),
    async reportLostPassword(signInName) {
      const at = signInName.lastIndexOf('@');
      const whole = { username: signInName.slice(0, at), domain: signInName.slice(at + 1) };
      await reportLostPassword(open, at > 0 ? whole : await named(signInName));
    },
    redeemPassword: (token, wanted) => changePasswordByToken(open, token, wanted),
    changePassword: (currentPassword, newPassword) => changeOwnPassword(core, { currentPassword, newPassword }),
    changeServicePassword: async (username, wanted) => changeServicePassword(core, await named(username), wanted),
    passwordToken: () => getPasswordToken(core),
    configuration: () => getConfiguration(open),
    async registerBySaml(reply, key) {
      return signInBySaml(open, { domain: await domain(), ...sealSamlReply(reply, key) });
    },
    async syncUsers(users) {
      const { inserted, updated, deleted } = (await syncUsers(core, users)).users;
      return { inserted, updated, deleted };
    },
  };
}
