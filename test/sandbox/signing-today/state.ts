/** The sandbox's state as tests and the demo hold it: seeding, looking in, and what the clock and the settings say. */
import type { Clock } from '../../../main/platform/clock.ts';
import { gather } from './content-store.ts';
import { addNote, addResource, fill } from './dst-actions.ts';
import { fail, publish } from './dst-life.ts';
import { notFound } from './errors.ts';
import { countPages } from './filled-document.ts';
import { applyEntry } from './hand-in.ts';
import { Ledger } from './ledger.ts';
import type { AuditRecord, Dst, DstNote, Identity, User, UserGroup } from './model.ts';
import type { DeviceRecord, DstRecord, Effect, EffectKind, Mail } from './records.ts';
import { capabilitiesOf } from './roles.ts';
import {
  type SeedDecline,
  type SeedDocument,
  type SeedDst,
  type SeedFill,
  type SeedIdentity,
  type SeedNote,
  type SeedSignature,
  type SeedUser,
  toDocument,
} from './seeding.ts';
import { currentResourceId, isSigned } from './signing-order.ts';
import { toTimestamp } from './timestamps.ts';

export interface SigningTodayOptions {
  readonly clock: Clock;
  /** With a folder every change is on disk before it is answered, and a state made on the same folder goes on from there. */
  readonly dir?: string;
  /** The OAuth client; `countersign` and `sandbox` when left out. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Life of an access token; the vendor's sample has 30623. */
  readonly accessTokenSeconds?: number;
  /** Key of the HMAC on SAML replies; `sandbox-saml-key` when left out. */
  readonly samlKey?: string;
}

const SMALL_CARD = {
  label: 'CNS',
  model: 'JS2048 (LB)',
  flags: 1037,
  ulMinPinLen: 4,
  ulMaxPinLen: 8,
  ulTotalPublicMemory: 80000,
  ulFreePublicMemory: 41168,
  ulTotalPrivateMemory: 80000,
  ulFreePrivateMemory: 41168,
};

async function* once(bytes: Uint8Array) {
  yield bytes;
}

export class SigningTodayState {
  /** For the operations; tests use the methods below. */
  readonly ledger: Ledger;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly accessTokenSeconds: number;
  readonly samlKey: string;

  #skewMs = 0;

