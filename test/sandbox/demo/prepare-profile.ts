/** Makes a profile the demo person's: the sandbox's authorities and module in the settings, the account signed in. */
import type { DeskAccess } from '../../../main/cli/access.ts';
import type { Sandbox } from '../sandbox.ts';

export async function setAuthorities(desk: DeskAccess, sandbox: Sandbox): Promise<void> {
  await desk.call('settings.change', {
    timestampAuthorities: [sandbox.timestampUrl],
    pkcs11Modules: [sandbox.token.modulePath],
    trustAnchors: [sandbox.rootPemPath],
  });
}

/** Safe to repeat: an account that is there is left as it is. */
export async function prepareProfile(desk: DeskAccess, sandbox: Sandbox): Promise<void> {
  await setAuthorities(desk, sandbox);
  await prepareAccount(desk, sandbox);
}

export async function prepareAccount(desk: DeskAccess, sandbox: Sandbox): Promise<void> {
  if ((await desk.call('accounts.list', {})).length > 0) return;
  const { baseUrl, username, password, clientId, clientSecret } = sandbox;
  await desk.call('accounts.add', { provider: 'signing-today', baseUrl, username, password, clientId, clientSecret });
  await desk.call('sync.now', {});
}
