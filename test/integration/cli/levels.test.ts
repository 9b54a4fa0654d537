import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { PDFDocument } from 'pdf-lib';
import { OCSPRequest } from 'pkijs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../contract/pki-sandbox/openssl.ts';
import { createTrustDatabase, pdfsig, qpdfCheck } from '../../sandbox/demo/judges.ts';
import {
  certificatePem,
  issueSigner,
  revoke,
  type SandboxRevocationServer,
  type SandboxTimestampAuthority,
  startServedPki,
  startTimestampAuthority,
} from '../../sandbox/pki/index.ts';
import { createSoftHsmToken, type SoftHsmToken } from '../../sandbox/softhsm.ts';
import { forwardQuery } from './forward-query.ts';
import { type Ran, runCli } from './run-cli.ts';

const PIN = '482913';
let dir: string;
let token: SoftHsmToken;
let server: SandboxRevocationServer;
let authority: SandboxTimestampAuthority;
let rootPem: string;
const at = (name: string) => join(dir, name);

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-levels-'));
  const served = await startServedPki(Date.now());
  server = served.server;
  const { pki } = served;
  const { certificate, privateKey } = await issueSigner(pki, {
    name: 'me',
    commonName: 'Ilze Liepa',
    keyType: 'p-256',
  });
  const gone = await issueSigner(pki, { name: 'gone', commonName: 'Ilze before', keyType: 'p-256' });
  await revoke(pki, gone, { at: Date.now() - 86_400_000, reason: 'key-compromise' });
  token = await createSoftHsmToken(at('token'), {
    label: 'Card',
    pin: PIN,
    soPin: '12345678',
    signers: [
      { label: 'me', id: '01', certificate, privateKey },
      { label: 'gone', id: '02', certificate: gone.certificate, privateKey: gone.privateKey },
    ],
    chain: [pki.issuing.certificate],
  });
  authority = await startTimestampAuthority(pki, { clock: Date });
  rootPem = at('root.pem');
  await writeFile(rootPem, certificatePem(pki.root));
  await createTrustDatabase(at('nss'), rootPem);
  for (const name of ['a.pdf', 'b.pdf']) {
    const pdf = await PDFDocument.create();
    pdf.addPage().drawText(`Document ${name}`);
    await writeFile(at(name), await pdf.save());
  }
});
afterEach(() => server.setState('up'));
afterAll(async () => {
  await authority.stop();
  await server.stop();
  await rm(dir, { recursive: true, force: true });
});

