import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toArray } from '../../../../main/providers/signing-today/list-items.ts';
import { clearNotifications, listNotifications } from '../../../../main/providers/signing-today/notifications.ts';
import type { RequestCore } from '../../../../main/providers/signing-today/request-core.ts';
import type { Dst, SeedDocument, SeedDst } from '../../../sandbox/signing-today/index.ts';
import { first, signedFrom, somePdf } from '../world.ts';
import { type Organisation, openOrganisation } from './organisation.ts';

let org: Organisation;
beforeEach(async () => {
  org = await openOrganisation();
});
afterEach(() => org.close());

const minute = 60_000;
const events = async (core: RequestCore) => (await toArray(listNotifications(core))).map(({ event }) => event);

function addDst(document: Partial<SeedDocument> = {}, more: Partial<SeedDst> = {}): Promise<Dst> {
  const { signer, instructor } = org.users;
  return org.state.addDst({
    title: 'Lease',
    createdBy: instructor.id,
    documents: [
      {
        title: 'lease',
        pdf: somePdf(),
        signatureRequests: [{ signer: signer.id, declinable: true }],
        signerGroups: [[signer.id]],
        ...document,
      },
    ],
    ...more,
  });
}

async function sign(dst: Dst, userId: string, index = 0): Promise<void> {
  const document = first(dst.documents);
  const request = document.signatureRequests[index];
  if (!request) throw new Error('no such request');
  const signed = signedFrom(await org.state.currentBytes(dst.id, document.id));
  await org.state.sign(dst.id, { userId, documentId: document.id, signatureRequestId: request.id, signed });
}

describe('notifications', () => {
  it('tell a signer of what is published and what to sign, with the DST they are about', async () => {
    const dst = await addDst();
    const told = await toArray(listNotifications(org.as.signer));
    expect(told.map(({ event }) => event).sort()).toEqual(['dst_alert_sign', 'dst_status_published']);
    expect(told).toMatchObject([{ dstId: dst.id, dstTitle: 'Lease', time: org.clock.now(), username: 'signer' }, {}]);
    expect(await events(org.as.admin)).toEqual([]);
    expect(await events(org.as.instructor), 'its maker did it').toEqual([]);
  });

  it('tell each group when its turn has come, and all when it is signed', async () => {
    const { signer, instructor } = org.users;
    const dst = await addDst({
      signatureRequests: [{ signer: signer.id }, { signer: instructor.id }],
      signerGroups: [[signer.id], [instructor.id]],
    });
    expect(await events(org.as.instructor)).toEqual([]);
    org.advance(minute);
    await sign(dst, signer.id);
    expect(await events(org.as.instructor)).toEqual(['dst_alert_sign']);
    org.advance(minute);
    await sign(dst, instructor.id, 1);
    expect(first(await events(org.as.signer))).toBe('dst_status_signed');
  });

  it('tell who has something to fill first', async () => {
    const { signer } = org.users;
    const place = { page: 1, positionX: 10, positionY: 10, width: 20, height: 5 };
    await addDst({ forms: [{ type: 'TextForm', signer: signer.id, ...place }] });
    expect((await events(org.as.signer)).sort()).toEqual(['dst_alert_fill', 'dst_status_published']);
  });

  it('tell the others of a note, a decline, an expiry and an error, newest first', async () => {
    const { signer } = org.users;
    const declined = await addDst();
    const document = first(declined.documents);
    await org.state.addNote(declined.id, { userId: signer.id, text: 'Why?' });
    org.advance(minute);
    const request = first(document.signatureRequests).id;
    const entry = { documentId: document.id, signatureRequestId: request, reason: 'No' };
    await org.state.decline(declined.id, { userId: signer.id, ...entry });
    expect(await events(org.as.instructor)).toEqual(['dst_status_rejected', 'dst_alert_note_added']);
    await addDst({}, { expiresAt: org.clock.now() + minute });
    org.advance(2 * minute);
    expect(first(await events(org.as.instructor))).toBe('dst_status_expired');
    org.advance(minute);
    await addDst({}, { errorMessage: 'It broke' });
    expect(first(await events(org.as.instructor))).toBe('dst_status_error');
  });

  it('are kept from drafts', async () => {
    await addDst({}, { publish: false });
    expect(await events(org.as.signer)).toEqual([]);
  });

  it('reach those in copy, by name and by group', async () => {
    const group = { id: 1, name: 'Archive', domain: 'demo' };
    org.state.addUser({ username: 'clerk', password: 'clerk-password', name: 'C', surname: 'L', groups: [group] });
    await addDst({}, { ccUsers: [org.users.admin.id], ccGroups: ['Archive'] });
    expect(await events(org.as.admin)).toEqual(['dst_status_published']);
    expect(await events(await org.signIn('clerk', 'clerk-password'))).toEqual(['dst_status_published']);
  });

  it('are cleared for one person and one DST, and stay cleared', async () => {
    const [one, other] = [await addDst(), await addDst()];
    await clearNotifications(org.as.signer, one.id);
    const left = await toArray(listNotifications(org.as.signer));
    expect(new Set(left.map(({ dstId }) => dstId))).toEqual(new Set([other.id]));
    await clearNotifications(org.as.signer, one.id);
    await clearNotifications(org.as.signer, '00000000-0000-4000-8000-000000000000');
    expect(org.state.effects({ kind: 'notifications-cleared' })).toHaveLength(1);
    await org.state.addNote(one.id, { userId: org.users.instructor.id, text: 'More' });
    expect((await events(org.as.signer)).filter((event) => event === 'dst_alert_note_added')).toHaveLength(1);
  });

  it('come page by page', async () => {
    for (let i = 0; i < 60; i += 1) await addDst();
    expect(await toArray(listNotifications(org.as.signer))).toHaveLength(120);
    expect(org.server.requests.filter(({ path }) => path === '/notifications/dsts')).toHaveLength(2);
  });
});
