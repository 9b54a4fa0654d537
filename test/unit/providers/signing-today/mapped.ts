/** A DST of the wire as the provider maps it for me. */
import { toRemoteTransaction } from '../../../../main/providers/signing-today/mapping.ts';
import { dstSchema } from '../../../../main/providers/signing-today/schemas.ts';
import type { Transaction, TransactionDocument } from '../../../../preload/model.ts';
import { me, other, type Wire, wireDocument, wireDst } from './fixtures.ts';

const names: Record<string, string> = { [other]: 'Charles Babbage' };
export const nameOf = (userId: string) => names[userId] ?? '';

export function map(more: Wire): Omit<Transaction, 'id' | 'accountId'> {
  return toRemoteTransaction(dstSchema.parse(wireDst(more)), me, nameOf).transaction;
}

export function mapDocument(document: Wire, more: Wire = {}): TransactionDocument {
  const [mapped] = map({ documents: [wireDocument(document)], ...more }).documents;
  if (!mapped) throw new Error('no document');
  return mapped;
}
