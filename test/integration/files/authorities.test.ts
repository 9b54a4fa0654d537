/** Timestamp authorities that want a password or a certificate, from the window's calls to the timestamp, and what is left of the secrets. */
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../contract/pki-sandbox/openssl.ts';
import { forwardQuery } from '../cli/forward-query.ts';
import { type DeskFiles, openDeskFiles, samplePdf } from './desk-files.ts';

const PASSWORD = 's3cret-word-of-the-clinic';
const PASSPHRASE = 'over-the-river';
let desk: DeskFiles;
beforeAll(async () => {
  desk = await openDeskFiles();
});
afterAll(() => desk.close());

const codeOf = (work: Promise<unknown>) => work.then(() => 'none').catch(({ code }: { code: string }) => code);

/** Signs a file of its own; the level reached and the code, if any. */
async function signed(name: string) {
  const { files } = await chosen(await desk.put(name, await samplePdf(name)));
  const [result] = (await desk.sign({ files: files.map(({ id }) => ({ fileId: id })) })).results;
  return { state: result?.state, level: result?.level, code: result?.code };
}
async function chosen(path: string) {
  desk.chosen.files = [path];
  return desk.call('files.choose', {});
}

/** The authority behind a door that lets in who knows the name and password (RFC 7617). */
async function passwordDoor() {
  const seen: (string | undefined)[] = [];
  const door = createServer(async (request, response) => {
    seen.push(request.headers.authorization);
    const known = `Basic ${Buffer.from(`clinic:${PASSWORD}`).toString('base64')}`;
    if (request.headers.authorization === known) return forwardQuery(request, response, desk.authority.url);
    response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const url = `http://127.0.0.1:${(door.address() as AddressInfo).port}/`;
  return { url, seen, close: () => door.close() };
}

/** The authority behind a door that asks who is there (RFC 8446, 4.4.2), and a PKCS#12 file for it. */
async function certificateDoor() {
  const at = (name: string) => desk.at(name);
  const self = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
  await run('openssl', [...self, '-keyout', at('door.key'), '-out', at('door.pem'), ...names]);
  await run('openssl', [...self, '-keyout', at('clinic.key'), '-out', at('clinic.crt'), '-subj', '/CN=clinic']);
  const p12 = ['pkcs12', '-export', '-inkey', at('clinic.key'), '-in', at('clinic.crt'), '-out', at('clinic.p12')];
  expect(await run('openssl', [...p12, '-passout', `pass:${PASSPHRASE}`])).toMatchObject({ code: 0 });
  const [key, cert, ca] = await Promise.all(['door.key', 'door.pem', 'clinic.crt'].map((name) => readFile(at(name))));
  const seen: string[] = [];
  const answer: RequestListener = async (request, response) => {
    seen.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
    await forwardQuery(request, response, desk.authority.url);
  };
  const door = createTlsServer({ key, cert, ca, requestCert: true, rejectUnauthorized: true }, answer);
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const close = () => {
    door.close();
    door.closeAllConnections();
  };
  return { url: `https://127.0.0.1:${(door.address() as AddressInfo).port}/`, seen, close };
}

/** What lies in the profile's folder in clear, log among it. */
async function written(): Promise<Buffer> {
  const root = desk.at('profile');
  const names = await readdir(root, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => readFile(join(entry.parentPath, entry.name)));
  return Buffer.concat(await Promise.all(files));
}

describe('a timestamp authority that wants a password', () => {
  it('gets it from the profile, where it lies encrypted and is shown to nobody', async () => {
    const door = await passwordDoor();
    try {
      await desk.call('settings.change', { timestampAuthorities: [door.url] });
      expect(await signed('shut.pdf')).toEqual({ state: 'signed', level: 'B-B', code: 'rejected' });
      await desk.call('authorities.setPassword', { url: door.url, user: 'clinic', password: PASSWORD });
      expect(await signed('open.pdf')).toEqual({ state: 'signed', level: 'B-T', code: undefined });
      const answers = [
        await desk.call('authorities.list', {}),
        await desk.call('settings.get', {}),
        await desk.call('diagnostics.preview', {}),
      ];
      expect(answers[0]).toEqual([{ url: door.url, access: 'password', user: 'clinic' }]);
      const encoded = Buffer.from(`clinic:${PASSWORD}`).toString('base64');
      for (const secret of [PASSWORD, encoded]) {
        expect(JSON.stringify(answers)).not.toContain(secret);
        expect((await written()).includes(secret)).toBe(false);
      }
      expect(
        await codeOf(desk.call('authorities.setPassword', { url: 'http://x.example/', user: 'a', password: '' })),
      ).toBe('not-found');
      await desk.call('authorities.clear', { url: door.url });
      expect(await signed('again.pdf')).toMatchObject({ level: 'B-B', code: 'rejected' });
      expect(door.seen).toEqual([undefined, `Basic ${encoded}`, undefined]);
    } finally {
      door.close();
    }
  });
});

describe('a timestamp authority that asks for a certificate', () => {
  it('is shown the one kept for it, and no other authority is', async () => {
    const door = await certificateDoor();
    try {
      await writeFile(desk.at('ca.pem'), await readFile(desk.at('door.pem')));
      await desk.call('settings.change', { timestampAuthorities: [door.url], caFile: desk.at('ca.pem') });
      await desk.reopen();
      expect(await signed('unknown.pdf')).toMatchObject({ level: 'B-B' });
      const pkcs12 = new Uint8Array(await readFile(desk.at('clinic.p12')));
      const given = { url: door.url, fileName: 'clinic.p12', pkcs12 };
      expect(await codeOf(desk.call('authorities.setCertificate', { ...given, passphrase: 'under it' }))).toBe(
        'passphrase-incorrect',
      );
      await desk.call('authorities.setCertificate', { ...given, passphrase: PASSPHRASE });
      expect(await signed('shown.pdf')).toEqual({ state: 'signed', level: 'B-T', code: undefined });
      expect(door.seen).toEqual(['clinic']);
      expect((await written()).includes(PASSPHRASE)).toBe(false);
      await desk.reopen();
      expect(await desk.call('authorities.list', {})).toEqual([
        { url: door.url, access: 'certificate', fileName: 'clinic.p12' },
      ]);
      expect(await signed('later.pdf')).toMatchObject({ level: 'B-T' });
      await desk.call('settings.change', { timestampAuthorities: [desk.authority.url] });
      expect(await signed('other.pdf')).toMatchObject({ level: 'B-T' });
      await desk.call('settings.change', { timestampAuthorities: [door.url] });
      expect(await desk.call('authorities.list', {})).toEqual([{ url: door.url, access: 'none' }]);
    } finally {
      door.close();
    }
  });
});
