/** What is handed in besides signatures, declines, texts and notes: notifications read, a device revoked, a draft published. */
import type { Change, Observation } from '../provider.ts';
import { listDevices, revokeDevice } from './devices.ts';
import { publishDst } from './dst-workflow.ts';
import { conflict, type HandInContext, readForChange } from './hand-in.ts';
import { clearNotifications, listNotifications } from './notifications.ts';

type Cleared = Extract<Change, { kind: 'notification-cleared' }>;
type Revoked = Extract<Change, { kind: 'device-revoked' }>;
type Published = Extract<Change, { kind: 'published' }>;

const open: Observation = { kind: 'not-applied', memo: {} };

/** Done where none of those that were known here is there any more. */
export async function observeCleared(
  context: HandInContext,
  change: Cleared,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  for await (const { id, dstId } of listNotifications(context.core, signal)) {
    if (dstId === change.remoteId && id !== undefined && change.ids.includes(id)) return open;
  }
  return { kind: 'applied' };
}

export function sendCleared(context: HandInContext, change: Cleared, signal: AbortSignal | undefined): Promise<void> {
  return clearNotifications(context.core, change.remoteId, signal);
}

export async function observeRevoked(
  context: HandInContext,
  change: Revoked,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const devices = await listDevices(context.core, { signal });
  return devices.some(({ deviceId }) => deviceId === change.remoteId) ? open : { kind: 'applied' };
}

export function sendRevoked(context: HandInContext, change: Revoked, signal: AbortSignal | undefined): Promise<void> {
  return revokeDevice(context.core, change.remoteId, { signal });
}

/** A draft that is none any more has been published, by whomever. */
export async function observePublished(
  context: HandInContext,
  change: Published,
  signal: AbortSignal | undefined,
): Promise<Observation> {
  const record = await readForChange(context, change.remoteId, signal);
  if (typeof record === 'string') return conflict(record);
  const { dst } = record;
  if (dst.deletedAt !== undefined) return conflict('deleted');
  if (dst.replacedBy !== undefined) return conflict('replaced');
  if (dst.status === 'draft' || dst.status === 'downloadingInDraft') return open;
  return { kind: 'applied', remoteTransaction: await context.toRemote(dst, signal) };
}

export async function sendPublished(
  context: HandInContext,
  change: Published,
  signal: AbortSignal | undefined,
): Promise<void> {
  await publishDst(context.core, change.remoteId, signal);
}
