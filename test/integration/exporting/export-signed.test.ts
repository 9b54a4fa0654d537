/** The zip of signed files, read back: what is in it, under which names, and what becomes of it when something fails. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExportOptions, exportSigned } from '../../../main/exporting/index.ts';
import type { Store } from '../../../main/store/index.ts';
import { aDocument, aRequest, aTransaction } from '../../unit/inbox/model-fixtures.ts';
import { anAccount, commitIncrement, makeProfile, type Profile, putBase, somePdf } from '../store/open-profile.ts';

let profile: Profile;
let store: Store;
let path: string;

const signed = (id: string, title: string, documents: string[]) =>
  aTransaction(id, {
    title,
    status: 'signed',
    documents: documents.map((name, i) =>
      aDocument({
        id: `document-${i + 1}`,
        title: name,
        status: 'signed',
        signatureRequests: [aRequest({ state: 'signed' })],
      }),
    ),
  });

beforeEach(async () => {
  profile = makeProfile();
  path = join(profile.folder, 'out.zip');
  store = await profile.open();
  await store.putAccount(anAccount, '{}');
});
afterEach(async () => {
  await store.close();
  profile.remove();
});

const exported = (options: Partial<ExportOptions> = {}) =>
  exportSigned(store, {
    path,
    transactionIds: undefined,
    fetch: undefined,
    progress: () => undefined,
    signal: new AbortController().signal,
    ...options,
  });

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Names and hashes by the central directory (APPNOTE 4.3.12): stored entries, checked against their CRC-32. */
function contents(): Record<string, string> {
  const zip = readFileSync(path);
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const found: Record<string, string> = {};
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extraLength] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30)];
    const [crc, size, local] = [zip.readUInt32LE(at + 16), zip.readUInt32LE(at + 24), zip.readUInt32LE(at + 42)];
    expect(zip.readUInt16LE(at + 10), 'stored').toBe(0);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(start, start + size);
    expect(crc32(bytes)).toBe(crc);
    found[zip.toString('utf8', at + 46, at + 46 + nameLength)] = sha256(bytes);
    at += 46 + nameLength + extraLength + zip.readUInt16LE(at + 32);
  }
  return found;
}

describe('an export of signed files', () => {
  it('has every signed revision that is here, cleaned and unique, and says what is not', async () => {
    await store.applyPull(
      'account-1',
      [
        signed('1', '../Lease: "north"', ['deed.pdf', 'DEED.pdf', 'gone.pdf']),
        signed('2', '../Lease: "north"', ['con.pdf']),
        aTransaction('3', { title: 'Not signed' }),
      ],
      [],
    );
    const [one, two, three] = [somePdf(200_000), somePdf(10), somePdf(70_000)];
    await putBase(store, 'account-1:1', one);
    await putBase(store, 'account-1:1', two, { documentId: 'document-2' });
    await putBase(store, 'account-1:2', three);
    const progress: number[] = [];
    const result = await exported({ progress: ({ files }) => progress.push(files) });
    expect(result).toEqual({ files: 3, bytes: one.length + two.length + three.length, missing: 1, damaged: 0 });
    expect(progress).toEqual([1, 2, 3]);
    const found = contents();
    expect(Object.values(found).toSorted()).toEqual([one, two, three].map(sha256).toSorted());
    const names = Object.keys(found);
    expect(names.every((name) => !name.includes('..') && !/[:"\\]/.test(name))).toBe(true);
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(3);
    expect(names.map((name) => name.split('/').length)).toEqual([2, 2, 2]);
    expect(names.some((name) => name.endsWith('/_con.pdf'))).toBe(true);
  });

  it('of one transaction has what was signed here last, without a folder', async () => {
    await store.applyPull('account-1', [aTransaction('1', { title: 'Lease' }), signed('2', 'Other', ['x.pdf'])], []);
    const pdf = somePdf();
    await putBase(store, 'account-1:1', pdf);
    await putBase(store, 'account-1:2', somePdf());
    const { whole } = await commitIncrement(store, 'account-1:1', pdf, randomBytes(500));
    await exported({ transactionIds: ['account-1:1'] });
    expect(contents()).toEqual({ 'lease.pdf': sha256(whole) });
  });

  it('gets what is not here where it may', async () => {
    await store.applyPull('account-1', [signed('1', 'Lease', ['deed.pdf', 'far.pdf'])], []);
    const pdf = somePdf();
    const fetch = async (transactionId: string, documentId: string) => {
      if (documentId !== 'document-1') throw new Error('offline');
      await putBase(store, transactionId, pdf, { documentId });
    };
    expect(await exported({ fetch })).toMatchObject({ files: 1, missing: 1 });
    expect(Object.values(contents())).toEqual([sha256(pdf)]);
  });

  it('leaves a lost file out and makes the zip of the others', async () => {
    await store.applyPull('account-1', [signed('1', 'Lease', ['a.pdf', 'b.pdf'])], []);
    await putBase(store, 'account-1:1', somePdf());
    const [lost] = profile.runFiles();
    await putBase(store, 'account-1:1', somePdf(), { documentId: 'document-2' });
    rmSync(join(profile.runsDir, lost ?? ''));
    expect(await exported()).toMatchObject({ files: 1, damaged: 1 });
    expect(Object.keys(contents())).toEqual(['Lease/b.pdf']);
  });

  it('leaves nothing where it is cancelled half way, or where a file turns out damaged', async () => {
    await store.applyPull('account-1', [signed('1', 'Lease', ['a.pdf', 'b.pdf'])], []);
    await putBase(store, 'account-1:1', somePdf(600_000));
    await putBase(store, 'account-1:1', somePdf(600_000), { documentId: 'document-2' });
    writeFileSync(path, 'what was there before');
    const controller = new AbortController();
    const cancelled = exported({ progress: () => controller.abort(), signal: controller.signal });
    await expect(cancelled).rejects.toThrow();
    for (const name of profile.runFiles()) {
      const file = join(profile.runsDir, name);
      const bytes = readFileSync(file);
      // In the second chunk of three: the first and the last are whole.
      bytes[400_000] = (bytes[400_000] ?? 0) ^ 1;
      writeFileSync(file, bytes);
    }
    await store.close();
    store = await profile.open();
    await expect(exported()).rejects.toMatchObject({ code: 'damaged' });
    expect(readFileSync(path, 'utf8')).toBe('what was there before');
    expect(readdirSync(profile.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('is refused where there is nothing, and leaves what lay there', async () => {
    await store.applyPull('account-1', [aTransaction('1')], []);
    await expect(exported()).rejects.toMatchObject({ code: 'nothing-to-export' });
    expect(existsSync(path)).toBe(false);
  });
});
