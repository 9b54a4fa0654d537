/** One go at signing: session, sealed PIN, batch, its progress as it comes. */
import { useCallback, useState } from 'react';
import type { CallInput } from '../../../preload/contract.ts';
import type { JobView } from '../../../preload/model.ts';
import { sealPin } from '../../../preload/seal-pin.ts';
import { ask, CallError } from '../../bridge.ts';
import { useBridge, useCall, useDeskEvent } from '../../desk.tsx';
import { withJob } from './job-steps.ts';

type Requests = CallInput<'signing.start'>['requests'];

export type SigningState =
  | { readonly kind: 'idle'; readonly code?: string }
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'running' | 'ended';
      readonly batchId: string;
      readonly jobs: JobView[];
      readonly stopped?: string;
    };

const POLL_MS = 1_000;

function codeOf(error: unknown): string {
  return error instanceof CallError ? error.code : 'internal';
}

interface Go {
  readonly tokenId: string;
  readonly identityId: string;
  readonly requests: Requests;
  /** UTF-8; zeroed whatever happens. Undefined where the token asks by itself. */
  readonly pin: Uint8Array<ArrayBuffer> | undefined;
}

export function useSigning() {
  const bridge = useBridge();
  const [state, setState] = useState<SigningState>({ kind: 'idle' });
  const batchId = state.kind === 'running' || state.kind === 'ended' ? state.batchId : undefined;

  const start = useCallback(
    async ({ tokenId, identityId, requests, pin }: Go) => {
      setState({ kind: 'starting' });
      try {
        const { sessionId, publicKey, needsPin } = await ask(bridge, 'tokens.session', { tokenId });
        if (needsPin && !pin) throw new CallError({ code: 'pin-needed', retryable: true, details: {} });
        const sealed = needsPin && pin ? { sealedPin: await sealPin(publicKey, sessionId, pin) } : {};
        const batch = await ask(bridge, 'signing.start', { sessionId, identityId, requests, ...sealed });
        setState({ kind: 'running', batchId: batch.batchId, jobs: batch.jobs });
      } catch (error) {
        setState({ kind: 'idle', code: codeOf(error) });
      } finally {
        pin?.fill(0);
      }
    },
    [bridge],
  );

  useDeskEvent('signing.progress', ({ batchId: id, job }) => {
    setState((now) => ('batchId' in now && now.batchId === id ? { ...now, jobs: withJob(now.jobs, job) } : now));
  });
  useBatchRead(batchId, state.kind === 'running', setState);

  const cancel = useCallback(() => {
    if (batchId !== undefined) void bridge.call('signing.cancel', { batchId });
  }, [bridge, batchId]);
  const reset = useCallback(() => setState({ kind: 'idle' }), []);
  return { state, start, cancel, reset };
}

/** The batch as the desk has it: read at its end, and now and then in between, so that a missed event costs nothing. */
function useBatchRead(
  batchId: string | undefined,
  running: boolean,
  setState: (change: (now: SigningState) => SigningState) => void,
) {
  const batch = useCall(
    'signing.batch',
    { batchId: batchId ?? '-' },
    { enabled: batchId !== undefined, ...(running ? { refetchMs: POLL_MS } : {}) },
  );
  const [read, setRead] = useState(batch.data);
  if (batch.data !== read) {
    setRead(batch.data);
    if (batch.data) {
      const { jobs, running: goesOn, stopped } = batch.data;
      setState((now) =>
        'batchId' in now && now.batchId === batchId
          ? {
              kind: goesOn ? now.kind : 'ended',
              batchId: now.batchId,
              jobs,
              ...(stopped === undefined ? {} : { stopped }),
            }
          : now,
      );
    }
  }
  useDeskEvent('signing.ended', ({ batchId: id }) => {
    if (id === batchId) void batch.refetch();
  });
}
