/**
 * The server's state and the one way to change it: a copy of the record is changed, stored, then put in the old one's place.
 * Changes of one DST queue up behind each other. With a folder, all of it outlives the process.
 */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../main/platform/clock.ts';
import { type ContentStore, folderContents, memoryContents } from './content-store.ts';
import { expire, isOver } from './dst-life.ts';
import { notFound } from './errors.ts';
import { newNotifications } from './notifications.ts';
import { folderRecords, noRecords, type RecordStore } from './record-store.ts';
import { type DirectoryRecord, type DstRecord, type Effect, type EffectKind, emptyDirectory } from './records.ts';
import { toTimestamp } from './timestamps.ts';

export class Ledger {
  readonly clock: Clock;
  readonly contents: ContentStore;
  readonly #store: RecordStore;
  readonly #records = new Map<string, DstRecord>();
  readonly #owners = new Map<string, string>();
  readonly #queues = new Map<string, Promise<unknown>>();
  readonly #running = new Set<Promise<void>>();
  #directory: DirectoryRecord;
  #sequence = 0;
  #lastId = 0;

  constructor(clock: Clock, dir: string | undefined) {
    this.clock = clock;
    this.contents = dir === undefined ? memoryContents() : folderContents(dir);
    this.#store = dir === undefined ? noRecords : folderRecords(dir);
    this.#directory = { ...emptyDirectory(), ...this.#store.readDirectory() };
    for (const record of this.#store.readDsts()) this.#keep(record);
    for (const { sequence } of this.#directory.effects) this.#sequence = Math.max(this.#sequence, sequence);
  }

  /** Takes a record into the maps; the counters go on above what it holds. */
  #keep(record: DstRecord): void {
    this.#records.set(record.dst.id, record);
    for (const id of Object.keys(record.contents)) this.#owners.set(id, record.dst.id);
    for (const { sequence } of record.effects) this.#sequence = Math.max(this.#sequence, sequence);
    for (const { id } of [...record.notes, ...(record.notifications ?? [])]) this.#lastId = Math.max(this.#lastId, id);
    for (const document of record.dst.documents) {
      const signers = document.signerGroups.flatMap((group) => group.signers);
      for (const { id } of [document, ...document.forms, ...document.signatureRequests, ...signers]) {
        this.#lastId = Math.max(this.#lastId, id);
      }
    }
  }

  #commit(record: DstRecord): void {
    const people = this.#directory.users.map(({ user }) => user);
    const news = newNotifications(this.#records.get(record.dst.id), record, people, this.clock.now());
    const kept = news.map((each) => ({ ...each, id: this.nextId() }));
    if (kept.length > 0) record.notifications = [...(record.notifications ?? []), ...kept];
    this.#store.writeDst(record);
    this.#keep(record);
  }

  /** The next integer id, unique over documents, forms, requests, signers and notes: mixing them up shows. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  effect(kind: EffectKind, userId: string, about: Partial<Effect> = {}): Effect {
    this.#sequence += 1;
    return { ...about, sequence: this.#sequence, at: toTimestamp(this.clock.now()), kind, userId };
  }

  get directory(): Readonly<DirectoryRecord> {
    return this.#directory;
  }

  changeDirectory<T>(change: (draft: DirectoryRecord) => T): T {
    const draft = structuredClone(this.#directory);
    const result = change(draft);
    this.#store.writeDirectory(draft);
    this.#directory = draft;
    return result;
  }

  addDst(record: DstRecord): void {
    this.#commit(record);
  }

  /** The record as it stands now, expired if its time is over; not to be changed. */
  record(id: string): DstRecord | undefined {
    const record = this.#records.get(id);
    const now = this.clock.now();
    if (!record || this.#queues.has(id) || !isOver(record, now)) return record;
    const draft = structuredClone(record);
    expire(draft, now);
    this.#commit(draft);
    return draft;
  }

  records(): DstRecord[] {
    return [...this.#records.keys()].flatMap((id) => this.record(id) ?? []);
  }

  /** The DST a resource belongs to. */
  ownerOf(resourceId: string): DstRecord | undefined {
    const id = this.#owners.get(resourceId);
    return id === undefined ? undefined : this.record(id);
  }

  /**
   * Changes one DST, after the changes of it that came before; a throw leaves it unchanged.
   * @throws ApiError 404 where there is none
   */
  async changeDst<T>(id: string, change: (draft: DstRecord) => T | Promise<T>): Promise<T> {
    const before = this.#queues.get(id) ?? Promise.resolve();
    const run = before.then(async () => {
      const record = this.#records.get(id);
      if (!record) throw notFound('DST');
      let draft = structuredClone(record);
      if (expire(draft, this.clock.now())) {
        this.#commit(draft);
        draft = structuredClone(draft);
      }
      const result = await change(draft);
      this.#commit(draft);
      return result;
    });
    const settled = run.then(
      () => undefined,
      () => undefined,
    );
    this.#queues.set(id, settled);
    try {
      return await run;
    } finally {
      if (this.#queues.get(id) === settled) this.#queues.delete(id);
    }
  }

  /** Work that goes on after its request was answered; one that fails changes nothing. */
  background(work: Promise<void>): void {
    const settled = work.catch(() => undefined).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
  }

  /** Resolves when nothing goes on in the background. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  newUuid(): string {
    return randomUUID();
  }
}
