/** One signed-in account at Signing Today: the provider port's session over the operations of this room. */
import type { Change, DeliveryMemo, Observation, ProviderSession, RemoteNotification } from '../provider.ts';
import { createAdministration } from './administration.ts';
import { createAppearances } from './appearances.ts';
import { createDeviceRegistry } from './device-registry.ts';
import { getDst } from './dsts.ts';
import type { HandInContext } from './hand-in.ts';
import { observeDecline, sendDecline } from './hand-in-decline.ts';
import { observeFill, sendFill } from './hand-in-fill.ts';
import { observeKnownNote, observeNote, sendKnownNote, sendNote } from './hand-in-note.ts';
import {
  observeCleared,
  observePublished,
  observeRevoked,
  sendCleared,
  sendPublished,
  sendRevoked,
} from './hand-in-others.ts';
import { observeSignature, sendSignature } from './hand-in-signature.ts';
import { createKnownHashes } from './known-hashes.ts';
import { toIdentity, toNote, toNotification, toRemoteTransaction } from './mapping.ts';
import { listNotes } from './notes.ts';
import { listNotifications } from './notifications.ts';
import { pages } from './paging.ts';
import { createPeople } from './people.ts';
import { createPrepare } from './prepare.ts';
import { createRobots } from './prepare-robots.ts';
import type { RequestCore } from './request-core.ts';
import { downloadResource } from './resources.ts';
import type { Dst } from './schemas.ts';
import { logOut } from './services.ts';
import { listIdentities } from './users.ts';

/** The newest ones; a service that never forgets any is not followed to its beginning. */
const NOTIFICATIONS_KEPT = 200;

/** @param open the same service with nobody signed in */
export function createSession(core: RequestCore, open: RequestCore, userId: string): ProviderSession {
  const people = createPeople(core);
  const hashes = createKnownHashes();

  async function toRemote(dst: Dst, signal: AbortSignal | undefined) {
    people.learn(dst);
    await people.ask([dst.createdByUser], signal);
    return toRemoteTransaction(dst, userId, people.nameOf);
  }

  const context: HandInContext = { core, userId, hashes, toRemote };

  return {
    prepare: createPrepare(core, userId),
    robots: createRobots(core),
    appearances: createAppearances(core, userId),
    administration: createAdministration(core, open, userId),
    transactions: (options) => pages(core, people, userId, options),
    async transaction(remoteId, signal) {
      return toRemote((await getDst(core, remoteId, signal)).dst, signal);
    },
    async notes(remoteId, signal) {
      const notes = await listNotes(core, remoteId, signal);
      await people.ask(
        notes.map((note) => note.userId),
        signal,
      );
      return notes.map((note) => toNote(note, userId, people.nameOf));
    },
    async notifications(signal) {
      const found: RemoteNotification[] = [];
      for await (const item of listNotifications(core, signal)) {
        const notification = toNotification(item);
        if (notification) found.push(notification);
        if (found.length === NOTIFICATIONS_KEPT) break;
      }
      return found;
    },
    devices: createDeviceRegistry(core, open),
    signOut: (signal) => logOut(core, signal),
    clockSkewMs: () => core.clockSkewMs(),
    async identities(signal) {
      return (await listIdentities(core, userId, signal)).map(toIdentity);
    },
    async download(resourceId, signal) {
      return hashes.watch(resourceId, await downloadResource(core, resourceId, { signal }));
    },
    async observe(change: Change, memo: DeliveryMemo | undefined, signal): Promise<Observation> {
      switch (change.kind) {
        case 'signature':
          return observeSignature(context, change, memo, signal);
        case 'decline':
          return observeDecline(context, change, signal);
        case 'fill':
          return observeFill(context, change, signal);
        case 'note-added':
          return observeNote(context, change, memo, people.nameOf, signal);
        case 'note-edited':
        case 'note-deleted':
          return observeKnownNote(context, change, signal);
        case 'notification-cleared':
          return observeCleared(context, change, signal);
        case 'device-revoked':
          return observeRevoked(context, change, signal);
        case 'published':
          return observePublished(context, change, signal);
      }
    },
    async send(change, memo, content, saveMemo, signal) {
      switch (change.kind) {
        case 'signature':
          return sendSignature(context, change, memo, content, saveMemo, signal);
        case 'decline':
          return sendDecline(context, change, signal);
        case 'fill':
          return sendFill(context, change, signal);
        case 'note-added':
          return sendNote(context, change, signal);
        case 'note-edited':
        case 'note-deleted':
          return sendKnownNote(context, change, signal);
        case 'notification-cleared':
          return sendCleared(context, change, signal);
        case 'device-revoked':
          return sendRevoked(context, change, signal);
        case 'published':
          return sendPublished(context, change, signal);
      }
    },
  };
}
