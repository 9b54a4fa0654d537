/** Tokens as they are now, and the modules they are looked for in. */
import { absentIdentities, overviewTokens, type TokenFailure } from '../tokens/index.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type TokenCalls = Pick<
  Handlers,
  | 'tokens.list'
  | 'tokens.session'
  | 'tokens.diagnose'
  | 'tokens.watch'
  | 'tokens.addModule'
  | 'tokens.removeModule'
  | 'tokens.changePin'
  | 'tokens.unblock'
  | 'tokens.loginLifetime'
  | 'tokens.logOut'
>;

/** The failure as the window words it; the flags say how many tries are left now. */
function toCallError({ code, ckr, pin }: TokenFailure): CallError {
  const flags = pin && { countLow: pin.countLow, finalTry: pin.finalTry, locked: pin.locked };
  const limits = pin && { minLength: pin.minLength, maxLength: pin.maxLength };
  return new CallError(code, { ...(ckr === undefined ? {} : { ckr }), ...flags, ...limits });
}

export function tokenHandlers({
  host,
  tokens,
  liveTokens,
  watchesSystem,
  checkModule,
  identities,
  settings,
}: Rooms): TokenCalls {
  const change = async (pkcs11Modules: readonly string[]) => {
    await settings.change({ pkcs11Modules: [...pkcs11Modules] });
  };

  return {
    'tokens.list': async ({ modulePath }) => {
      const known = await identities();
      // The order of modules is better where PC/SC has been heard; it is waited for a moment only.
      if (modulePath === undefined) await liveTokens.surroundings();
      const { tokens: found, problems } = await tokens.list(known, modulePath);
      const absent = modulePath === undefined ? { absent: absentIdentities(found, known) } : {};
      return { tokens: [...found], problems: [...problems], ...absent };
    },
    'tokens.session': async ({ tokenId, purpose }) => {
      const session = await tokens.openSession(tokenId, purpose);
      if (!session.ok) throw toCallError(session);
      const { sessionId, publicKey, needsPin } = session.value;
      return { sessionId, publicKey, needsPin };
    },
    'tokens.diagnose': async ({ again }) => {
      if (again) tokens.askAgain();
      return overviewTokens(tokens, liveTokens, await identities());
    },
    'tokens.watch': async () => {
      liveTokens.keepWatching();
      return {};
    },
    'tokens.addModule': async (input) => {
      const path = input.path ?? (await host.choosePath());
      if (path === undefined) return {};
      const checked = await checkModule(path);
      if (!checked.ok) throw toCallError(checked);
      const { pkcs11Modules } = settings.get();
      if (!pkcs11Modules.includes(path)) await change([...pkcs11Modules, path]);
      return checked.value;
    },
    'tokens.removeModule': async ({ path }) => {
      const { pkcs11Modules } = settings.get();
      if (!pkcs11Modules.includes(path)) throw new CallError('not-found');
      await change(pkcs11Modules.filter((known) => known !== path));
      return {};
    },
    'tokens.changePin': async ({ sessionId, sealedOld, sealedNew }) => {
      const changed = await tokens.changePin(sessionId, sealedOld, sealedNew);
      if (!changed.ok) throw toCallError(changed);
      return {};
    },
    'tokens.unblock': async ({ sessionId, kind, sealedPuk, sealedNew }) => {
      const unblocked = await tokens.unblock(sessionId, kind, sealedPuk, sealedNew);
      if (!unblocked.ok) throw toCallError(unblocked);
      return {};
    },
    'tokens.loginLifetime': async () => ({
      minutes: settings.get().loginLifetimeMinutes,
      watchesSystem: watchesSystem(),
    }),
    'tokens.logOut': async () => {
      await tokens.endKeptLogins(() => true);
      return {};
    },
  };
}
