/** Whether a signer was revoked: not asked of anybody unless that is wanted, then known, for PDFs and messages alike. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DeskFiles, openDeskFiles, samplePdf } from './desk-files.ts';

let desk: DeskFiles;
beforeAll(async () => {
  desk = await openDeskFiles();
});
afterAll(() => desk.close());

async function signed(name: string, bytes: Uint8Array, more: { cades?: 'attached' | 'detached' } = {}) {
  desk.chosen.files = [await desk.put(name, bytes)];
  const { files } = await desk.call('files.choose', {});
  const [file] = files;
  if (!file) throw new Error('nothing chosen');
  const { results } = await desk.sign({ files: [{ fileId: file.id }], choices: { level: 'B-T' }, ...more });
  const made = results[0]?.output?.id;
  if (made === undefined) throw new Error('not signed');
  return { fileId: made, ...(more.cades === 'detached' ? { contentFileId: file.id } : {}) };
}

it.each([
  ['a PDF', {}, 'unknown'],
  ['a message', { cades: 'attached' }, 'not-checked'],
  ['a message beside its file', { cades: 'detached' }, 'not-checked'],
] as const)('is asked of the network for %s only when wanted', async (what, more, alone) => {
  const given = await signed(`${what.replaceAll(' ', '-')}.pdf`, await samplePdf(what), more);
  const asked: string[] = [];
  desk.server.watch((path) => void asked.push(path));
  try {
    expect(await desk.call('files.verify', given)).toMatchObject({
      valid: true,
      signatures: [{ chain: 'trusted', revocation: alone, level: 'B-T' }],
    });
    expect(asked).toEqual([]);
    expect(await desk.call('files.verify', { ...given, online: true })).toMatchObject({
      valid: true,
      signatures: [{ chain: 'trusted', revocation: 'good', level: 'B-T' }],
    });
  } finally {
    desk.server.watch(() => undefined);
  }
});

it('is asked of nobody for a signer that is not trusted', async () => {
  const given = await signed('stranger.pdf', await samplePdf('stranger'));
  await desk.call('settings.change', { trustAnchors: [] });
  const asked: string[] = [];
  desk.server.watch((path) => void asked.push(path));
  const { signatures } = await desk.call('files.verify', { ...given, online: true });
  expect(signatures).toMatchObject([{ chain: 'no-anchors' }]);
  expect(asked).toEqual([]);
});
