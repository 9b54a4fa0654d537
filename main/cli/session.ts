/** What every command works with: the bridge to the desk (this process or the one that has the profile open) and the output. */
import type { Bridge, CallInput, CallName, CallOutput, EventName, EventPayload } from '../../preload/contract.ts';
import { createDesk } from '../desk.ts';
import { createHeadlessHost } from '../host/headless-host.ts';
import { connectDesk, localBridge } from '../ipc/index.ts';
import { defaultProfileRoot, keyFolder, profilePaths } from '../platform/paths.ts';
import { version } from '../platform/version.ts';
import { CommandError } from './exit-codes.ts';
import { inWords } from './words.ts';

export interface Output {
  readonly json: boolean;
  /** A line for a person; silent with --json. */
  say(line: string): void;
  /** The command's result; printed as JSON with --json, else through `words`. */
  result<T>(value: T, words: (value: T) => string): void;
}

export interface DeskAccess {
  /** The call's value. @throws CommandError with the call's code */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void;
  close(): Promise<void>;
}

export function accessTo(bridge: Bridge, close: () => Promise<void>): DeskAccess {
  return {
    async call(name, input) {
      const reply = await bridge.call(name, input);
      if (reply.ok) return reply.value;
      const { code, details } = reply.error;
      const server = typeof details.serverMessage === 'string' ? ` (${details.serverMessage})` : '';
      throw new CommandError(code, `${inWords(code)}${server}`);
    },
    on: (name, listener) => bridge.on(name, listener),
    close,
  };
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : 'internal';
}

/** The desk of a profile: the one that has it open answers over its socket, else it is opened here. */
export async function openDesk(profile: string | undefined): Promise<DeskAccess> {
  const root = profile ?? process.env.COUNTERSIGN_PROFILE ?? defaultProfileRoot();
  const paths = profilePaths(root);
  const running = await connectDesk(paths.socket);
  if (running) return accessTo(running, async () => running.close());
  try {
    const host = createHeadlessHost({ secretsDir: keyFolder() });
    const desk = await createDesk(host, { root: paths.root, version, background: false });
    return accessTo(localBridge(desk.onCall, desk.on), () => desk.close());
  } catch (error) {
    const code = codeOf(error);
    throw new CommandError(code, `The profile cannot be opened: ${inWords(code)}`, 'profile');
  }
}

export function createOutput(json: boolean): Output {
  return {
    json,
    say: (line) => void (json || process.stdout.write(`${line}\n`)),
    result: (value, words) => void process.stdout.write(`${json ? JSON.stringify(value, null, 2) : words(value)}\n`),
  };
}
