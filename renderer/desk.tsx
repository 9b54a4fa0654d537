/** The desk as React sees it: the bridge in a context, calls as queries and mutations, events as refreshes. */
import {
  keepPreviousData,
  QueryClient,
  type UseMutationResult,
  type UseQueryResult,
  useIsMutating,
  useMutation,
  useQueries,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useEffectEvent } from 'react';
import type { CallInput, CallName, CallOutput, EventName, EventPayload } from '../preload/contract.ts';
import { ask, type Bridge, type CallError } from './bridge.ts';

const BridgeContext = createContext<Bridge | undefined>(undefined);

export function BridgeProvider({ bridge, children }: { bridge: Bridge; children: ReactNode }) {
  return <BridgeContext value={bridge}>{children}</BridgeContext>;
}

export function useBridge(): Bridge {
  const bridge = use(BridgeContext);
  if (!bridge) throw new Error('no bridge above this component');
  return bridge;
}

/** Calls go to the desk on this machine: whether the network is up is the desk's business, not the query client's. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { networkMode: 'always', retry: false, staleTime: 30_000, refetchOnWindowFocus: false },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

interface CallOptions {
  readonly enabled?: boolean;
  /** Show the last answer of another input until this one's is there. */
  readonly keepPrevious?: boolean;
  readonly refetchMs?: number;
  /** Asked anew each time somebody begins to look. */
  readonly fresh?: boolean;
  /** What the answer is of, where the input does not say: of other bytes it is another answer. */
  readonly of?: string | undefined;
}

/** The query key of a call: its name, then its input. */
export function callKey<N extends CallName>(name: N, input: CallInput<N>) {
  return [name, input] as const;
}

export function useCall<N extends CallName>(
  name: N,
  input: CallInput<N>,
  { enabled = true, keepPrevious = false, refetchMs, fresh = false, of }: CallOptions = {},
): UseQueryResult<CallOutput<N>, CallError> {
  const bridge = useBridge();
  return useQuery<CallOutput<N>, CallError>({
    ...queryOf(bridge, name, input),
    ...(of === undefined ? {} : { queryKey: [...callKey(name, input), of] }),
    enabled,
    ...(keepPrevious ? { placeholderData: keepPreviousData as never } : {}),
    ...(refetchMs === undefined ? {} : { refetchInterval: refetchMs }),
    ...(fresh ? { gcTime: 0 } : {}),
  });
}

/** How a call is asked for and kept, alone or among others. */
function queryOf<N extends CallName>(bridge: Bridge, name: N, input: CallInput<N>) {
  return { queryKey: callKey(name, input), queryFn: (): Promise<CallOutput<N>> => ask(bridge, name, input) };
}

/** The same call for many inputs, in their order: undefined where there is no answer yet, or none to be had. */
export function useCalls<N extends CallName>(
  name: N,
  inputs: readonly CallInput<N>[],
): readonly (CallOutput<N> | undefined)[] {
  const bridge = useBridge();
  const queries = inputs.map((input) => queryOf<CallName>(bridge, name, input));
  return useQueries({ queries }).map(({ data }) => data as CallOutput<N> | undefined);
}

/**
 * A call made by hand; `refreshes` names the calls whose answers it makes stale. `onDone` runs even where the component that
 * asked is gone by then, which a fresh answer may bring about.
 */
export function useCallMutation<N extends CallName>(
  name: N,
  refreshes: readonly CallName[],
  onDone?: (value: CallOutput<N>) => void,
): UseMutationResult<CallOutput<N>, CallError, CallInput<N>> {
  const bridge = useBridge();
  const client = useQueryClient();
  return useMutation<CallOutput<N>, CallError, CallInput<N>>({
    mutationKey: [name],
    mutationFn: (input) => ask(bridge, name, input),
    ...(onDone ? { onSuccess: onDone } : {}),
    onSettled: () => Promise.all(refreshes.map((call) => client.invalidateQueries({ queryKey: [call] }))),
  });
}

/** Makes the answers of the named calls stale, for what was asked for by other means than useCallMutation. */
export function useRefresh(): (calls: readonly CallName[]) => void {
  const client = useQueryClient();
  return (calls) => {
    for (const call of calls) void client.invalidateQueries({ queryKey: [call] });
  };
}

/** True while the call is under way anywhere in the window. */
export function useIsCalling(name: CallName): boolean {
  return useIsMutating({ mutationKey: [name] }) > 0;
}

/** Hears one event of the desk while the component is there. */
export function useDeskEvent<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): void {
  const bridge = useBridge();
  const hear = useEffectEvent(listener);
  useEffect(() => bridge.on(name, (payload) => hear(payload)), [bridge, name]);
}

/** A batch changes many rows in a moment: what they make stale is asked for once. */
const REFRESH_MS = 80;

const lists = [
  'inbox.list',
  'inbox.show',
  'inbox.tags',
  'inbox.accounts',
  'accounts.list',
  'notifications.list',
] as const;
const work = ['sync.status', 'outbox.list', 'activity.list', 'conflicts.list'] as const;

/** Keeps every answer fresh as the desk says what changed, from before the first is asked for until the window is gone. */
export function followDesk(bridge: Bridge, client: QueryClient): void {
  const stale = new Set<CallName>();
  const refreshAll = () => {
    for (const call of stale) void client.invalidateQueries({ queryKey: [call] });
    stale.clear();
  };
  const refresh = (calls: readonly CallName[]) => {
    if (stale.size === 0) setTimeout(refreshAll, REFRESH_MS);
    for (const call of calls) stale.add(call);
  };
  bridge.on('inbox.changed', () => refresh([...lists, 'documents.open']));
  bridge.on('sync.changed', () => refresh([...lists, ...work]));
  bridge.on('settings.changed', (settings) => client.setQueryData(callKey('settings.get', {}), settings));
  bridge.on('tokens.changed', () => refresh(['tokens.diagnose', 'tokens.list']));
  bridge.on('signing.ended', () => refresh(['inbox.list', 'inbox.show']));
}

/** Asks ahead: who needs the answer later finds it there, or on its way. */
export function askAhead<N extends CallName>(bridge: Bridge, client: QueryClient, name: N, input: CallInput<N>): void {
  void client.prefetchQuery(queryOf(bridge, name, input));
}
