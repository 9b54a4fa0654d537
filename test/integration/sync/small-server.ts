/** A provider with a few transactions, a network that fails as told, and a sync that had nothing to do. */
import { addTransaction, type Fault, makeServer, type Network, type Server } from './simulated-provider.ts';

export const nothing = { pulled: 0, delivered: 0, waiting: 0, errors: [] };

/** Fails as told, call by call. */
export const script =
  (plan: Record<string, (Fault | undefined)[]>): Network =>
  (call) =>
    plan[call]?.shift();

export function aServer(...remoteIds: string[]): Server {
  const server = makeServer();
  for (const remoteId of remoteIds) addTransaction(server, remoteId);
  return server;
}
