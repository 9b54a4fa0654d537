import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../contract/pki-sandbox/openssl.ts';
import { createTrustDatabase, pdfsig, qpdfCheck } from '../../sandbox/demo/judges.ts';
import { type DeskFiles, openDeskFiles, samplePdf } from './desk-files.ts';

let desk: DeskFiles;
beforeAll(async () => {
  desk = await openDeskFiles();
  await createTrustDatabase(desk.at('nss'), desk.rootPem);
});
afterAll(() => desk.close());

const choose = async (...paths: string[]) => {
  desk.chosen.files = paths;
  return (await desk.call('files.choose', {})).files;
};
const first = async (...paths: string[]) => {
  const [file] = await choose(...paths);
  if (!file) throw new Error('nothing chosen');
  return file;
};
const codeOf = (work: Promise<unknown>) => work.then(() => 'no error').catch((error: { code: string }) => error.code);

describe('files of the person’s own disk', () => {
  it('are chosen by the host, looked at and read in ranges, without a path on the bridge', async () => {
    const bytes = await samplePdf('Deed');
    const path = await desk.put('deed.pdf', bytes);
    const file = await first(path, desk.at('gone.pdf'));
    expect(file).toEqual({
      id: file.id,
      name: 'deed.pdf',
      folder: desk.dir.split('/').at(-1),
      sizeBytes: bytes.length,
      kind: 'pdf',
    });
    expect(await desk.call('files.read', { fileId: file.id, offset: 0, length: 8 })).toEqual(bytes.subarray(0, 8));
    const tail = await desk.call('files.read', { fileId: file.id, offset: bytes.length - 4, length: 100 });
    expect(tail).toEqual(bytes.subarray(-4));
    expect(await desk.call('files.inspect', { fileId: file.id })).toMatchObject({
      pageCount: 1,
      pages: [{ page: 1, width: 400, height: 200 }],
      encrypted: false,
      signatures: [],
      mayRewrite: false,
    });
    await desk.call('files.forget', { fileIds: [file.id] });
    expect(await codeOf(desk.call('files.read', { fileId: file.id, offset: 0, length: 1 }))).toBe('not-found');
  });

  it('in a folder are its PDFs', async () => {
    const folder = desk.at('folder');
    await mkdir(folder);
    for (const name of ['b.pdf', 'a.PDF', 'notes.txt']) await desk.put(`folder/${name}`, await samplePdf(name));
    expect((await choose(folder)).map(({ name }) => name)).toEqual(['a.PDF', 'b.pdf']);
  });

  it('are signed to B-LTA with one PIN, beside the originals, as outside judges see it', async () => {
    const names = ['one', 'two', 'three'];
    const paths = await Promise.all(names.map(async (name) => desk.put(`${name}.pdf`, await samplePdf(name))));
    const files = await choose(...paths);
    const place = { page: 1, x: 10, y: 10, width: 40, height: 30 };
    const { results, running, stopped } = await desk.sign({
      files: files.map(({ id }, index) => ({ fileId: id, ...(index === 0 ? { place, reason: 'Seen' } : {}) })),
      choices: { level: 'B-LTA', reason: 'Agreed' },
    });
    expect({ running, stopped }).toEqual({ running: false, stopped: undefined });
    expect(results.map(({ state, level, code }) => [state, level, code])).toEqual(
      names.map(() => ['signed', 'B-LTA', undefined]),
    );
    for (const { output } of results) {
      if (!output) throw new Error('no output');
      const report = await desk.call('files.verify', { fileId: output.id });
      expect(report).toMatchObject({
        valid: true,
        signatures: [{ level: 'B-LTA', chain: 'trusted', revocation: 'good' }, { kind: 'document-timestamp' }],
      });
      const path = desk.at(output.name);
      expect((await qpdfCheck(path)).ok).toBe(true);
      // pdfsig judges no document timestamp and counts it all the same.
      const { said } = await pdfsig(path, desk.at('nss'), 1);
      expect(said.split('Signature #2')[0]).toMatch(/Signature is Valid\.[\s\S]*Certificate is Trusted\./);
    }
    const seen = await desk.call('files.inspect', { fileId: results[0]?.output?.id ?? '' });
    expect(seen.signatures).toMatchObject([{ reason: 'Seen', kind: 'signature' }, { kind: 'document-timestamp' }]);
    await desk.call('files.show', { fileId: results[0]?.output?.id ?? '' });
    expect(desk.shown).toEqual([desk.at('one.signed.pdf')]);
  });

  it('go where the person says, and never over a file that is there', async () => {
    desk.chosen.folder = desk.at('results');
    await mkdir(desk.chosen.folder, { recursive: true });
    const { folder } = await desk.call('files.chooseOutput', {});
    expect(folder?.name).toBe('results');
    const path = await desk.put('deal.pdf', await samplePdf('Deal'));
    for (const _ of [1, 2]) {
      const file = await first(path);
      const { results } = await desk.sign({
        files: [{ fileId: file.id }],
        folderId: folder?.id,
        choices: { level: 'B-B' },
      });
      expect(results).toMatchObject([{ state: 'signed', level: 'B-B' }]);
    }
    expect((await readdir(desk.at('results'))).sort()).toEqual(['deal.signed (2).pdf', 'deal.signed.pdf']);
  });

  it('without a path are kept encrypted until they are forgotten', async () => {
    const bytes = await samplePdf('A very particular sentence');
    const { uploadId } = await desk.call('files.receive', { name: '../../dropped.pdf', sizeBytes: bytes.length });
    await desk.call('files.append', { uploadId, bytes: bytes.subarray(0, 100) });
    await desk.call('files.append', { uploadId, bytes: bytes.subarray(100) });
    const file = await desk.call('files.received', { uploadId });
    expect(file).toMatchObject({
      name: '.._.._dropped.pdf'.replace(/^\.\./, ''),
      kind: 'pdf',
      sizeBytes: bytes.length,
    });
    expect(await desk.call('files.read', { fileId: file.id, offset: 0, length: bytes.length })).toEqual(bytes);
    const runs = async () => readdir(desk.at('profile/runs'));
    const [run = ''] = await runs();
    expect((await readFile(join(desk.at('profile/runs'), run))).includes('%PDF')).toBe(false);
    desk.chosen.folder = desk.at('results');
    const { folder } = await desk.call('files.chooseOutput', {});
    const { results } = await desk.sign({ files: [{ fileId: file.id }], folderId: folder?.id });
    expect(results).toMatchObject([{ state: 'signed', level: 'B-T' }]);
    await desk.call('files.forget', { fileIds: [file.id] });
    expect(await runs()).toEqual([]);
  });

  it('that do not come whole are refused', async () => {
    const { uploadId } = await desk.call('files.receive', { name: 'x.pdf', sizeBytes: 10 });
    await desk.call('files.append', { uploadId, bytes: new Uint8Array(9) });
    expect(await codeOf(desk.call('files.append', { uploadId, bytes: new Uint8Array(2) }))).toBe('limit');
    expect(await codeOf(desk.call('files.received', { uploadId }))).toBe('bad-size');
    expect(await codeOf(desk.call('files.received', { uploadId }))).toBe('not-found');
  });

  it('are told apart where one fails: the others are signed', async () => {
    const [good, bad] = [
      await desk.put('good.pdf', await samplePdf('x')),
      await desk.put('bad.pdf', Buffer.from('%PDF-1.4 x')),
    ];
    const gone = await desk.put('gone-soon.pdf', await samplePdf('y'));
    const files = await choose(good, bad, gone);
    await rm(gone);
    const { results } = await desk.sign({ files: files.map(({ id }) => ({ fileId: id })), choices: { level: 'B-B' } });
    expect(results.map(({ state, code }) => [state, code])).toEqual([
      ['signed', undefined],
      ['failed', expect.stringMatching(/^(damaged|not-a-pdf)$/)],
      ['failed', 'file-gone'],
    ]);
  });

  it('are signed as CAdES whatever they are', async () => {
    const file = await first(await desk.put('table.csv', Buffer.from('a,b\n1,2\n')));
    const { results } = await desk.sign({ files: [{ fileId: file.id }], cades: 'attached', choices: { level: 'B-T' } });
    expect(results).toMatchObject([{ state: 'signed', output: { name: 'table.csv.p7m', kind: 'cms' } }]);
  });

  it.each([
    ['B-LT', undefined],
    ['B-LTA', 'level-unsupported'],
  ] as const)('are signed as CAdES up to B-LT, where %s is asked for too', async (level, code) => {
    for (const cades of ['attached', 'detached'] as const) {
      const content = await first(await desk.put(`kept-${cades}.csv`, Buffer.from('a,b\n1,2\n')));
      const { results } = await desk.sign({ files: [{ fileId: content.id }], cades, choices: { level } });
      const [result] = results;
      expect([result?.state, result?.level, result?.code]).toEqual(['signed', 'B-LT', code]);
      const beside = cades === 'detached' ? { contentFileId: content.id } : {};
      const report = await desk.call('files.verify', { fileId: result?.output?.id ?? '', ...beside });
      expect(report).toMatchObject({ valid: true, signatures: [{ level: 'B-LT', revocation: 'good' }] });
    }
  });

  it('state a commitment, a place and a policy where they are chosen, as openssl reads them', async () => {
    const file = await first(await desk.put('stated.csv', Buffer.from('a,b\n1,2\n')));
    const policy = { id: '1.3.6.1.4.1.1', algorithm: 'sha256' as const, hash: new Uint8Array(32).fill(7) };
    const statements = { commitment: 'approval' as const, location: { country: 'LV', locality: 'Rīga' }, policy };
    const choices = { level: 'B-B', reason: 'As agreed' } as const;
    const request = { files: [{ fileId: file.id }], choices, statements };
    const { results } = await desk.sign({ ...request, cades: 'attached' });
    expect(results).toMatchObject([{ state: 'signed' }]);
    const path = desk.at(results[0]?.output?.name ?? '');
    const { output } = await run('openssl', ['cms', '-cmsout', '-print', '-noout', '-inform', 'DER', '-in', path]);
    for (const attribute of ['commitmentType', 'signerLocation', 'sigPolicyId']) expect(output).toContain(attribute);
    expect(output).toContain('id-smime-cti-ets-proofOfApproval');
    const pdf = await first(await desk.put('stated.pdf', await samplePdf('stated')));
    const inPdf = { files: [{ fileId: pdf.id }], statements };
    expect(await codeOf(desk.sign({ ...inPdf, choices }))).toBe('reason-excluded');
    const signed = await desk.sign({ ...inPdf, choices: { level: 'B-B' } });
    expect(signed.results).toMatchObject([{ state: 'signed' }]);
    expect(await pdfsig(desk.at(signed.results[0]?.output?.name ?? ''), desk.at('nss'), 1)).toEqual({
      ok: true,
      said: '',
    });
    const wrong = { ...statements, policy: { ...policy, hash: new Uint8Array(20) } };
    expect(await codeOf(desk.sign({ ...request, cades: 'attached', statements: wrong }))).toBe('bad-input');
  });

  it('are messages with a PDF in them too: judged by what was signed around it, and not signed as a PDF', async () => {
    const letter = await first(await desk.put('letter.pdf', Buffer.from(await samplePdf('Letter'))));
    const wrapped = await desk.sign({ files: [{ fileId: letter.id }], cades: 'attached', choices: { level: 'B-B' } });
    const output = wrapped.results[0]?.output;
    expect(output).toMatchObject({ name: 'letter.pdf.p7m', kind: 'cms' });
    const fileId = output?.id ?? '';
    expect(await desk.call('files.verify', { fileId })).toMatchObject({
      valid: true,
      signatures: [{ signerCommonName: 'Ilze Liepa', cms: 'valid' }],
    });
    const { results } = await desk.sign({ files: [{ fileId }], choices: { level: 'B-B' } });
    expect(results).toMatchObject([{ state: 'failed', code: 'not-a-pdf' }]);
  });

  it('that are signed messages have one more signature put into them, a detached one over its file', async () => {
    const content = await first(await desk.put('minutes.txt', Buffer.from('We agreed')));
    const other = await first(await desk.put('draft.txt', Buffer.from('We did not')));
    for (const cades of ['attached', 'detached'] as const) {
      const once = await desk.sign({ files: [{ fileId: content.id }], cades, choices: { level: 'B-B' } });
      const message = once.results[0]?.output?.id ?? '';
      const beside = cades === 'detached' ? { contentFileId: content.id } : {};
      const again = { cades: 'attached', choices: { level: 'B-T' } } as const;
      const { results } = await desk.sign({ files: [{ fileId: message, ...beside }], ...again });
      const end = cades === 'detached' ? 'p7s' : 'p7m';
      expect(results).toMatchObject([{ state: 'signed', output: { name: `minutes.txt.signed.${end}`, kind: 'cms' } }]);
      const fileId = results[0]?.output?.id ?? '';
      expect(await desk.call('files.verify', { fileId, ...beside })).toMatchObject({
        valid: true,
        signatures: [{ cms: 'valid' }, { cms: 'valid' }],
      });
      if (cades === 'attached') continue;
      const without = await desk.sign({ files: [{ fileId: message }], ...again });
      expect(without.results).toMatchObject([{ state: 'failed', code: 'content-missing' }]);
      const wrong = await desk.sign({ files: [{ fileId: message, contentFileId: other.id }], ...again });
      expect(wrong.results).toMatchObject([{ state: 'failed', code: 'content-mismatch' }]);
    }
  });

  it('are verified as messages too, a detached one against its file', async () => {
    const content = await first(await desk.put('letter.txt', Buffer.from('Dear all')));
    const other = await first(await desk.put('other.txt', Buffer.from('Dear none')));
    for (const cades of ['attached', 'detached'] as const) {
      const { results } = await desk.sign({ files: [{ fileId: content.id }], cades, choices: { level: 'B-T' } });
      const fileId = results[0]?.output?.id ?? '';
      const beside = cades === 'detached' ? { contentFileId: content.id } : {};
      expect(await desk.call('files.verify', { fileId, ...beside })).toMatchObject({
        valid: true,
        signatures: [
          { signerCommonName: 'Ilze Liepa', integrity: 'intact', cms: 'valid', chain: 'trusted', level: 'B-T' },
        ],
      });
      if (cades === 'attached') continue;
      expect(await codeOf(desk.call('files.verify', { fileId }))).toBe('content-missing');
      expect(await desk.call('files.verify', { fileId, contentFileId: other.id })).toMatchObject({
        valid: false,
        signatures: [{ integrity: 'altered', problems: ['digest-mismatch'] }],
      });
    }
    const nonsense = Buffer.concat([
      Buffer.from('3080', 'hex'),
      Buffer.from('06092a864886f70d010702', 'hex'),
      Buffer.alloc(20),
    ]);
    const broken = await first(await desk.put('broken.p7m', nonsense));
    expect(broken.kind).toBe('cms');
    expect(await codeOf(desk.call('files.verify', { fileId: broken.id }))).toBe('bad-cms');
  });

  it('that are damaged and unsigned are written anew where the person says so, as outside judges see it', async () => {
    const whole = Buffer.from(await samplePdf('Damaged in the post'));
    const damaged = Buffer.from(whole.toString('latin1').replace(/startxref\s+\d+/, 'startxref\n7'), 'latin1');
    const file = await first(await desk.put('damaged.pdf', damaged));
    const seen = await desk.call('files.inspect', { fileId: file.id });
    expect(seen).toMatchObject({ repaired: true, blocked: 'damaged', mayRewrite: true });
    const request = { files: [{ fileId: file.id }], choices: { level: 'B-B' } as const };
    expect((await desk.sign(request)).results).toMatchObject([{ state: 'failed', code: 'damaged' }]);
    const { results } = await desk.sign({ ...request, rewrite: true });
    expect(results).toMatchObject([{ state: 'signed', level: 'B-B' }]);
    const path = desk.at(results[0]?.output?.name ?? '');
    expect(await qpdfCheck(path)).toEqual({ ok: true, said: '' });
    expect(await pdfsig(path, desk.at('nss'), 1)).toEqual({ ok: true, said: '' });
    expect(await readFile(desk.at('damaged.pdf'))).toEqual(damaged);
    const signedThenBroken = Buffer.from(
      (await readFile(path)).toString('latin1').replace(/startxref\s+\d+/g, 'startxref\n7'),
      'latin1',
    );
    const again = await first(await desk.put('again.pdf', signedThenBroken));
    expect((await desk.call('files.inspect', { fileId: again.id })).mayRewrite).toBe(false);
    const refused = await desk.sign({ files: [{ fileId: again.id }], choices: { level: 'B-B' }, rewrite: true });
    expect(refused.results).toMatchObject([{ state: 'failed', code: 'already-signed' }]);
  });

  it('spend no second try on a wrong PIN', async () => {
    const file = await first(await desk.put('w.pdf', await samplePdf('w')));
    const { results, stopped } = await desk.sign({ files: [{ fileId: file.id }] }, '000000');
    expect({ stopped, results }).toMatchObject({
      stopped: 'pin-incorrect',
      results: [{ state: 'failed', code: 'pin-incorrect' }],
    });
  });

  it('are refused a level that needs an authority where none is set, before a PIN is asked', async () => {
    await desk.call('settings.change', { timestampAuthorities: [] });
    const file = await first(await desk.put('v.pdf', await samplePdf('v')));
    expect(await codeOf(desk.sign({ files: [{ fileId: file.id }], choices: { level: 'B-LT' } }))).toBe('no-authority');
    await desk.call('settings.change', { timestampAuthorities: [desk.authority.url] });
  });

  it('are not chosen here by a host that has no dialog', async () => {
    desk.chosen.files = undefined;
    expect(await codeOf(desk.call('files.choose', {}))).toBe('no-dialog');
  });
});