  constructor(options: SigningTodayOptions) {
    const { clock } = options;
    this.ledger = new Ledger({ ...clock, now: () => clock.now() + this.#skewMs }, options.dir);
    this.clientId = options.clientId ?? 'countersign';
    this.clientSecret = options.clientSecret ?? 'sandbox';
    this.accessTokenSeconds = options.accessTokenSeconds ?? 30_623;
    this.samlKey = options.samlKey ?? 'sandbox-saml-key';
  }

  /** True when nothing has been seeded yet, as with a folder that is new. */
  get isEmpty(): boolean {
    return this.ledger.directory.users.length === 0;
  }

  user(id: string): User {
    const found = this.ledger.directory.users.find(({ user }) => user.id === id);
    if (!found) throw notFound('user');
    return found.user;
  }

  addUser(seed: SeedUser): User {
    const domain = seed.domain ?? 'demo';
    const user: User = {
      id: seed.id ?? this.ledger.newUuid(),
      username: seed.username,
      domain,
      language: 'en',
      name: seed.name,
      surname: seed.surname,
      email: seed.email ?? `${seed.username}@${domain}.test`,
      ...(seed.phone === undefined ? {} : { phone: seed.phone }),
      role: seed.role ?? 'signer',
      groups: (seed.groups ?? []).map((group) => ({ ...group })),
      capabilities: [...(seed.capabilities ?? capabilitiesOf(seed.role ?? 'signer'))],
      createdAt: toTimestamp(this.ledger.clock.now()),
      automatic: seed.automatic ?? false,
      extraData: {},
    };
    this.ledger.changeDirectory((draft) => {
      draft.users.push({ user, password: seed.password, identities: [] });
      const known = (group: UserGroup) => draft.groups.some(({ name }) => name === group.name);
      draft.groups.push(...user.groups.filter((group) => !known(group)));
    });
    return user;
  }

  addIdentity(userId: string, seed: SeedIdentity): Identity {
    const identity: Omit<Identity, 'valid'> = {
      id: seed.id ?? this.ledger.newUuid(),
      provider: 'Approval Signing Today',
      label: seed.label,
      providerType: 'token',
      subjectCommonName: seed.subjectCommonName,
      issuerCommonName: seed.issuerCommonName,
      expireDate: toTimestamp(seed.expiresAt),
      ...(seed.certificate && { rawCertificate: Buffer.from(seed.certificate).toString('base64') }),
      providerData: { ...seed.providerData, tokenInfo: { ...SMALL_CARD, ...seed.providerData.tokenInfo } },
      tags: [...(seed.tags ?? [])],
    };
    this.ledger.changeDirectory((draft) => {
      const record = draft.users.find(({ user }) => user.id === userId);
      if (!record) throw notFound('user');
      record.identities.push(identity);
    });
    return { ...identity, valid: seed.expiresAt > this.ledger.clock.now() };
  }

  async #addDocument(record: DstRecord, seed: SeedDocument, at: number): Promise<void> {
    const id = this.ledger.newUuid();
    const content = await this.ledger.contents.write(id, once(seed.pdf));
    const pages = seed.pages ?? (await countPages(seed.pdf));
    const filename = seed.filename ?? `${seed.title}.pdf`;
    const plain = { id, title: seed.title, filename, content, extraData: { toSign: true } };
    addResource(record, pages === undefined ? plain : { ...plain, pages }, at);
    const people = (userId: string) => {
      const { name, surname, email } = this.user(userId);
      return { name, surname, email };
    };
    record.dst.documents.push(toDocument(seed, id, () => this.ledger.nextId(), people));
  }

  /** Puts in a DST, published unless the seed says otherwise; it is toFill or toSign at once, as its forms say. */
  async addDst(seed: SeedDst): Promise<Dst> {
    const creator = this.user(seed.createdBy);
    const at = seed.createdAt ?? this.ledger.clock.now();
    const record: DstRecord = {
      dst: {
        id: seed.id ?? this.ledger.newUuid(),
        domain: creator.domain,
        title: seed.title,
        createdByUser: creator.id,
        createdAt: toTimestamp(at),
        documents: [],
        ...(seed.expiresAt === undefined ? {} : { expiresAt: toTimestamp(seed.expiresAt) }),
        resources: [],
        signatures: [],
        status: 'draft',
        tags: [...(seed.tags ?? [])],
        template: false,
        publicTemplate: false,
        extraData: {},
        visibleTo: [...(seed.visibleTo ?? [])],
        ccGroups: [...(seed.ccGroups ?? [])],
        ccUsers: [...(seed.ccUsers ?? [])],
        urgent: seed.urgent ?? false,
        updatedAt: toTimestamp(at),
      },
      notes: [],
      audit: [],
      effects: [],
      contents: {},
    };
    for (const document of seed.documents) await this.#addDocument(record, document, at);
    if (seed.publish ?? true) publish(record, creator, at);
    if (seed.errorMessage !== undefined) fail(record, seed.errorMessage, at);
    this.ledger.addDst(record);
    return this.dst(record.dst.id);
  }

  /** Does what PATCH fill does. @throws ApiError */
  async fill(dstId: string, seed: SeedFill): Promise<Dst> {
    const at = seed.at ?? this.ledger.clock.now();
    await this.ledger.changeDst(dstId, (draft) => fill(this.ledger, draft, this.user(seed.userId), seed, at));
    return this.dst(dstId);
  }

  /** Does what an upload and a hand-in do, by the same rules. @throws ApiError */
  async sign(dstId: string, seed: SeedSignature): Promise<Dst> {
    const { ledger } = this;
    const at = seed.at ?? ledger.clock.now();
    const actor = this.user(seed.userId);
    const id = ledger.newUuid();
    const content = { ...(await ledger.contents.write(id, once(seed.signed))), uploadedBy: actor.id };
    await ledger.changeDst(dstId, async (draft) => {
      const document = draft.dst.documents.find((each) => each.id === seed.documentId);
      if (!document) throw notFound('document');
      const base = draft.contents[currentResourceId(draft.dst, document)];
      const { title, filename } = draft.dst.resources.find((each) => each.id === document.plainDocumentUuid) ?? {
        title: draft.dst.title,
        filename: 'signed.pdf',
      };
      addResource(draft, { id, title, filename, content }, at);
      const extraData = { resourceId: id, sha256: content.sha256, baseSha256: base?.sha256 };
      const { documentId, signatureRequestId } = seed;
      const entry = { documentId, signatureRequestId, signedAt: toTimestamp(at), status: 'signed' as const, extraData };
      await applyEntry(draft, actor, entry, ledger.contents, at);
      const all = document.signatureRequests.every((request) => isSigned(draft.dst, document, request));
      if (all) document.signedDocumentUuid = id;
    });
    return this.dst(dstId);
  }

  /** Does what a hand-in of a decline does. @throws ApiError */
  async decline(dstId: string, seed: SeedDecline): Promise<Dst> {
    const at = seed.at ?? this.ledger.clock.now();
    const { documentId, signatureRequestId, reason } = seed;
    const entry = { documentId, signatureRequestId, declinedReason: reason, status: 'declined' as const };
    await this.ledger.changeDst(dstId, (draft) =>
      applyEntry(draft, this.user(seed.userId), { ...entry, signedAt: toTimestamp(at) }, this.ledger.contents, at),
    );
    return this.dst(dstId);
  }

  addNote(dstId: string, seed: SeedNote): Promise<DstNote> {
    const at = seed.at ?? this.ledger.clock.now();
    return this.ledger.changeDst(dstId, (draft) => addNote(this.ledger, draft, this.user(seed.userId), seed.text, at));
  }

  #record(dstId: string): DstRecord {
    const record = this.ledger.record(dstId);
    if (!record) throw notFound('DST');
    return record;
  }

