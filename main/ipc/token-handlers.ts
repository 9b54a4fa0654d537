/** Tokens as they are now, and the modules they are looked for in. */
import { absentIdentities, overviewTokens } from '../tokens/index.ts';
import type { Rooms } from './rooms.ts';
import { CallError, type Handlers } from './router.ts';

type TokenCalls = Pick<
  Handlers,
  'tokens.list' | 'tokens.session' | 'tokens.diagnose' | 'tokens.watch' | 'tokens.addModule' | 'tokens.removeModule'
>;

export function tokenHandlers({ tokens, liveTokens, checkModule, identities, settings }: Rooms): TokenCalls {
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
    'tokens.session': async ({ tokenId }) => {
      const session = await tokens.openSession(tokenId);
      if (!session.ok) throw new CallError(session.code, session.ckr ? { ckr: session.ckr } : {});
      return session.value;
    },
    'tokens.diagnose': async ({ again }) => {
      if (again) tokens.askAgain();
      return overviewTokens(tokens, liveTokens, await identities());
    },
    'tokens.watch': async () => {
      liveTokens.keepWatching();
      return {};
    },
    'tokens.addModule': async ({ path }) => {
      const checked = await checkModule(path);
      if (!checked.ok) throw new CallError(checked.code, checked.ckr ? { ckr: checked.ckr } : {});
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
  };
}
