/** What every command works with: calls to a desk, wherever it is, and the output. */
import type { Bridge, CallInput, CallName, CallOutput, EventName, EventPayload } from '../../preload/contract.ts';
import { CommandError } from './exit-codes.ts';
import { inLines } from './table.ts';
import { inWords } from './words.ts';

export interface Output {
  readonly json: boolean;
  /** A line for a person; silent with --json. Escapes in it are ours: text from outside is cleaned before. */
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

export function createOutput(json: boolean): Output {
  return {
    json,
    say: (line) => void (json || process.stdout.write(`${line}\n`)),
    result: (value, words) =>
      void process.stdout.write(`${json ? JSON.stringify(value, null, 2) : inLines(words(value))}\n`),
  };
}
