/** Gathers what is to be signed: my ready requests of the chosen transactions, each with the bytes that stand for it now. */
import { useEffect, useState } from 'react';
import { ask, type Bridge, CallError } from '../../bridge.ts';
import { useBridge } from '../../desk.tsx';
import { type ChosenRequest, type LeftOut, requestsToSign } from './requests.ts';

export interface Chosen {
  readonly requests: readonly ChosenRequest[];
  readonly leftOut: readonly LeftOut[];
}

const codeOf = (error: unknown) => (error instanceof CallError ? error.code : 'internal');

async function gatherOne(bridge: Bridge, transactionId: string): Promise<Chosen> {
  const requests: ChosenRequest[] = [];
  const leftOut: LeftOut[] = [];
  try {
    const { transaction } = await ask(bridge, 'inbox.show', { transactionId });
    const found = requestsToSign(transaction);
    if (found.length === 0) leftOut.push({ title: transaction.title, code: 'nothing-to-sign' });
    for (const { request, document } of found) {
      const title = transaction.documents.length > 1 ? `${transaction.title}: ${document.title}` : transaction.title;
      try {
        const { sha256 } = await ask(bridge, 'documents.open', { transactionId, documentId: document.id });
        requests.push({
          transactionId,
          documentId: document.id,
          signatureRequestId: request.id,
          reviewedSha256: sha256,
          title,
          reason: request.reason,
          withTimestamp: request.withTimestamp,
          profile: request.profile,
        });
      } catch (error) {
        leftOut.push({ title, code: codeOf(error) });
      }
    }
  } catch (error) {
    leftOut.push({ title: transactionId, code: codeOf(error) });
  }
  return { requests, leftOut };
}

/** Undefined while it gathers; gathers anew for every `round`. */
export function useChosenRequests(transactionIds: readonly string[], round: number): Chosen | undefined {
  const bridge = useBridge();
  const [chosen, setChosen] = useState<{ readonly round: number; readonly found: Chosen }>();
  useEffect(() => {
    let wanted = true;
    const gather = async () => {
      const requests: ChosenRequest[] = [];
      const leftOut: LeftOut[] = [];
      for (const id of transactionIds) {
        if (!wanted) return;
        const one = await gatherOne(bridge, id);
        requests.push(...one.requests);
        leftOut.push(...one.leftOut);
      }
      if (wanted) setChosen({ round, found: { requests, leftOut } });
    };
    void gather();
    return () => {
      wanted = false;
    };
  }, [bridge, transactionIds, round]);
  return chosen?.round === round ? chosen.found : undefined;
}
