/** Operations on notifications: what happened to DSTs since one looked, and the push tokens of one's devices. */
import { z } from 'zod';
import { listItems } from './list-items.ts';
import { pathOf, type RequestCore } from './request-core.ts';
import { id, maybe, timestamp } from './schema-parts.ts';

/** The vendor's own sample has neither id nor event. */
const notificationSchema = z.looseObject({
  id: maybe(id),
  time: maybe(timestamp),
  dstId: maybe(id),
  dstTitle: maybe(z.string()),
  username: maybe(z.string()),
  event: maybe(z.string()),
});
export type DstNotification = z.infer<typeof notificationSchema>;

const keyOf = (item: DstNotification) => item.id ?? JSON.stringify(item);

/** GET /notifications/dsts: newest first. */
export function listNotifications(core: RequestCore, signal?: AbortSignal): AsyncIterable<DstNotification> {
  return listItems(core, pathOf('notifications', 'dsts'), notificationSchema, keyOf, { signal });
}

/** DELETE /notifications/dst/{id}: all of a DST's are read. */
export async function clearNotifications(core: RequestCore, dstId: string, signal?: AbortSignal): Promise<void> {
  await core.nothing({ method: 'DELETE', path: pathOf('notifications', 'dst', dstId), signal });
}

const pushPath = pathOf('notifications', 'push-token');

/** POST /notifications/push-token. @throws ProviderError stale (409) where the device is not trusted */
export async function registerPushToken(
  core: RequestCore,
  push: { deviceId: string; token: string },
  signal?: AbortSignal,
): Promise<void> {
  await core.nothing({ method: 'POST', path: pushPath, json: push, signal });
}

/** DELETE /notifications/push-token; one that is not there is no error. */
export async function clearPushToken(core: RequestCore, deviceId: string, signal?: AbortSignal): Promise<void> {
  await core.nothing({ method: 'DELETE', path: pushPath, query: [['deviceId', deviceId]], signal });
}
