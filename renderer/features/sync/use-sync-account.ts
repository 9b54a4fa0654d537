/** Reads one account now: it was just signed in to. */
import { useCallMutation } from '../../desk.tsx';

export function useSyncAccount(): (accountId: string) => void {
  const sync = useCallMutation('sync.now', ['sync.status', 'inbox.list', 'inbox.show']);
  return (accountId) => sync.mutate({ accountId });
}
