/** A batch of files that is cancelled while a slow token is at it: it ends with the signature that is being made, not with all that were ready. */
import { mkdir, readdir } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildFaultModule } from '../../contract/tokens/token-stack.ts';
import { type DeskFiles, openDeskFiles, samplePdf } from './desk-files.ts';

const FILES = 40;
let desk: DeskFiles;

beforeAll(async () => {
  desk = await openDeskFiles();
  Object.assign(process.env, { FAULT: 'slow-sign', FAULT_MS: '100', FAULT_REAL: desk.token.modulePath });
  desk.module.path = await buildFaultModule({ folder: desk.dir });
  await desk.call('settings.change', { pkcs11Modules: [desk.module.path] });
});
afterAll(() => desk.close());

it('asks no further signature of the token', async () => {
  const bytes = await samplePdf('Deed');
  await mkdir(desk.at('in'));
  for (let index = 0; index < FILES; index++) await desk.put(`in/${index}.pdf`, bytes);
  desk.chosen.files = [desk.at('in')];
  const { files } = await desk.call('files.choose', {});
  const cancelled = Promise.withResolvers<number>();
  const off = desk.bridge.on('files.progress', async ({ batchId, result }) => {
    if (result.state !== 'signed') return;
    off();
    await desk.call('files.cancel', { batchId });
    const { results } = await desk.call('files.batch', { batchId });
    cancelled.resolve(results.filter(({ state }) => state === 'signed').length);
  });
  const { results, stopped } = await desk.sign({
    files: files.map(({ id }) => ({ fileId: id })),
    choices: { level: 'B-B' },
  });
  const signedBefore = await cancelled.promise;
  const signed = results.filter(({ state }) => state === 'signed');
  expect(stopped).toBe('cancelled');
  expect(results).toHaveLength(FILES);
  expect(results.filter(({ state }) => state === 'cancelled')).toHaveLength(FILES - signed.length);
  // The one under way, and those that came while the desk was told.
  expect(signed.length - signedBefore).toBeLessThanOrEqual(3);
  expect((await readdir(desk.at('in'))).filter((name) => !/^\d+\.pdf$/.test(name))).toHaveLength(signed.length);
});
