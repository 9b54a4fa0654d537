import { beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../main/platform/clock.ts';
import { type DemoManifest, demoManifest, seedDemoInbox } from '../../sandbox/demo-inbox.ts';
import { createPki, issueSigner, type Pki } from '../../sandbox/pki/index.ts';
import { makeSamples, type SampleName } from '../../sandbox/samples/index.ts';
import { createSigningTodayState, type Dst, type SigningTodayState } from '../../sandbox/signing-today/index.ts';
import { isSigned, isTurn, signerOf, unfilledForms } from '../../sandbox/signing-today/signing-order.ts';

const now = Date.UTC(2026, 5, 1, 12);
const token = {
  serialNumber: '0123456789abcdef',
  manufacturerId: 'SoftHSM project',
  model: 'SoftHSM v2',
  tokenLabel: 'Card',
};

describe('the demo inbox', () => {
  let pki: Pki;
  let state: SigningTodayState;
  let manifest: DemoManifest;
  let myId: string;

  beforeAll(async () => {
    pki = await createPki({ now });
    await issueSigner(pki, { name: 'me-rsa', commonName: 'Marta Kalnina', keyType: 'rsa-2048' });
    const clock = { ...systemClock, now: () => now };
    state = createSigningTodayState({ clock });
    const me = { username: 'marta', password: 'x', name: 'Marta', surname: 'Kalnina' };
    manifest = await seedDemoInbox(state, { pki, samples: await makeSamples(pki), me, token, clock });
    myId = state.ledger.directory.users.find(({ user }) => user.username === 'marta')?.user.id ?? '';
  });

  const entry = (title: string) => {
    const found = manifest.find((each) => each.title === title);
    if (!found) throw new Error(`no entry ${title}`);
    return found;
  };
  const dstOf = (title: string) => state.dst(entry(title).dstId);
  const myReadyRequests = (dst: Dst) =>
    dst.documents.flatMap((document) =>
      document.signatureRequests.filter(
        (request) =>
          signerOf(document, request.signerId)?.userUUID === myId &&
          isTurn(dst, document, request) &&
          !isSigned(dst, document, request),
      ),
    );
  const myOpenTexts = (dst: Dst) =>
    dst.documents.flatMap((document) =>
      unfilledForms(document).filter((form) => signerOf(document, form.signerId)?.userUUID === myId),
    );

  it('has each transaction once in its manifest, which survives being stored', () => {
    expect(manifest.map(({ dstId }) => dstId).sort()).toEqual(
      state
        .dsts()
        .map(({ id }) => id)
        .sort(),
    );
    expect(new Set(manifest.map(({ title }) => title)).size).toBe(manifest.length);
    expect(demoManifest.parse(JSON.parse(JSON.stringify(manifest)))).toEqual(manifest);
  });

  it('asks me to sign every sample', () => {
    const samples = new Set(manifest.filter(({ action }) => action.endsWith('sign')).map(({ sample }) => sample));
    const all: SampleName[] = [
      'classic-xref',
      'object-streams',
      'rotated-pages',
      'crop-box',
      'empty-field',
      'signed-by-other',
      'three-hundred-pages',
      'twenty-megabytes',
      'text-forms',
      'incremental-update',
      'hybrid-xref',
      'non-latin',
    ];
    expect([...samples].sort()).toEqual([...all].sort());
  });

  it('is in the states its manifest says', () => {
    for (const { dstId, action, title } of manifest) {
      const dst = state.dst(dstId);
      const live = dst.status === 'toSign' || dst.status === 'toFill';
      const actual = {
        'fill+sign': dst.status === 'toFill' && myOpenTexts(dst).length > 0,
        sign: dst.status === 'toSign' && myReadyRequests(dst).length > 0,
        decline: dst.status === 'toSign' && myReadyRequests(dst).some(({ declinable }) => declinable),
        wait: live && (dst.status === 'toFill' ? myOpenTexts(dst).length === 0 : myReadyRequests(dst).length === 0),
        none: !live,
      }[action];
      expect(actual, `${title}: ${action} in ${dst.status}`).toBe(true);
    }
  });

  it('has a transaction in every state a person meets', () => {
    const states = new Set(state.dsts().map(({ status }) => status));
    expect(states).toEqual(new Set(['toSign', 'toFill', 'signed', 'rejected', 'expired', 'draft', 'error']));
  });

  it('has two requests of mine on one document, and two documents in one transaction', () => {
    expect(myReadyRequests(dstOf('Schedule of works, Old Granary: sheets 2 and 4'))).toHaveLength(2);
    expect(dstOf('Deed and inventory for the registry').documents).toHaveLength(2);
  });

  it('has a file that another party has signed as the one I sign on', async () => {
    const dst = dstOf('Contract of employment, conservator');
    const [document] = dst.documents;
    const bytes = Buffer.from(await state.currentBytes(dst.id, document?.id ?? 0));
    const plain = Buffer.from(await state.resourceBytes(document?.plainDocumentUuid ?? ''));
    expect(bytes.length).toBeGreaterThan(plain.length);
    expect(bytes.subarray(0, plain.length).equals(plain)).toBe(true);
    expect(bytes.subarray(plain.length).toString('latin1')).toContain('/ETSI.CAdES.detached');
  });

  it('keeps every box on the page but the one that runs off as the vendor’s does', () => {
    const forms = state
      .dsts()
      .flatMap(({ title, documents }) => documents.flatMap((each) => each.forms.map((form) => ({ title, form }))));
    const off = forms.filter(
      ({ form }) =>
        Number(form.positionX) + Number(form.width) > 100 || Number(form.positionY) + Number(form.height) > 100,
    );
    expect(off.map(({ title }) => title)).toEqual(['Application for membership, the board’s copy']);
    expect(forms.some(({ form }) => form.invisible)).toBe(true);
  });

  it('gives a text for each form I fill', () => {
    const { values, title } = entry('Application for membership');
    const labels = myOpenTexts(dstOf(title)).map(({ extraData }) => String(extraData.label));
    expect(Object.keys(values).sort()).toEqual(labels.sort());
    expect(Object.values(values).every((value) => value !== '')).toBe(true);
  });

  it('has one urgent with tags and an end, notes on several, and an identity that points to the token', () => {
    const consent = dstOf('Consent to an operation');
    expect(consent).toMatchObject({ urgent: true, tags: ['health', 'this week'], status: 'toSign' });
    expect(Date.parse(consent.expiresAt ?? '')).toBeGreaterThan(now);
    expect(state.dsts().filter(({ id }) => state.notes(id).length > 0).length).toBeGreaterThan(3);
    const [identity] = state.ledger.directory.users.find(({ user }) => user.id === myId)?.identities ?? [];
    const { serialNumber, manufacturerId: manufacturerID } = token;
    expect(identity?.providerData.tokenInfo).toMatchObject({ serialNumber, manufacturerID });
    expect(identity?.subjectCommonName).toBe('Marta Kalnina');
    expect(identity?.issuerCommonName).toBe('Sandbox Issuing CA');
  });
});
