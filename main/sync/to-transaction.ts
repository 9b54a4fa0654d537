/** A pulled transaction with its local ids. */
import type { Transaction } from '../../preload/model.ts';
import type { RemoteTransaction } from '../providers/provider.ts';

export function toTransaction(accountId: string, { transaction }: RemoteTransaction): Transaction {
  return { ...transaction, id: `${accountId}:${transaction.remoteId}`, accountId };
}
