/** One signed-in account at Signing Today: the provider port's session over the operations of this room. */
import type { Change, DeliveryMemo, Observation, ProviderSession } from '../provider.ts';
import { getDst } from './dsts.ts';
import type { HandInContext } from './hand-in.ts';
import { observeDecline, sendDecline } from './hand-in-decline.ts';
import { observeFill, sendFill } from './hand-in-fill.ts';
import { observeNote, sendNote } from './hand-in-note.ts';
import { observeSignature, sendSignature } from './hand-in-signature.ts';
import { createKnownHashes } from './known-hashes.ts';
import { toIdentity, toNote, toRemoteTransaction } from './mapping.ts';
import { listNotes } from './notes.ts';
import { pages } from './paging.ts';
import { createPeople } from './people.ts';
import type { RequestCore } from './request-core.ts';
import { downloadResource } from './resources.ts';
import type { Dst } from './schemas.ts';
import { listIdentities } from './users.ts';

export function createSession(core: RequestCore, userId: string): ProviderSession {
  const people = createPeople(core);
  const hashes = createKnownHashes();

  async function toRemote(dst: Dst, signal: AbortSignal | undefined) {
    people.learn(dst);
    await people.ask([dst.createdByUser], signal);
    return toRemoteTransaction(dst, userId, people.nameOf);
  }

  const context: HandInContext = { core, userId, hashes, toRemote };

  return {
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
    async identities(signal) {
      return (await listIdentities(core, userId, signal)).map(toIdentity);
    },
    async download(resourceId, signal) {
      return hashes.watch(resourceId, await downloadResource(core, resourceId, signal));
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
      }
    },
  };
}
