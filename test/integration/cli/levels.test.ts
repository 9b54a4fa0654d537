/** Levels past B-B at the command line: reached while signing and later, with authorities that ask who is there. */
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { OCSPRequest } from 'pkijs';
import { describe, expect, it } from 'vitest';
import { run } from '../../contract/pki-sandbox/openssl.ts';
import { pdfsig, qpdfCheck } from '../../sandbox/demo/judges.ts';
import { forwardQuery } from './forward-query.ts';
import { levelsStage, PIN } from './levels-stage.ts';

const { stage, at, cli, signing, levelsOf } = levelsStage();

/** The certificates that an OCSP request asks about, nonce and all else apart: bodies differ by it. Of a GET, nothing. */
function askedAbout(body: Uint8Array): string[] {
  if (body.length === 0) return [''];
  const { requestList } = OCSPRequest.fromBER(body).tbsRequest;
  return requestList.map(({ reqCert }) => Buffer.from(reqCert.toSchema().toBER()).toString('hex'));
}

describe('a certificate that is revoked', () => {
  const sign = (...flags: string[]) => {
    const { json, out } = { json: '--json', out: at(`gone-${flags.length}.pdf`) };
    return cli(['sign', at('a.pdf'), '--out', out, ...signing('02'), json, ...flags], 'no-such-PIN');
  };

  it('costs no try of its PIN', async () => {
    const { code, stdout } = await sign('--level', 'B-T');
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'certificate-revoked' } });
    expect(code).toBe(5);
  });

  it('is not asked about where nothing is asked of the network, nor by a network that is not there', async () => {
    for (const flags of [
      ['--level', 'B-B'],
      ['--level', 'B-T'],
    ]) {
      stage().server.setState('down');
      await rm(at('cache'), { recursive: true, force: true });
      const { code, stdout } = await sign(...flags);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'pin-incorrect' } });
      expect(code).toBe(4);
    }
  });
});

