/** Whether the signer's certificate is revoked, asked before the PIN is: nobody is kept from signing by a network that is not there. */
import { PkiError, type ValidationDataCollector } from '../pki/index.ts';
import type { Clock } from '../platform/clock.ts';
import { errorCode } from '../platform/error-code.ts';

export interface SignerStanding {
  readonly revocation: 'good' | 'revoked' | 'unknown';
  /** Set with `unknown`: why. */
  readonly code?: string;
  /** Epoch ms. */
  readonly revokedAt?: number;
}

export interface SignerCheck {
  /** Its kept answers serve. */
  readonly collector: ValidationDataCollector;
  readonly anchors: readonly Uint8Array[];
  readonly clock: Clock;
}

/** A person waits for it. */
const PATIENCE_MS = 4_000;

/** @throws the signal's reason */
export async function checkSigner(
  { collector, anchors, clock }: SignerCheck,
  { certificate, chain }: { readonly certificate: Uint8Array; readonly chain: readonly Uint8Array[] },
  signal?: AbortSignal,
): Promise<SignerStanding> {
  const patience = new AbortController();
  const waiting = clock.delay(PATIENCE_MS, patience.signal).then(
    () => patience.abort(new Error('patience')),
    () => undefined,
  );
  const until = signal ? AbortSignal.any([signal, patience.signal]) : patience.signal;
  try {
    const at = clock.now();
    const data = await collector.collect({ leaf: certificate, known: chain, anchors, at, signal: until });
    const revoked = data.standings.find(({ status }) => status.kind === 'revoked');
    if (revoked?.status.kind === 'revoked') return { revocation: 'revoked', revokedAt: revoked.status.at };
    const own = data.standings.find((one) => Buffer.compare(one.certificate, certificate) === 0);
    if (own?.status.kind === 'good') return { revocation: 'good' };
    const why = own?.status.kind === 'unknown' ? own.status.code : data.problems[0]?.code;
    return { revocation: 'unknown', code: why ?? 'no-source' };
  } catch (error) {
    signal?.throwIfAborted();
    if (patience.signal.aborted) return { revocation: 'unknown', code: 'timeout' };
    if (error instanceof PkiError) return { revocation: 'unknown', code: errorCode(error) };
    throw error;
  } finally {
    patience.abort();
    await waiting;
  }
}
