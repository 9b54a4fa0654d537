import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { SubjectAlternativeNameExtension, X509CertificateGenerator } from '@peculiar/x509';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HttpError, HttpPort, HttpRequest } from '../../../main/platform/http.ts';
import { createHttp } from '../../../main/platform/undici-http.ts';

const get = (url: string): HttpRequest => ({ method: 'GET', url, timeoutMs: 10_000, maxResponseBytes: 1000 });

/** A certificate that is its own root, and its key, PEM. */
async function selfSigned(
  name: string,
  validity: { notBefore?: Date; notAfter?: Date } = {},
): Promise<{ cert: string; key: string }> {
  const keys = await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${name}`,
    keys,
    ...validity,
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
    extensions: [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return { cert: certificate.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----` };
}

let pair: { cert: string; key: string };
let server: Server;
let tlsPort: number;
const ports: HttpPort[] = [];
const http = (options: Parameters<typeof createHttp>[0]) => {
  const made = createHttp(options);
  ports.push(made);
  return made;
};

beforeAll(async () => {
  pair = await selfSigned('localhost');
  server = createServer(pair, (request, response) => response.end(`over tls: ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tlsPort = (server.address() as AddressInfo).port;
});
afterAll(async () => {
  for (const port of ports) await port.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function failure(run: Promise<unknown>): Promise<unknown> {
  return run.then(
    () => 'no failure',
    ({ code, sent }: HttpError) => ({ code, sent }),
  );
}

describe('TLS', () => {
  it('refuses a server nobody vouches for, before the request is sent', async () => {
    expect(await failure(http({}).request(get(`https://localhost:${tlsPort}/`)))).toEqual({
      code: 'certificate-untrusted',
      sent: false,
    });
  });

  it('trusts the CA file', async () => {
    const answer = await http({ caPem: pair.cert }).request(get(`https://localhost:${tlsPort}/x`));
    expect(Buffer.from(answer.body).toString()).toBe('over tls: /x');
  });

  it('refuses a certificate of another name, CA file or not', async () => {
    expect(await failure(http({ caPem: pair.cert }).request(get(`https://127.0.0.1:${tlsPort}/`)))).toEqual({
      code: 'wrong-host',
      sent: false,
    });
  });
});

describe('a certificate that is not valid now', () => {
  const day = 24 * 3600 * 1000;
  const around = (from: number, to: number) => ({
    notBefore: new Date(Date.now() + from * day),
    notAfter: new Date(Date.now() + to * day),
  });

  it.each([
    ['expired', around(-30, -2)],
    ['not valid yet', around(2, 30)],
  ])('%s: is said so, before the request is sent', async (_name, validity) => {
    const other = await selfSigned('localhost', validity);
    const late = createServer(other, (_request, response) => response.end('never'));
    await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(late.address() as AddressInfo).port}/`;
    const failed = await failure(http({ caPem: other.cert }).request(get(url)));
    late.closeAllConnections();
    await new Promise((resolve) => late.close(resolve));
    expect(failed).toEqual({ code: 'certificate-expired', sent: false });
  });
});

describe('a proxy', () => {
  /** A proxy that tunnels any name to the test's own server, and notes what it was asked. */
  async function proxy(): Promise<{ url: string; asked: string[]; close(): Promise<unknown> }> {
    const asked: string[] = [];
    const proxyServer = createHttpServer((_request, response) => response.writeHead(500).end());
    proxyServer.on('connect', (request, client) => {
      asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
      const upstream = connect(tlsPort, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(client).pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
      client.on('close', () => upstream.destroy());
    });
    await new Promise<void>((resolve) => proxyServer.listen(0, '127.0.0.1', resolve));
    return {
      url: `http://me:pass%21@127.0.0.1:${(proxyServer.address() as AddressInfo).port}`,
      asked,
      close: () => new Promise((resolve) => proxyServer.close(resolve)),
    };
  }

  it('carries https in a tunnel, with its own credentials; loopback goes past it', async () => {
    const between = await proxy();
    const throughIt = http({ proxyUrl: between.url, caPem: pair.cert });
    // The certificate is localhost's: the tunnel reaches the server, TLS then refuses the name.
    expect(await failure(throughIt.request(get('https://signing.invalid/')))).toEqual({
      code: 'wrong-host',
      sent: false,
    });
    const basic = Buffer.from('me:pass!').toString('base64');
    expect(between.asked).toEqual([`signing.invalid:443 Basic ${basic}`]);
    const answer = await throughIt.request(get(`https://localhost:${tlsPort}/past`));
    expect(Buffer.from(answer.body).toString()).toBe('over tls: /past');
    expect(between.asked).toHaveLength(1);
    await throughIt.close();
    await between.close();
  });

  it('that is not there is offline, and nothing was sent', async () => {
    const between = await proxy();
    await between.close();
    expect(await failure(http({ proxyUrl: between.url }).request(get('https://signing.invalid/')))).toEqual({
      code: 'offline',
      sent: false,
    });
  });
});
