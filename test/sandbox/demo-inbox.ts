/** Puts the demo's inbox into a Signing Today sandbox: people, one signing identity, transactions in mixed states with real PDFs. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import {
  blanks,
  demoPlan,
  type Person,
  type PlannedDocument,
  type PlannedDst,
  type PlannedRequest,
} from './demo-plan.ts';
import { issueSigner, type Pki, type Signer, signerNamed } from './pki/index.ts';
import { placeNamed, type Sample, type SampleName, signSoftly } from './samples/index.ts';
import type { Dst, SeedDocument, SeedForm, SigningTodayState } from './signing-today/index.ts';
import type { SoftHsmToken } from './softhsm.ts';

const day = 24 * 60 * 60 * 1000;

export const demoManifest = z.array(
  z.object({
    dstId: z.string(),
    title: z.string(),
    /** What the demo's person does with it. */
    action: z.enum(['sign', 'fill+sign', 'decline', 'wait', 'none']),
    /** The sample of its first document. */
    sample: z.string(),
    /** Texts for the forms that are mine, by label. */
    values: z.record(z.string(), z.string()),
  }),
);
/** One entry for each transaction. */
export type DemoManifest = z.infer<typeof demoManifest>;

export interface DemoInboxOptions {
  /** With a signer `me-rsa`; `other` is issued where it is missing. */
  readonly pki: Pki;
  readonly samples: readonly Sample[];
  readonly me: {
    readonly username: string;
    readonly password: string;
    readonly name: string;
    readonly surname: string;
  };
  /** Holds the key of `me-rsa`: the provider's record of the identity points to it. */
  readonly token: Pick<SoftHsmToken, 'serialNumber' | 'manufacturerId' | 'model' | 'tokenLabel'>;
  readonly clock: { now(): number };
}

interface Cast {
  readonly ids: Readonly<Record<Person, string>>;
  /** Keys of those who have signed before the demo begins. */
  readonly signers: ReadonlyMap<Person, Signer>;
}

interface Scene extends DemoInboxOptions {
  readonly state: SigningTodayState;
  readonly cast: Cast;
}

async function addPeople(state: SigningTodayState, { pki, me }: DemoInboxOptions): Promise<Cast> {
  const password = 'sandbox-password';
  const ids = {
    me: state.addUser({ ...me, username: me.username }).id,
    janis: state.addUser({ username: 'janis', password, name: 'Jānis', surname: 'Bērziņš', role: 'instructor' }).id,
    ilze: state.addUser({ username: 'ilze', password, name: 'Ilze', surname: 'Liepa', role: 'instructor' }).id,
  };
  const other =
    pki.signers.get('other') ??
    (await issueSigner(pki, { name: 'other', commonName: 'Janis Berzins', keyType: 'rsa-2048' }));
  const signers = new Map<Person, Signer>([
    ['me', signerNamed(pki, 'me-rsa')],
    ['janis', other],
  ]);
  return { ids, signers };
}

function addIdentity({ state, cast, pki, token }: Scene): void {
  const { certificate } = signerNamed(pki, 'me-rsa');
  const parsed = new X509Certificate(certificate);
  const commonName = (name: string) => name.match(/^CN=(.*)$/m)?.[1] ?? name;
  const { serialNumber, manufacturerId: manufacturerID, model, tokenLabel: label } = token;
  state.addIdentity(cast.ids.me, {
    label: `${label} (${token.serialNumber})`,
    subjectCommonName: commonName(parsed.subject),
    issuerCommonName: commonName(parsed.issuer),
    expiresAt: Date.parse(parsed.validTo),
    certificate,
    providerData: { tokenInfo: { serialNumber, manufacturerID, model, label } },
  });
}

function sampleNamed(samples: readonly Sample[], name: SampleName): Sample {
  const sample = samples.find((each) => each.name === name);
  if (!sample) throw new Error(`no sample ${name}`);
  return sample;
}

const requestKey = (index: number) => `request-${index}`;

function signatureForms(sample: Sample, request: PlannedRequest, index: number, signer: string): SeedForm[] {
  const { box } = request;
  const place = request.place === undefined ? undefined : placeNamed(sample, request.place);
  const where = box ? { ...box, positionX: box.x, positionY: box.y } : place;
  if (!where) return [];
  const { page, positionX, positionY, width, height } = where;
  const form = { type: 'SignatureForm' as const, page, positionX, positionY, width, height, signer };
  return [{ ...form, request: requestKey(index), invisible: request.invisible ?? false }];
}

function textForms(sample: Sample, planned: PlannedDocument, ids: Cast['ids']): SeedForm[] {
  const { blanks: wanted } = planned;
  if (!wanted) return [];
  return wanted.places.map((name) => {
    const label = blanks[name]?.label ?? name;
    return { type: 'TextForm', ...placeNamed(sample, name), signer: ids[wanted.by], label };
  });
}