describe('levels past B-T', () => {
  it('are reached while signing, several at once, as outside judges see it', async () => {
    const out = await mkdtemp(at('out-'));
    const { code, stderr } = await cli(
      ['sign', at('a.pdf'), at('b.pdf'), '--out', out, ...signing(), '--level', 'B-LT'],
      PIN,
    );
    expect([code, stderr]).toEqual([0, '']);
    for (const name of ['a', 'b']) {
      const file = join(out, `${name}.signed.pdf`);
      expect(await qpdfCheck(file)).toEqual({ ok: true, said: '' });
      expect(await levelsOf(file.slice(stage().dir.length + 1))).toEqual({
        code: 0,
        levels: ['B-LT'],
        revocation: 'good',
      });
    }
  });

  it.each([
    ['PDFs', []],
    ['messages', ['--cades']],
    ['messages beside their content', ['--cades', '--detached']],
  ])('cost a batch of %s the questions of one file, asked after its last timestamp', async (_what, more) => {
    const batch = async (count: number) => {
      const out = await mkdtemp(at('many-'));
      const files = Array.from({ length: count }, (_, index) => join(out, `in-${index}.pdf`));
      for (const file of files) await copyFile(at('a.pdf'), file);
      const done = await mkdtemp(at('done-'));
      await rm(at('cache'), { recursive: true, force: true });
      const before = stage().authority.requestCount();
      const asked: { what: string; stamps: number }[] = [];
      stage().server.watch((path, body) => {
        const stamps = stage().authority.requestCount() - before;
        for (const about of askedAbout(body)) asked.push({ what: `${path} ${about}`, stamps });
      });
      const { code } = await cli(['sign', ...files, '--out', done, ...signing(), '--level', 'B-LT', ...more], PIN);
      stage().server.watch(undefined);
      expect(code).toBe(0);
      // What is asked before the PIN is asked before the first timestamp.
      const kept = asked.filter(({ stamps }) => stamps > 0);
      expect(kept.every(({ stamps }) => stamps === count)).toBe(true);
      const whats = kept.map(({ what }) => what).toSorted();
      expect(whats).toEqual([...new Set(whats)]);
      return whats;
    };
    const ofOne = await batch(1);
    expect(ofOne.length).toBeGreaterThan(0);
    expect(await batch(6)).toEqual(ofOne);
  });

  it.each([
    ['PDFs', []],
    ['messages', ['--cades']],
  ])('are reached later by many %s at once: all timestamps first, then each question once', async (_what, more) => {
    const folder = await mkdtemp(at('later-'));
    // More than are worked on at a time.
    const count = 9;
    const files = Array.from({ length: count }, (_, index) => join(folder, `in-${index}.pdf`));
    for (const file of files) await copyFile(at('a.pdf'), file);
    const key = ['--module', stage().token.modulePath, '--cert-id', '01', '--pin-fd', '3'];
    expect((await cli(['sign', ...files, '--out', join(folder, 'signed'), ...key, ...more], PIN)).code).toBe(0);
    const signed = (await readdir(join(folder, 'signed'))).map((name) => join(folder, 'signed', name));
    const before = stage().authority.requestCount();
    const asked: { what: string; stamps: number }[] = [];
    stage().server.watch((path, body) => {
      const stamps = stage().authority.requestCount() - before;
      for (const about of askedAbout(body)) asked.push({ what: `${path} ${about}`, stamps });
    });
    const network = ['--tsa', stage().authority.url, '--trust', stage().rootPem];
    const { code, stderr } = await cli(['extend', ...signed, '--level', 'B-LT', ...network]);
    stage().server.watch(undefined);
    expect([code, stderr]).toEqual([0, '']);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ stamps }) => stamps !== count)).toEqual([]);
    const whats = asked.map(({ what }) => what);
    expect(whats.toSorted()).toEqual([...new Set(whats)].toSorted());
    for (const file of signed) expect((await levelsOf(file.slice(stage().dir.length + 1))).levels[0]).toBe('B-LT');
  });

  it('are reached later and renewed, the file growing at its end alone', async () => {
    await cli(['sign', at('a.pdf'), '--out', at('a1.pdf'), ...signing(), '--level', 'B-T'], PIN);
    const before = await readFile(at('a1.pdf'));
    const extend = ['extend', at('a1.pdf'), '--tsa', stage().authority.url, '--trust', stage().rootPem, '--json'];
    const first = await cli([...extend, '--level', 'B-LTA', '--out', at('a2.pdf')]);
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject([{ output: at('a2.pdf'), details: [] }]);
    const after = await readFile(at('a2.pdf'));
    expect(after.subarray(0, before.length).equals(before)).toBe(true);
    expect((await levelsOf('a2.pdf')).levels).toEqual(['B-LTA', 'none']);
    expect((await cli(['extend', at('a2.pdf'), '--level', 'B-LTA', ...extend.slice(2)])).code).toBe(0);
    expect((await levelsOf('a2.pdf')).levels).toEqual(['B-LTA', 'none', 'none']);
    expect(await qpdfCheck(at('a2.pdf'))).toEqual({ ok: true, said: '' });
    expect((await pdfsig(at('a1.pdf'), at('nss'), 1)).ok).toBe(true);
    const later = new Date(Date.now() + 400 * 24 * 3_600_000).toISOString();
    expect(await levelsOf('a2.pdf', '--at', later)).toMatchObject({ code: 0, revocation: 'good' });
  });

  it('keep the B-T signature where the responders are away, and say so', async () => {
    stage().server.setState('down');
    const { code, stdout } = await cli(
      ['sign', at('b.pdf'), '--out', at('b1.pdf'), ...signing(), '--level', 'B-LT', '--json'],
      PIN,
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject([{ code: 'validation-data-incomplete' }]);
    expect((await levelsOf('b1.pdf')).levels).toEqual(['B-T']);
    stage().server.setState('up');
    expect((await cli(['extend', at('b1.pdf'), '--level', 'B-LT', '--trust', stage().rootPem])).code).toBe(0);
    expect((await levelsOf('b1.pdf')).levels).toEqual(['B-LT']);
  });

  it.each([
    ['no level', ['extend', 'a.pdf'], 2],
    ['an unknown level', ['extend', 'a.pdf', '--level', 'B-X'], 2],
    ['a file without signatures', ['extend', 'a.pdf', '--level', 'B-LT'], 3],
    ['a file that is not there', ['extend', 'none.pdf', '--level', 'B-LT'], 7],
    ['a moment that is none', ['verify', 'a.pdf', '--at', 'tomorrow'], 2],
  ])('end with the right exit on %s', async (_what, [command = '', file = '', ...flags], exit) => {
    expect((await cli([command, at(file), ...flags])).code).toBe(exit);
  });

  it('ask the network about a revocation unless they may not, and open no profile', async () => {
    await cli(['sign', at('a.pdf'), '--out', at('a3.pdf'), ...signing(), '--level', 'B-T'], PIN);
    const online = await cli(['verify', at('a3.pdf'), '--trust', stage().rootPem, '--json']);
    expect(JSON.parse(online.stdout)).toMatchObject({ signatures: [{ revocation: 'good', level: 'B-T' }] });
    expect((await levelsOf('a3.pdf')).revocation).toBe('unknown');
    await expect(stat(at('profile'))).rejects.toThrow('ENOENT');
    await expect(stat(at('config'))).rejects.toThrow('ENOENT');
  });
});

