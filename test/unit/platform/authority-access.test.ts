import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AuthorityBook, openAuthorityBook } from '../../../main/platform/authority-access.ts';
import { asTlsKey, type ClientCertificate } from '../../../main/platform/client-certificate.ts';

const [secure, plain, here] = ['https://tsa.example/', 'http://tsa.example/', 'http://127.0.0.1:9/'];
const PASSPHRASE = 'over the river';
let dir: string;
let pkcs12: Uint8Array;
/** In RC2-40 and 3DES. */
let oldPkcs12: Uint8Array;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'authority-access-'));
  const at = (name: string) => join(dir, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=clinic'],
    ...['-keyout', at('key'), '-out', at('crt')],
  );
  openssl(
    'pkcs12',
    '-export',
    '-inkey',
    at('key'),
    '-in',
    at('crt'),
    '-out',
    at('p12'),
    '-passout',
    `pass:${PASSPHRASE}`,
  );
  pkcs12 = new Uint8Array(readFileSync(at('p12')));
  const old = ['pkcs12', '-export', '-legacy', '-inkey', at('key'), '-in', at('crt'), '-out', at('old')];
  openssl(...old, '-passout', `pass:${PASSPHRASE}`);
  oldPkcs12 = new Uint8Array(readFileSync(at('old')));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

let urls: string[];
let kept: Map<string, string>;
let opened: ClientCertificate[];
let closed: number;
let book: AuthorityBook;
const open = () =>
  openAuthorityBook({
    store: {
      setting: async (key) => kept.get(key),
      saveSetting: async (key, value) => void kept.set(key, value),
    },
    urls: () => urls,
    openHttp: (client) => {
      opened.push(client);
      const never = () => Promise.reject(new Error('not asked here'));
      return { request: never, stream: never, close: async () => void closed++ };
    },
  });
beforeEach(async () => {
  [urls, kept, opened, closed] = [[secure, plain, here], new Map(), [], 0];
  book = await open();
});
const refusal = (work: Promise<void>) => work.then(() => 'none').catch(({ code }: { code: string }) => code);

describe('what a timestamp authority is signed in to with', () => {
  it('is handed to the pool, kept over a restart, and shown without its secret', async () => {
    await book.setPassword(secure, 'clinic', 's3cret word');
    await book.setPassword(here, 'me', 'x');
    for (const one of [book, await open()]) {
      expect(one.authorities()).toEqual([
        { url: secure, basicAuth: { user: 'clinic', password: 's3cret word' } },
        { url: plain },
        { url: here, basicAuth: { user: 'me', password: 'x' } },
      ]);
      expect(JSON.stringify(one.list())).not.toContain('s3cret');
      expect(one.list()).toEqual([
        { url: secure, access: 'password', user: 'clinic' },
        { url: plain, access: 'none' },
        { url: here, access: 'password', user: 'me' },
      ]);
    }
  });

  it('is a certificate that is shown through a port of its own, closed when it is let go of', async () => {
    await book.setCertificate(secure, 'clinic.p12', pkcs12, PASSPHRASE);
    expect(book.list()[0]).toEqual({ url: secure, access: 'certificate', fileName: 'clinic.p12' });
    const [first] = book.authorities();
    expect(first?.http).toBeDefined();
    expect(book.authorities()[0]).toBe(first);
    expect(opened).toEqual([{ pkcs12, passphrase: PASSPHRASE }]);
    await book.setPassword(secure, 'clinic', 'x');
    expect(closed).toBe(1);
    expect(book.authorities()[0]).toEqual({ url: secure, basicAuth: { user: 'clinic', password: 'x' } });
    await book.setCertificate(secure, 'clinic.p12', pkcs12, PASSPHRASE);
    book.authorities();
    await book.close();
    expect(closed).toBe(2);
  });

  it('is a certificate out of an old file too, over a restart', async () => {
    await book.setCertificate(secure, 'old.p12', oldPkcs12, PASSPHRASE);
    book.authorities();
    (await open()).authorities();
    const pem = expect.stringMatching(/^-----BEGIN PRIVATE KEY-----.*-----BEGIN CERTIFICATE-----/s);
    expect(opened).toEqual([{ pem }, { pem }]);
    for (const one of opened) expect(() => createSecureContext(asTlsKey(one))).not.toThrow();
    expect(book.list()[0]).toEqual({ url: secure, access: 'certificate', fileName: 'old.p12' });
    expect(await refusal(book.setCertificate(secure, 'a.p12', oldPkcs12, 'under it'))).toBe('passphrase-incorrect');
    const broken = oldPkcs12.slice(0, 200);
    expect(await refusal(book.setCertificate(secure, 'a.p12', broken, PASSPHRASE))).toBe('key-file-unreadable');
  });

  it('is refused where it would be read on the way, or cannot be used', async () => {
    expect(await refusal(book.setPassword(plain, 'clinic', 'x'))).toBe('insecure-url');
    expect(await refusal(book.setPassword('https://other.example/', 'clinic', 'x'))).toBe('not-found');
    expect(await refusal(book.setPassword(secure, 'a:b', 'x'))).toBe('bad-user');
    expect(await refusal(book.setCertificate(here, 'a.p12', pkcs12, PASSPHRASE))).toBe('insecure-url');
    expect(await refusal(book.setCertificate(secure, 'a.p12', pkcs12, 'under it'))).toBe('passphrase-incorrect');
    const broken = pkcs12.slice(0, 200);
    expect(await refusal(book.setCertificate(secure, 'a.p12', broken, PASSPHRASE))).toBe('key-file-unreadable');
    expect(await refusal(book.clear('https://other.example/'))).toBe('not-found');
    expect(kept.size).toBe(0);
  });

  it('goes with its authority, and when it is cleared', async () => {
    await book.setPassword(secure, 'clinic', 's3cret word');
    await book.setPassword(here, 'me', 'other word');
    urls = [here];
    await book.prune();
    expect([...kept.values()].join()).not.toContain('s3cret');
    await book.clear(here);
    expect([...kept.values()].join()).not.toContain('other word');
    urls = [secure, here];
    expect(book.list().map(({ access }) => access)).toEqual(['none', 'none']);
  });

  it('counts as nothing where it cannot be read', async () => {
    kept.set('timestampAccess', '{"https://tsa.example/":{"kind":"smoke signals"}}');
    expect((await open()).list().map(({ access }) => access)).toEqual(['none', 'none', 'none']);
  });
});