function cli(args: readonly string[], secret?: string, more: NodeJS.ProcessEnv = {}): Promise<Ran> {
  const env = {
    ...token.env,
    ...more,
    COUNTERSIGN_PROFILE: at('profile'),
    XDG_CONFIG_HOME: at('config'),
    XDG_CACHE_HOME: at('cache'),
  };
  return runCli(args, env, secret);
}
const signing = (id = '01') => [
  ...['--module', token.modulePath, '--cert-id', id, '--pin-fd', '3', '--tsa', authority.url, '--trust', rootPem],
];
const levelsOf = async (name: string, ...flags: string[]) => {
  const { code, stdout } = await cli(['verify', at(name), '--trust', rootPem, '--offline', '--json', ...flags]);
  const report = JSON.parse(stdout) as { signatures: { level: string; revocation: string; kind: string }[] };
  return { code, levels: report.signatures.map(({ level }) => level), revocation: report.signatures[0]?.revocation };
};

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
      server.setState('down');
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
      expect(await levelsOf(file.slice(dir.length + 1))).toEqual({ code: 0, levels: ['B-LT'], revocation: 'good' });
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
      const before = authority.requestCount();
      const asked: { what: string; stamps: number }[] = [];
      server.watch((path, body) => {
        const stamps = authority.requestCount() - before;
        for (const about of askedAbout(body)) asked.push({ what: `${path} ${about}`, stamps });
      });
      const { code } = await cli(['sign', ...files, '--out', done, ...signing(), '--level', 'B-LT', ...more], PIN);
      server.watch(undefined);
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

  it('are reached later and renewed, the file growing at its end alone', async () => {
    await cli(['sign', at('a.pdf'), '--out', at('a1.pdf'), ...signing(), '--level', 'B-T'], PIN);
    const before = await readFile(at('a1.pdf'));
    const extend = ['extend', at('a1.pdf'), '--tsa', authority.url, '--trust', rootPem, '--json'];
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
    server.setState('down');
    const { code, stdout } = await cli(
      ['sign', at('b.pdf'), '--out', at('b1.pdf'), ...signing(), '--level', 'B-LT', '--json'],
      PIN,
    );
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject([{ code: 'validation-data-incomplete' }]);
    expect((await levelsOf('b1.pdf')).levels).toEqual(['B-T']);
    server.setState('up');
    expect((await cli(['extend', at('b1.pdf'), '--level', 'B-LT', '--trust', rootPem])).code).toBe(0);
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
    const online = await cli(['verify', at('a3.pdf'), '--trust', rootPem, '--json']);
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
    await forwardQuery(request, response, authority.url);
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
        await forwardQuery(request, response, authority.url);
      },
    );
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    const url = `https://127.0.0.1:${(door.address() as AddressInfo).port}/`;
    try {
      const flags = ['--module', token.modulePath, '--cert-id', '01', '--pin-fd', '3', '--tsa', url];
      const sign = (name: string, secret: string, ...more: string[]) =>
        cli(['sign', at('a.pdf'), '--out', at(name), ...flags, ...more], secret, { NODE_EXTRA_CA_CERTS: cert });
      const shown = ['--tsa-cert', client, '--tsa-cert-password-fd', '3'];
      const p12 = ['pkcs12', '-export', '-inkey', at('client.key'), '-in', at('client.crt'), '-out', at('client.p12')];
      await openssl(...p12, '-passout', 'pass:over the river');
      const file = ['--tsa-cert', at('client.p12'), '--tsa-cert-password-fd', '3'];
      expect(await sign('file.pdf', `over the river\n${PIN}`, ...file)).toMatchObject({ code: 0, stderr: '' });
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
        token.modulePath,
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

describe('sign --cades', () => {
  const openssl = async (message: string, ...more: string[]) => {
    const trusted = ['-CAfile', rootPem, '-purpose', 'any', '-cades', '-binary', '-out', at('content.out')];
    return (await run('openssl', ['cms', '-verify', '-inform', 'DER', '-in', message, ...trusted, ...more])).code;
  };

  it('signs any file around, beside, and once more in parallel, as openssl sees it', async () => {
    await writeFile(at('letter.txt'), 'Dear all,\r\n'.repeat(100_000));
    const out = await mkdtemp(at('cades-'));
    const flags = ['--cades', '--out', out, ...signing()];
    expect(await cli(['sign', at('letter.txt'), ...flags, '--level', 'B-LT'], PIN)).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await cli(['sign', at('letter.txt'), ...flags, '--detached'], PIN)).toMatchObject({ code: 0, stderr: '' });
    expect(await cli(['sign', join(out, 'letter.txt.p7m'), ...flags], PIN)).toMatchObject({ code: 0, stderr: '' });
    for (const name of ['letter.txt.p7m', 'letter.txt.signed.p7m']) {
      expect(await openssl(join(out, name))).toBe(0);
      expect((await readFile(at('content.out'))).equals(await readFile(at('letter.txt')))).toBe(true);
    }
    expect(await openssl(join(out, 'letter.txt.p7s'), '-content', at('letter.txt'))).toBe(0);
    expect(await openssl(join(out, 'letter.txt.p7s'), '-content', at('a.pdf'))).not.toBe(0);
  });

  it('signs a detached message once more where its content is named, and refuses another content', async () => {
    await writeFile(at('note.txt'), 'Agreed.\r\n');
    await writeFile(at('other.txt'), 'Agreed?\r\n');
    const out = await mkdtemp(at('detached-'));
    const flags = ['--cades', '--out', out, ...signing()];
    expect(await cli(['sign', at('note.txt'), ...flags, '--detached'], PIN)).toMatchObject({ code: 0, stderr: '' });
    const [once, twice] = [join(out, 'note.txt.p7s'), join(out, 'note.txt.signed.p7s')];
    for (const [content, expected] of [
      [[], 'content-missing'],
      [['--content', at('other.txt')], 'content-mismatch'],
    ] as const) {
      const refused = await cli(['sign', once, ...flags, ...content, '--json'], PIN);
      expect([refused.code, JSON.parse(refused.stdout)]).toMatchObject([3, [{ code: expected }]]);
      await expect(stat(twice)).rejects.toThrow('ENOENT');
    }
    const again = await cli(['sign', once, ...flags, '--content', at('note.txt')], PIN);
    expect(again).toMatchObject({ code: 0, stderr: '' });
    expect(await openssl(twice, '-content', at('note.txt'))).toBe(0);
    expect(await openssl(twice, '-content', at('other.txt'))).not.toBe(0);
    const verified = await cli(['verify', twice, '--content', at('note.txt'), '--trust', rootPem, '--json']);
    expect([verified.code, JSON.parse(verified.stdout)]).toMatchObject([
      0,
      { valid: true, signatures: [{ level: 'B-T' }, { level: 'B-T' }] },
    ]);
    expect((await cli(['sign', at('note.txt'), ...flags, '--content', at('note.txt')], PIN)).code).toBe(2);
  });

  it('keeps in the message what says later, without a network, that nothing was revoked', async () => {
    const out = await mkdtemp(at('kept-'));
    const sign = (file: string, ...flags: string[]) =>
      cli(['sign', file, '--cades', '--out', out, ...signing(), ...flags], PIN);
    expect(await sign(at('a.pdf'), '--level', 'B-LT')).toMatchObject({ code: 0, stderr: '' });
    const message = join(out, 'a.pdf.p7m').slice(dir.length + 1);
    expect(await levelsOf(message)).toEqual({ code: 0, levels: ['B-LT'], revocation: 'good' });
    // Without a root to trust nothing is kept that could be relied on.
    const { stdout } = await cli(['verify', at(message), '--offline', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ signatures: [{ level: 'B-T', revocation: 'not-checked' }] });
    expect(await sign(at('b.pdf'), '--level', 'B-T')).toMatchObject({ code: 0 });
    const plain = await levelsOf(join(out, 'b.pdf.p7m').slice(dir.length + 1));
    expect(plain).toEqual({ code: 0, levels: ['B-T'], revocation: 'not-checked' });
  });

  it('keeps the B-T signature where the responders are away, and is raised later, around and beside', async () => {
    const out = await mkdtemp(at('later-'));
    for (const [name, ...flags] of [['a.pdf.p7m'], ['a.pdf.p7s', '--detached']] as const) {
      server.setState('down');
      const sign = ['sign', at('a.pdf'), '--cades', '--out', out, ...signing(), '--level', 'B-LT', '--json', ...flags];
      const signed = await cli(sign, PIN);
      expect([signed.code, JSON.parse(signed.stdout)]).toMatchObject([3, [{ code: 'validation-data-incomplete' }]]);
      server.setState('up');
      const path = join(out, name);
      const beside = name.endsWith('p7s') ? ['--content', at('a.pdf')] : [];
      const message = path.slice(dir.length + 1);
      expect((await levelsOf(message, ...beside)).levels).toEqual(['B-T']);
      const extend = ['extend', path, '--level', 'B-LT', '--trust', rootPem];
      if (beside.length > 0) expect((await cli([...extend, '--content', at('b.pdf')])).code).toBe(3);
      expect(await cli([...extend, ...beside])).toMatchObject({ code: 0, stderr: '' });
      expect(await levelsOf(message, ...beside)).toEqual({ code: 0, levels: ['B-LT'], revocation: 'good' });
      expect(await openssl(path, ...(beside.length > 0 ? ['-content', at('a.pdf')] : []))).toBe(0);
      const again = await cli([...extend, '--json']);
      expect(JSON.parse(again.stdout)).toMatchObject([{ addedBytes: 0 }]);
      expect((await cli(['extend', path, '--level', 'B-LTA', '--tsa', authority.url])).code).toBe(3);
    }
  });

  it('at B-B is raised to B-T and B-LT later', async () => {
    const flags = ['--module', token.modulePath, '--cert-id', '01', '--pin-fd', '3', '--level', 'B-B'];
    expect((await cli(['sign', at('a.pdf'), '--cades', '--out', at('bb.p7m'), ...flags], PIN)).code).toBe(0);
    for (const level of ['B-T', 'B-LT']) {
      const extend = ['extend', at('bb.p7m'), '--level', level, '--trust', rootPem, '--tsa', authority.url];
      expect(await cli(extend)).toMatchObject({ code: 0, stderr: '' });
      expect(await levelsOf('bb.p7m')).toMatchObject({ code: 0, levels: [level] });
    }
  });

  it('beside an earlier signature raises its own alone', async () => {
    const out = await mkdtemp(at('own-'));
    const flags = ['--cades', '--out', out, ...signing()];
    expect((await cli(['sign', at('a.pdf'), ...flags, '--level', 'B-T'], PIN)).code).toBe(0);
    const both = await cli(['sign', join(out, 'a.pdf.p7m'), ...flags, '--level', 'B-LT'], PIN);
    expect(both).toMatchObject({ code: 0, stderr: '' });
    expect(await openssl(join(out, 'a.pdf.signed.p7m'))).toBe(0);
  });

  it('goes up to B-LT', async () => {
    const { code } = await cli(['sign', at('a.pdf'), '--cades', ...signing(), '--level', 'B-LTA'], PIN);
    expect(code).toBe(2);
  });
});
