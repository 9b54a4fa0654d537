/**
 * The practice account: the sandbox's services and card, in a profile that has no other account. Its authorities and module are in
 * the settings only while it is there, so that nothing that counts is ever stamped or trusted by them; with the account they go.
 */
import { rm } from 'node:fs/promises';
import { z } from 'zod';
import { type Program, type SandboxFacts, type SandboxProcess, startSandboxProcess } from './sandbox-process.ts';

export interface PracticeDeps {
  /** Undefined where this installation has no sandbox. */
  readonly program: Program | undefined;
  /** Where the sandbox keeps its state, in the profile. */
  readonly dir: string;
  readonly store: {
    setting(key: string): Promise<string | undefined>;
    saveSetting(key: string, value: string): Promise<void>;
    accounts(): Promise<readonly { readonly id: string }[]>;
  };
  readonly settings: {
    readonly get: () => PracticeSettings;
    readonly change: (change: PracticeSettings) => Promise<unknown>;
  };
  /** Modules are to see the environment as it is from now on. */
  readonly reopenTokens: () => Promise<void>;
  readonly start?: typeof startSandboxProcess;
}

interface PracticeSettings {
  readonly timestampAuthorities: readonly string[];
  readonly pkcs11Modules: readonly string[];
  readonly trustAnchors: readonly string[];
}

export type PracticeErrorCode = 'practice-unavailable' | 'practice-not-alone' | 'practice-failed' | 'cancelled';

export class PracticeError extends Error {
  readonly code: PracticeErrorCode;
  constructor(code: PracticeErrorCode, cause?: unknown) {
    super(`practice: ${code}`, { cause });
    this.name = 'PracticeError';
    this.code = code;
  }
}

export type PracticeSignIn = SandboxFacts['signIn'] & { readonly baseUrl: string };

const record = z.object({
  accountId: z.string().optional(),
  pin: z.string(),
  timestamps: z.string(),
  root: z.string(),
  modulePath: z.string(),
});
type Kept = z.infer<typeof record>;
const KEY = 'practice';

export interface Practice {
  readonly isAvailable: boolean;
  /** The practice card's PIN while there is a practice account. */
  pin(): string | undefined;
  /**
   * Starts the sandbox and has the settings know its authorities and card; whoever asked signs in and names the account.
   * @throws PracticeError
   */
  begin(): Promise<PracticeSignIn>;
  /** Gives up a `begin` that is under way. */
  cancel(): void;
  /** The account that was signed in with what `begin` gave. */
  named(accountId: string): Promise<void>;
  /** At the start of the app: the sandbox goes on where it was. What fails leaves the account without a network. */
  resume(): Promise<void>;
  /** Ends what began without an account, or with this one: the settings are as before, and nothing is left on the disk. */
  end(accountId: string | undefined): Promise<void>;
  close(): Promise<void>;
}

const without = (list: readonly string[], item: string) => list.filter((each) => each !== item);

export function createPractice(deps: PracticeDeps): Practice {
  const { program, dir, store, settings } = deps;
  const start = deps.start ?? startSandboxProcess;
  let kept: Kept | undefined;
  let running: SandboxProcess | undefined;
  let beginning: AbortController | undefined;
  let before: Record<string, string | undefined> = {};

  const save = (value: Kept | undefined) => store.saveSetting(KEY, value === undefined ? '' : JSON.stringify(value));

  async function run(signal?: AbortSignal): Promise<SandboxFacts> {
    if (!program) throw new PracticeError('practice-unavailable');
    try {
      running = await start(program, dir, signal);
    } catch (error) {
      throw new PracticeError(signal?.aborted ? 'cancelled' : 'practice-failed', error);
    }
    const { environment } = running.facts.token;
    before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
    Object.assign(process.env, environment);
    await deps.reopenTokens();
    return running.facts;
  }

  async function halt(): Promise<void> {
    await running?.stop();
    running = undefined;
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    before = {};
  }

  /** Settings without what is the sandbox's. */
  function plain(of: Kept): PracticeSettings {
    const { timestampAuthorities, pkcs11Modules, trustAnchors } = settings.get();
    return {
      timestampAuthorities: without(timestampAuthorities, of.timestamps),
      pkcs11Modules: without(pkcs11Modules, of.modulePath),
      trustAnchors: without(trustAnchors, of.root),
    };
  }

  async function end(): Promise<void> {
    if (kept) await settings.change(plain(kept));
    kept = undefined;
    await save(undefined);
    await halt();
    await deps.reopenTokens();
    await rm(dir, { recursive: true, force: true });
  }

  return {
    isAvailable: program !== undefined,
    pin: () => (kept?.accountId === undefined ? undefined : kept.pin),
    async begin() {
      if (kept || beginning || (await store.accounts()).length > 0) throw new PracticeError('practice-not-alone');
      beginning = new AbortController();
      const { signingToday, signIn, timestamps, root, token } = await run(beginning.signal).finally(() => {
        beginning = undefined;
      });
      kept = { pin: token.pin, timestamps, root, modulePath: token.modulePath };
      // Written down first: what is in the settings after a kill is taken out again at the next start.
      await save(kept);
      const { timestampAuthorities, pkcs11Modules, trustAnchors } = plain(kept);
      await settings.change({
        timestampAuthorities: [timestamps, ...timestampAuthorities],
        pkcs11Modules: [...pkcs11Modules, token.modulePath],
        trustAnchors: [...trustAnchors, root],
      });
      return { ...signIn, baseUrl: signingToday };
    },
    cancel: () => beginning?.abort(),
    async named(accountId) {
      if (!kept) return;
      kept = { ...kept, accountId };
      await save(kept);
    },
    async resume() {
      const text = (await store.setting(KEY)) ?? '';
      if (text === '') return;
      kept = record.parse(JSON.parse(text));
      const { accountId } = kept;
      const known = (await store.accounts()).some(({ id }) => id === accountId);
      if (known) await run();
      else await end();
    },
    async end(accountId) {
      if (kept && kept.accountId === accountId) await end();
    },
    async close() {
      beginning?.abort();
      await halt();
    },
  };
}
