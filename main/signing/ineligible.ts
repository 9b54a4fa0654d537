/** Which identities the senders' restrictions keep from which requests, to be shown before anybody is asked for a PIN. */
import type { Store } from '../store/store.ts';
import type { Tokens } from '../tokens/tokens.ts';
import type { ChosenRequest } from './planning.ts';
import { type UnmetRestriction, unmetRestriction } from './restrictions.ts';

/** An identity that may not sign a request, and the sender's rule that says so. */
export interface Ineligible extends UnmetRestriction {
  readonly identityId: string;
  readonly transactionId: string;
  readonly documentId: string;
  readonly signatureRequestId: string;
}

/** Of the identities as last listed; one that is not known is kept from every restricted request. */
export async function findIneligible(
  { store, tokens }: { readonly store: Pick<Store, 'transaction'>; readonly tokens: Pick<Tokens, 'certificateOf'> },
  identityIds: readonly string[],
  requests: readonly Omit<ChosenRequest, 'reviewedSha256'>[],
): Promise<Ineligible[]> {
  const found: Ineligible[] = [];
  for (const { transactionId, documentId, signatureRequestId } of requests) {
    const transaction = await store.transaction(transactionId);
    const document = transaction?.documents.find(({ id }) => id === documentId);
    const restrictions = document?.signatureRequests.find(({ id }) => id === signatureRequestId)?.restrictions ?? [];
    for (const identityId of restrictions.length > 0 ? identityIds : []) {
      const unmet = unmetRestriction(tokens.certificateOf(identityId)?.certificate, restrictions);
      if (unmet) found.push({ ...unmet, identityId, transactionId, documentId, signatureRequestId });
    }
  }
  return found;
}
