/** One go at signing: session, sealed PIN, batch, its progress as it comes. */
import { useCallback, useEffect, useState } from 'react';
import type { CallInput } from '../../../preload/contract.ts';
import type { BatchChoices } from '../../../preload/model.ts';
import { sealPin } from '../../../preload/seal-pin.ts';
import { ask, type Bridge, CallError } from '../../bridge.ts';
import { useBridge } from '../../desk.tsx';
import { fileRow, jobRow, type ProgressRow, withRow } from './job-steps.ts';

export type SigningState =
  | { readonly kind: 'idle'; readonly code?: string }
  | { readonly kind: 'starting' }
  | {
      readonly kind: 'running' | 'ended';
      readonly batchId: string;
      readonly rows: ProgressRow[];
      readonly stopped?: string;
      /** The identity whose card the rest waits for: with it the same batch goes on. */
      readonly waitsFor?: string;
      /** Why going on did not begin. */
      readonly code?: string;
    };

interface BatchRead {
  readonly rows: ProgressRow[];
  readonly running: boolean;
  readonly stopped?: string | undefined;
  readonly waitsFor?: string | undefined;
}

type Session = Pick<CallInput<'signing.start'>, 'sessionId' | 'identityId' | 'sealedPin' | 'choices'>;
type Login = Pick<Session, 'sessionId' | 'sealedPin'>;

/** What is signed: requests of the inbox, or files of one's own. */
export interface BatchKind<Order> {
  start(
    bridge: Bridge,
    session: Session,
    order: Order,
  ): Promise<{ readonly batchId: string; readonly rows: ProgressRow[] }>;
  /** Goes on with what waits for its card; a kind without it is started anew. */
  resume?(bridge: Bridge, batchId: string, login: Login): Promise<ProgressRow[]>;
  read(bridge: Bridge, batchId: string): Promise<BatchRead>;
  cancel(bridge: Bridge, batchId: string): void;
  listen(
    bridge: Bridge,
    onRow: (batchId: string, row: ProgressRow) => void,
    onEnded: (batchId: string) => void,
  ): (() => void)[];
}

export type RequestOrder = Pick<CallInput<'signing.start'>, 'requests' | 'statements'>;

export const requestBatch: BatchKind<RequestOrder> = {
  async start(bridge, session, order) {
    const { batchId, jobs } = await ask(bridge, 'signing.start', { ...session, ...order });
    return { batchId, rows: jobs.map(jobRow) };
  },
  async resume(bridge, batchId, login) {
    const { jobs } = await ask(bridge, 'signing.resume', { batchId, ...login });
    return jobs.map(jobRow);
  },
  async read(bridge, batchId) {
    const { jobs, ...rest } = await ask(bridge, 'signing.batch', { batchId });
    return { ...rest, rows: jobs.map(jobRow) };
  },
  cancel: (bridge, batchId) => void bridge.call('signing.cancel', { batchId }),
  listen: (bridge, onRow, onEnded) => [
    bridge.on('signing.progress', ({ batchId, job }) => onRow(batchId, jobRow(job))),
    bridge.on('signing.ended', ({ batchId }) => onEnded(batchId)),
  ],
};

export type FileOrder = Pick<
  CallInput<'files.sign'>,
  'files' | 'folderId' | 'certify' | 'cades' | 'rewrite' | 'statements'
>;

export const fileBatch: BatchKind<FileOrder> = {
  async start(bridge, session, order) {
    const { batchId } = await ask(bridge, 'files.sign', { ...session, ...order });
    return { batchId, rows: (await ask(bridge, 'files.batch', { batchId })).results.map(fileRow) };
  },
  async read(bridge, batchId) {
    const { results, ...rest } = await ask(bridge, 'files.batch', { batchId });
    return { ...rest, rows: results.map(fileRow) };
  },
  cancel: (bridge, batchId) => void bridge.call('files.cancel', { batchId }),
  listen: (bridge, onRow, onEnded) => [
    bridge.on('files.progress', ({ batchId, result }) => onRow(batchId, fileRow(result))),
    bridge.on('files.ended', ({ batchId }) => onEnded(batchId)),
  ],
};