  /** A copy of the DST as it stands. */
  dst(dstId: string): Dst {
    return structuredClone(this.#record(dstId).dst);
  }

  dsts(): Dst[] {
    return this.ledger.records().map(({ dst }) => structuredClone(dst));
  }

  notes(dstId: string): DstNote[] {
    return structuredClone(this.#record(dstId).notes);
  }

  audit(dstId: string): AuditRecord[] {
    return structuredClone(this.#record(dstId).audit);
  }

  /** What requests changed, in order; all of it, or one kind, or one DST's. */
  effects(only: { kind?: EffectKind; dstId?: string } = {}): Effect[] {
    return [this.ledger.directory.effects, ...this.ledger.records().map(({ effects }) => effects)]
      .flat()
      .filter(({ kind }) => only.kind === undefined || kind === only.kind)
      .filter(({ dstId }) => only.dstId === undefined || dstId === only.dstId)
      .sort((a, b) => a.sequence - b.sequence);
  }

  /** The trusted devices of everybody, with their tokens. */
  devices(): readonly DeviceRecord[] {
    return structuredClone(this.ledger.directory.devices);
  }

  /** The mails that would have gone out, oldest first. */
  mails(): readonly Mail[] {
    return this.ledger.directory.mails;
  }

  /** A resource's bytes. */
  resourceBytes(resourceId: string): Promise<Uint8Array> {
    return gather(this.ledger.contents.stream(resourceId));
  }

  /** What the next signature on the document is to be made on, or the last one made. */
  currentBytes(dstId: string, documentId: number): Promise<Uint8Array> {
    const { dst } = this.#record(dstId);
    const document = dst.documents.find((each) => each.id === documentId);
    if (!document) throw notFound('document');
    return this.resourceBytes(currentResourceId(dst, document));
  }

  /** The server's clock goes wrong by this from now on; what it says of times, and when tokens and DSTs expire, goes with it. */
  skewClock(ms: number): void {
    this.#skewMs = ms;
  }

  /** Every access token is refused from now on; refresh tokens still work. */
  expireAccessTokens(): void {
    this.ledger.changeDirectory((draft) => {
      for (const session of draft.sessions) session.expiresAt = 0;
    });
  }

  /** Signs everybody out: refresh tokens are refused too. */
  endSessions(): void {
    this.ledger.changeDirectory((draft) => {
      draft.sessions = [];
    });
  }
}

/** A fresh state, or the one kept in `dir`. */
export function createSigningTodayState(options: SigningTodayOptions): SigningTodayState {
  return new SigningTodayState(options);
}