function seedDocument({ samples, cast: { ids } }: Scene, planned: PlannedDocument): SeedDocument {
  const sample = sampleNamed(samples, planned.sample);
  return {
    title: sample.title,
    pdf: sample.bytes,
    pages: sample.pages,
    signerGroups: planned.groups.map((group) => group.map((person) => ids[person])),
    signatureRequests: planned.requests.map(({ by, reason, declinable }, index) => ({
      key: requestKey(index),
      signer: ids[by],
      reason: reason ?? '',
      declinable: declinable ?? false,
      withTimestamp: true,
    })),
    forms: [
      ...planned.requests.flatMap((request, index) => signatureForms(sample, request, index, ids[request.by])),
      ...textForms(sample, planned, ids),
    ],
  };
}

/** Signs the first document's request with its person's key, at the form's place. */
async function signRequest(scene: Scene, planned: PlannedDst, dst: Dst, index: number, at: number): Promise<void> {
  const { state, cast, pki, samples } = scene;
  const document = dst.documents[0];
  const request = document?.signatureRequests[index];
  const asked = planned.documents[0]?.requests[index];
  const signer = asked && cast.signers.get(asked.by);
  if (!document || !request || !asked || !signer) throw new Error(`nobody can sign ${planned.title}`);
  const file = await state.currentBytes(dst.id, document.id);
  const sample = sampleNamed(samples, planned.documents[0]?.sample ?? 'classic-xref');
  const place = asked.place === undefined ? undefined : placeNamed(sample, asked.place);
  const box = place && {
    page: place.page,
    x: place.positionX,
    y: place.positionY,
    width: place.width,
    height: place.height,
  };
  const field = box ? ({ kind: 'new-visible', box } as const) : ({ kind: 'new-invisible' } as const);
  const reason = asked.reason === undefined ? {} : { reason: asked.reason };
  const signed = await signSoftly(pki, file, { signer, at, field, ...reason });
  const about = { documentId: document.id, signatureRequestId: request.id };
  await state.sign(dst.id, { userId: cast.ids[asked.by], ...about, signed, at });
}

async function playEvents(scene: Scene, planned: PlannedDst, dst: Dst): Promise<void> {
  const { state, cast, clock } = scene;
  const events = planned.events ?? [];
  for (const [i, event] of events.entries()) {
    // Within the last hours: the signers' certificates are a day old.
    const at = clock.now() - (events.length - i) * 20 * 60 * 1000;
    if (event.kind === 'note') {
      await state.addNote(dst.id, { userId: cast.ids[event.by], text: event.text, at });
    } else if (event.kind === 'signed') {
      await signRequest(scene, planned, dst, event.request, at);
    } else {
      const document = dst.documents[0];
      const request = document?.signatureRequests[event.request];
      const by = planned.documents[0]?.requests[event.request]?.by;
      if (!document || !request || !by) throw new Error(`nobody can decline ${planned.title}`);
      const about = { documentId: document.id, signatureRequestId: request.id };
      await state.decline(dst.id, { userId: cast.ids[by], ...about, reason: event.reason, at });
    }
  }
}

function myValues(planned: PlannedDst): Record<string, string> {
  const mine = planned.documents.flatMap((document) => (document.blanks?.by === 'me' ? document.blanks.places : []));
  return Object.fromEntries(mine.flatMap((name) => (blanks[name] ? [[blanks[name].label, blanks[name].value]] : [])));
}

async function seedDst(scene: Scene, planned: PlannedDst, order: number): Promise<DemoManifest[number]> {
  const { state, cast, clock } = scene;
  const now = clock.now();
  const dst = await state.addDst({
    title: planned.title,
    createdBy: cast.ids[planned.from],
    // Some hours back in any case, so that what happened since lies between then and now.
    createdAt: now - planned.daysAgo * day - (3 * 60 + order) * 60 * 1000,
    documents: planned.documents.map((document) => seedDocument(scene, document)),
    urgent: planned.urgent ?? false,
    tags: planned.tags ?? [],
    publish: !planned.draft,
    ...(planned.expiresInDays === undefined ? {} : { expiresAt: now + planned.expiresInDays * day }),
    ...(planned.errorMessage === undefined ? {} : { errorMessage: planned.errorMessage }),
  });
  await playEvents(scene, planned, dst);
  const { title, action } = planned;
  return { dstId: dst.id, title, action, sample: planned.documents[0]?.sample ?? '', values: myValues(planned) };
}

/**
 * Seeds an empty state. Everyone else's password is `sandbox-password`; `me` signs in as `username@demo`.
 * @returns what was put in, and what the demo's person is to do with each
 */
export async function seedDemoInbox(state: SigningTodayState, options: DemoInboxOptions): Promise<DemoManifest> {
  const cast = await addPeople(state, options);
  const scene: Scene = { ...options, state, cast };
  addIdentity(scene);
  const manifest: DemoManifest = [];
  for (const [order, planned] of demoPlan.entries()) manifest.push(await seedDst(scene, planned, order));
  return manifest;
}
