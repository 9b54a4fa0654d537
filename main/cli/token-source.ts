/** Where the token commands look: the desk that has the profile open, else here, without any profile. */
import { resolve } from 'node:path';
import { createPcscWatch } from '../../native/pcsc-client.ts';
import type { CallOutput } from '../../preload/contract.ts';
import type { TokensChange } from '../../preload/model.ts';
import { createHeadlessHost } from '../host/headless-host.ts';
import { connectDesk } from '../ipc/index.ts';
import { parseCertificate } from '../pki/index.ts';
import { systemClock } from '../platform/clock.ts';
import { defaultProfileRoot, keyFolder, profilePaths } from '../platform/paths.ts';
import { createLiveTokens, createTokens, type LiveTokens, overviewTokens, type Tokens } from '../tokens/index.ts';
import { accessTo, type DeskAccess } from './access.ts';
import type { Arguments } from './arguments.ts';

export interface TokenSource {
  overview(): Promise<CallOutput<'tokens.diagnose'>>;
  on(listener: (change: TokensChange) => void): () => void;
  keepWatching(): Promise<void>;
  close(): Promise<void>;
}

/** Tokens of this process, for commands a PIN is typed at. */
export interface LocalTokens {
  readonly tokens: Tokens;
  readonly live: LiveTokens;
  close(): Promise<void>;
}

async function runningDesk(args: Arguments): Promise<DeskAccess | undefined> {
  if (args.text('module') !== undefined) return undefined;
  const root = args.text('profile') ?? process.env.COUNTERSIGN_PROFILE ?? defaultProfileRoot();
  const connection = await connectDesk(profilePaths(root).socket);
  return connection && accessTo(connection, async () => connection.close());
}

export async function openTokenSource(args: Arguments): Promise<TokenSource> {
  const desk = await runningDesk(args);
  if (desk) {
    return {
      overview: () => desk.call('tokens.diagnose', {}),
      on: (listener) => desk.on('tokens.changed', listener),
      keepWatching: async () => void (await desk.call('tokens.watch', {})),
      close: () => desk.close(),
    };
  }
  const { tokens, live, close } = createLocalTokens(args, []);
  return {
    overview: () => overviewTokens(tokens, live, []),
    on: (listener) => live.on(listener),
    keepWatching: async () => live.keepWatching(),
    close,
  };
}

/** The modules a person added are known where the desk runs; `--module` names one by hand. */
export async function openLocalTokens(args: Arguments): Promise<LocalTokens> {
  const desk = await runningDesk(args);
  const added = desk ? (await desk.call('settings.get', {})).pkcs11Modules : [];
  await desk?.close();
  return createLocalTokens(args, added);
}

function createLocalTokens(args: Arguments, added: readonly string[]): LocalTokens {
  const host = createHeadlessHost({ secretsDir: keyFolder() });
  const given = args.text('module');
  const only = given === undefined ? undefined : resolve(given);
  const tokens = createTokens({
    startProcess: (of) => host.startProcess('token-host', of),
    modulePaths: () => live.modulePaths(),
    atrOf: (slotDescription) => live.atrOf(slotDescription),
    parseCertificate,
    clock: systemClock,
  });
  const live: LiveTokens = createLiveTokens({
    pcsc: createPcscWatch({ startProcess: () => host.startProcess('pcsc-host', []), clock: systemClock }),
    clock: systemClock,
    userModules: () => added,
    only,
    list: (modulePath) => tokens.list([], modulePath),
  });
  return { tokens, live, close: async () => void (await Promise.all([live.close(), tokens.close()])) };
}
