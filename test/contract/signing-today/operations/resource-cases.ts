/** Contract tests of the operations on files, pictures and thumbnails: one for each, by operationId. */

import { expect } from 'vitest';
import { fromBuffer } from 'yauzl';
import { createDst } from '../../../../main/providers/signing-today/dst-workflow.ts';
import {
  appendResource,
  deleteAppearance,
  deleteResource,
  downloadAppearance,
  downloadResource,
  downloadResources,
  pageThumb,
  setAppearance,
  updateResource,
} from '../../../../main/providers/signing-today/resources.ts';
import { readAll } from '../world.ts';
import { publishedDst } from './dst-cases.ts';
import type { OperationCase, Stage } from './operation-case.ts';
import { draftFor, filePart, samplePdf } from './plans.ts';

export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export function addIdentity({ state, signer }: Stage) {
  const identity = state.addIdentity(signer.user.id, {
    label: 'Card',
    subjectCommonName: 'Sara Serra',
    issuerCommonName: 'Demo CA',
    expiresAt: Date.UTC(2030, 0, 1),
    providerData: { tokenInfo: { serialNumber: '1', manufacturerID: 'Demo' } },
  });
  return { userId: signer.user.id, identityId: identity.id };
}

/** The names and bytes in a zip. */
function unzip(bytes: Buffer): Promise<Map<string, Buffer>> {
  const { promise, resolve, reject } = Promise.withResolvers<Map<string, Buffer>>();
  const found = new Map<string, Buffer>();
  fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
    if (error) return reject(error);
    zip.on('entry', (entry) =>
      zip.openReadStream(entry, async (failure, stream) => {
        if (failure) return reject(failure);
        found.set(entry.fileName, await readAll(stream));
        zip.readEntry();
      }),
    );
    zip.on('end', () => resolve(found));
    zip.on('error', reject);
    zip.readEntry();
  });
  return promise;
}

export const resourceCases: Readonly<Record<string, OperationCase>> = {
  async resourceIdGET(stage) {
    const { documents } = await publishedDst(stage);
    const id = documents[0]?.plainDocumentUuid ?? '';
    const told: (number | undefined)[][] = [];
    const bytes = await readAll(
      await downloadResource(stage.signer.core, id, { onProgress: (...progress) => told.push(progress) }),
    );
    expect(bytes).toEqual(Buffer.from(await stage.state.resourceBytes(id)));
    expect(told.at(-1)).toEqual([bytes.length, bytes.length]);
    await expect(downloadResource(stage.other.core, id)).rejects.toMatchObject({ code: 'not-found' });
  },
  async resourceIdPUT(stage) {
    const { dst } = await draftFor(stage, stage.signer.user);
    const id = dst.resources[0]?.id ?? '';
    await updateResource(stage.instructor.core, { id, title: 'Lease of 2026', filename: 'lease-2026.pdf' });
    expect(stage.state.dst(dst.id).resources[0]).toMatchObject({ title: 'Lease of 2026', filename: 'lease-2026.pdf' });
    const published = await publishedDst(stage);
    const late = { id: published.documents[0]?.plainDocumentUuid ?? '', title: 'x' };
    await expect(updateResource(stage.instructor.core, late)).rejects.toMatchObject({ status: 409 });
  },
  async dSTResourceIdDELETE(stage) {
    const { core } = stage.instructor;
    const { dst } = await draftFor(stage, stage.signer.user);
    const used = dst.resources[0]?.id ?? '';
    await expect(deleteResource(core, used)).rejects.toMatchObject({ code: 'stale', status: 409 });
    const added = await appendResource(
      core,
      dst.id,
      { title: 'Map', filename: 'map.pdf' },
      filePart(await samplePdf()),
    );
    const spare = added.resources.find(({ id }) => id !== used)?.id ?? '';
    expect((await deleteResource(core, spare)).resources.map(({ id }) => id)).toEqual([used]);
    await expect(downloadResource(core, spare)).rejects.toMatchObject({ code: 'not-found' });
  },
  async dSTIdResourcesGET(stage) {
    const { core } = stage.instructor;
    const { dst } = await draftFor(stage, stage.signer.user);
    const map = await samplePdf(2);
    await appendResource(core, dst.id, { title: 'Other', filename: 'lease.pdf' }, filePart(map));
    const files = await unzip(await readAll(await downloadResources(core, dst.id)));
    expect([...files.keys()]).toEqual(['lease.pdf', 'lease (2).pdf']);
    expect(files.get('lease (2).pdf')).toEqual(Buffer.from(map));
  },
  async dSTIdResourcesPATCH(stage) {
    const { core } = stage.instructor;
    const { dst } = await createDst(core, { title: 'Sale' });
    const bytes = await samplePdf(3);
    const told: (number | undefined)[][] = [];
    const after = await appendResource(core, dst.id, { title: 'Déed', filename: 'déed.pdf' }, filePart(bytes), {
      onProgress: (...progress) => told.push(progress),
    });
    expect(after.resources).toMatchObject([{ title: 'Déed', filename: 'déed.pdf', size: bytes.length, pages: 3 }]);
    const [done, total] = told.at(-1) ?? [];
    expect(done).toBe(total);
    const noPdf = filePart(Buffer.from('not a PDF'));
    await expect(appendResource(core, dst.id, { title: 'x', filename: 'x.pdf' }, noPdf)).rejects.toMatchObject({
      code: 'refused',
      status: 400,
      serverMessage: 'Not a PDF file',
    });
    expect(stage.state.dst(dst.id).resources).toHaveLength(1);
  },
  async pdfResourceIdThumbsGET(stage) {
    const { documents } = await publishedDst(stage);
    const resourceId = documents[0]?.plainDocumentUuid ?? '';
    const jpeg = await pageThumb(stage.signer.core, { resourceId, page: 1, widthPx: 120 });
    expect([...jpeg.subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    await expect(pageThumb(stage.signer.core, { resourceId, page: 2 })).rejects.toMatchObject({ status: 400 });
  },
  async userIdIdentityIdentityIdAppearancePOST(stage) {
    const about = { ...addIdentity(stage), filename: 'me.png', title: 'My mark' };
    const resource = await setAppearance(stage.signer.core, about, filePart(png, 'image/png'));
    expect(resource).toMatchObject({ title: 'My mark', filename: 'me.png', size: png.length });
    const text = filePart(Buffer.from('text'), 'image/png');
    await expect(setAppearance(stage.signer.core, about, text)).rejects.toMatchObject({ status: 400 });
    await expect(setAppearance(stage.other.core, about, filePart(png))).rejects.toMatchObject({ status: 403 });
  },
  async userIdIdentityIdentityIdAppearanceGET(stage) {
    const about = addIdentity(stage);
    await expect(downloadAppearance(stage.signer.core, about)).rejects.toMatchObject({ code: 'not-found' });
    await setAppearance(stage.signer.core, { ...about, filename: 'me.png', title: '' }, filePart(png));
    expect(await readAll(await downloadAppearance(stage.signer.core, about))).toEqual(png);
  },
  async userIdIdentityIdentityIdAppearanceDELETE(stage) {
    const about = addIdentity(stage);
    await setAppearance(stage.signer.core, { ...about, filename: 'me.png', title: '' }, filePart(png));
    await deleteAppearance(stage.signer.core, about);
    await expect(downloadAppearance(stage.signer.core, about)).rejects.toMatchObject({ code: 'not-found' });
  },
};
