/** The time by a provider's clock: what it lets expire, it lets expire by that one. */
import { useCall } from '../../desk.tsx';

/** Epoch milliseconds; ours as long as its answers have not said. */
export function useProviderNow(accountId: string | undefined): number {
  const { data } = useCall('sync.status', {});
  const skewMs = data?.accounts.find((account) => account.accountId === accountId)?.clockSkewMs ?? 0;
  return Date.now() + skewMs;
}