const POLL_MS = 1_000;

export function codeOf(error: unknown): string {
  return error instanceof CallError ? error.code : 'internal';
}

/** A card and its PIN. */
export interface CardPin {
  readonly tokenId: string;
  /** UTF-8; zeroed whatever happens. Undefined where the token asks by itself. */
  readonly pin: Uint8Array<ArrayBuffer> | undefined;
}

export interface Signer extends CardPin {
  readonly identityId: string;
  readonly choices: BatchChoices;
}

/** Opens a session on the token and seals the PIN to it, where one is needed. @throws CallError */
async function logIn(bridge: Bridge, { tokenId, pin }: CardPin): Promise<Login> {
  const { sessionId, publicKey, needsPin } = await ask(bridge, 'tokens.session', { tokenId });
  if (needsPin && !pin) throw new CallError({ code: 'pin-needed', retryable: true, details: {} });
  return { sessionId, ...(needsPin && pin ? { sealedPin: await sealPin(publicKey, sessionId, pin) } : {}) };
}

export function useSigning<Order>(kind: BatchKind<Order>) {
  const bridge = useBridge();
  const [state, setState] = useState<SigningState>({ kind: 'idle' });
  const batchId = 'batchId' in state ? state.batchId : undefined;
  const running = state.kind === 'running';

  const start = useCallback(
    async (signer: Signer, order: Order) => {
      setState({ kind: 'starting' });
      try {
        const { identityId, choices } = signer;
        const session = { ...(await logIn(bridge, signer)), identityId, choices };
        setState({ kind: 'running', ...(await kind.start(bridge, session, order)) });
      } catch (error) {
        setState({ kind: 'idle', code: codeOf(error) });
      } finally {
        signer.pin?.fill(0);
      }
    },
    [bridge, kind],
  );

  const resume = useCallback(
    async (card: CardPin) => {
      try {
        if (batchId === undefined || !kind.resume) return;
        const rows = await kind.resume(bridge, batchId, await logIn(bridge, card));
        setState({ kind: 'running', batchId, rows });
      } catch (error) {
        setState((now) => ('batchId' in now ? { ...now, code: codeOf(error) } : now));
      } finally {
        card.pin?.fill(0);
      }
    },
    [bridge, kind, batchId],
  );

  // The batch as the desk has it: read at its end, and now and then in between, so that a missed event costs nothing.
  const read = useCallback(async () => {
    if (batchId === undefined) return;
    const batch = await kind.read(bridge, batchId).catch(() => undefined);
    if (!batch) return;
    const { rows, running: goesOn, stopped, waitsFor } = batch;
    const end = { ...(stopped === undefined ? {} : { stopped }), ...(waitsFor === undefined ? {} : { waitsFor }) };
    setState((now) =>
      'batchId' in now && now.batchId === batchId ? { kind: goesOn ? now.kind : 'ended', batchId, rows, ...end } : now,
    );
  }, [bridge, kind, batchId]);
  useEffect(() => {
    const offs = kind.listen(
      bridge,
      (id, row) =>
        setState((now) => ('batchId' in now && now.batchId === id ? { ...now, rows: withRow(now.rows, row) } : now)),
      (id) => {
        if (id === batchId) void read();
      },
    );
    return () => {
      for (const off of offs) off();
    };
  }, [bridge, kind, batchId, read]);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => void read(), POLL_MS);
    return () => clearInterval(timer);
  }, [running, read]);

  const cancel = useCallback(() => {
    if (batchId !== undefined) kind.cancel(bridge, batchId);
  }, [bridge, kind, batchId]);
  const reset = useCallback(() => setState({ kind: 'idle' }), []);
  return { state, start, resume, cancel, reset };
}
