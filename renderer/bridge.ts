/**
 * The window's way to the desk, typed by the contract: `window.countersign` where a preload made it (Electron), else the
 * binding of a Chromium window with the wire's text on it.
 */
import type { Bridge, BridgeError, CallInput, CallName, CallOutput, Reply } from '../preload/contract.ts';
import { BINDING, parseWire, toWire, WIRE_EVENT } from '../preload/wire.ts';

export type { Bridge } from '../preload/contract.ts';

type Binding = (text: string) => Promise<string>;

/** What a call was answered with where it was not answered with a value. */
export class CallError extends Error {
  readonly code: string;
  readonly retryable: boolean;
  readonly details: BridgeError['details'];
  constructor({ code, retryable, details }: BridgeError) {
    super(`call: ${code}`);
    this.name = 'CallError';
    this.code = code;
    this.retryable = retryable;
    this.details = details;
  }
}

/** A bridge over a binding and DOM events; both carry wire text. */
export function wireBridge(binding: Binding, target: EventTarget): Bridge {
  return {
    async call<N extends CallName>(name: N, input: CallInput<N>) {
      return parseWire(await binding(toWire({ name, input }))) as Reply<CallOutput<N>>;
    },
    on(name, listener) {
      const hear = (event: Event) => {
        const detail = (event as CustomEvent<unknown>).detail;
        if (typeof detail !== 'string') return;
        const message = parseWire(detail) as { event: string; payload: never };
        if (message.event === name) listener(message.payload);
      };
      target.addEventListener(WIRE_EVENT, hear);
      return () => target.removeEventListener(WIRE_EVENT, hear);
    },
  };
}

/** The bridge of this window; undefined where no host has given it one. */
export function findBridge(scope: object): Bridge | undefined {
  const given = scope as Record<string, unknown>;
  if (given.countersign) return given.countersign as Bridge;
  const binding = given[BINDING];
  return typeof binding === 'function' ? wireBridge(binding as Binding, scope as EventTarget) : undefined;
}

/** The call's value; throws CallError where the desk refused it or could not be reached. */
export async function ask<N extends CallName>(bridge: Bridge, name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  let reply: Reply<CallOutput<N>>;
  try {
    reply = await bridge.call(name, input);
  } catch {
    throw new CallError({ code: 'desk-closed', retryable: true, details: {} });
  }
  if (!reply.ok) throw new CallError(reply.error);
  return reply.value;
}