/** The authority behind a door that lets in who knows the name and password (RFC 7617). */
async function openDoor(login: string) {
  const seen: (string | undefined)[] = [];
  const door = createServer(async (request, response) => {
    const { authorization } = request.headers;
    seen.push(authorization);
    if (authorization !== `Basic ${Buffer.from(login).toString('base64')}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic' }).end();
      return;
    }
    await forwardQuery(request, response, stage().authority.url);
  });
  door.listen(0, '127.0.0.1');
  await once(door, 'listening');
  const { port } = door.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/`, seen, close: () => new Promise((resolve) => door.close(resolve)) };
}

describe('a timestamp authority that asks for a certificate', () => {
  it('is shown the one named, and nobody else; without it the signature is kept as B-B', async () => {
    const openssl = (...args: string[]) => run('openssl', args);
    const [key, cert, client] = [at('door.key'), at('door.pem'), at('client.pem')];
    const self = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1'];
    await openssl(...self, '-keyout', key, '-out', cert, ...names);
    await openssl(...self, '-keyout', at('client.key'), '-out', at('client.crt'), '-subj', '/CN=clinic');
    await openssl(
      'pkcs8',
      '-topk8',
      '-in',
      at('client.key'),
      '-out',
      at('client.enc'),
      '-passout',
      'pass:over the river',
    );
    await writeFile(client, Buffer.concat([await readFile(at('client.crt')), await readFile(at('client.enc'))]));
    const seen: string[] = [];
    const options = { key: await readFile(key), cert: await readFile(cert), ca: await readFile(at('client.crt')) };
    const door = createTlsServer(
      { ...options, requestCert: true, rejectUnauthorized: true },
      async (request, response) => {
        seen.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN));
        await forwardQuery(request, response, stage().authority.url);
      },
    );
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    const url = `https://127.0.0.1:${(door.address() as AddressInfo).port}/`;
    try {
      const flags = ['--module', stage().token.modulePath, '--cert-id', '01', '--pin-fd', '3', '--tsa', url];
      const sign = (name: string, secret: string, ...more: string[]) =>
        cli(['sign', at('a.pdf'), '--out', at(name), ...flags, ...more], secret, { NODE_EXTRA_CA_CERTS: cert });
      const shown = ['--tsa-cert', client, '--tsa-cert-password-fd', '3'];
      const p12 = ['pkcs12', '-export', '-inkey', at('client.key'), '-in', at('client.crt'), '-out', at('client.p12')];
      await openssl(...p12, '-passout', 'pass:over the river');
      const file = ['--tsa-cert', at('client.p12'), '--tsa-cert-password-fd', '3'];
      expect(await sign('file.pdf', `over the river\n${PIN}`, ...file)).toMatchObject({ code: 0, stderr: '' });
      expect((await sign('other.pdf', `under it\n${PIN}`, ...file)).code).toBe(2);
      expect(seen.splice(0)).toEqual(['clinic']);
      // In RC2-40 and 3DES, which TLS cannot open.
      await openssl(...p12, '-legacy', '-passout', 'pass:over the river');
      expect(await sign('old.pdf', `over the river\n${PIN}`, ...file)).toMatchObject({ code: 0, stderr: '' });
      expect((await sign('other.pdf', `under it\n${PIN}`, ...file)).code).toBe(2);
      expect(seen.splice(0)).toEqual(['clinic']);
      expect(await sign('shown.pdf', `over the river\n${PIN}`, ...shown)).toMatchObject({ code: 0, stderr: '' });
      expect(seen).toEqual(['clinic']);
      expect((await levelsOf('shown.pdf')).levels).toEqual(['B-T']);
      expect((await sign('other.pdf', `under it\n${PIN}`, ...shown)).code).toBe(2);
      expect((await sign('none.pdf', PIN)).code).toBe(3);
      expect((await levelsOf('none.pdf')).levels).toEqual(['B-B']);
      expect(seen).toEqual(['clinic']);
    } finally {
      door.close();
      door.closeAllConnections();
    }
  });
});

describe('a timestamp authority with a password', () => {
  it('is asked with it; with a wrong one once, and the signature is kept as B-B', async () => {
    const door = await openDoor('clinic:s3cret word');
    try {
      const flags = [
        '--module',
        stage().token.modulePath,
        '--cert-id',
        '01',
        '--pin-fd',
        '3',
        '--tsa',
        door.url,
        '--tsa-user',
        'clinic',
      ];
      const sign = (name: string, password: string) =>
        cli(['sign', at('a.pdf'), '--out', at(name), ...flags, '--tsa-password-fd', '3'], `${password}\n${PIN}`);
      expect(await sign('door.pdf', 's3cret word')).toMatchObject({ code: 0, stderr: '' });
      expect((await levelsOf('door.pdf')).levels).toEqual(['B-T']);
      const asked = door.seen.length;
      const { code, stdout, stderr } = await sign('shut.pdf', 'guess');
      expect(code).toBe(3);
      expect(door.seen.length - asked).toBe(1);
      expect((await levelsOf('shut.pdf')).levels).toEqual(['B-B']);
      expect(stdout + stderr).not.toContain('guess');
    } finally {
      await door.close();
    }
  });

  it('is the only one named, so that no other one sees the password', async () => {
    const flags = [...signing(), '--tsa', 'http://127.0.0.1:9/', '--tsa-user', 'clinic', '--tsa-password-fd', '3'];
    expect((await cli(['sign', at('a.pdf'), '--out', at('two.pdf'), ...flags], `x\n${PIN}`)).code).toBe(2);
  });
});
