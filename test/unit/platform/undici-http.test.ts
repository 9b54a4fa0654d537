import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { HttpError, HttpPort, HttpRequest } from '../../../main/platform/http.ts';
import { createHttp } from '../../../main/platform/undici-http.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const thing of opened.splice(0)) await thing.close();
});

function port(): HttpPort {
  const http = createHttp();
  opened.push(http);
  return http;
}

async function listening(server: Server | TcpServer): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push({
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const serving = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  listening(createServer(answer));

/** A server that reads a request's head and writes `reply` raw, then ends or resets the connection. */
const replying = (reply: string, then: 'end' | 'reset' | 'nothing') =>
  listening(
    createTcpServer((socket) => {
      opened.unshift({ close: () => socket.destroy() });
      socket.on('error', () => undefined);
      socket.once('data', () => {
        if (then === 'reset') socket.resetAndDestroy();
        else if (then === 'end') socket.end(reply);
        else socket.write(reply);
      });
    }),
  );

const get = (url: string, more: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  timeoutMs: 10_000,
  maxResponseBytes: 1000,
  ...more,
});

async function failure(run: Promise<unknown>): Promise<Pick<HttpError, 'code' | 'sent'>> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason as HttpError,
  );
  return { code: error?.code as HttpError['code'], sent: error?.sent as boolean };
}

async function drain(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('an exchange that works', () => {
  it('gives status, lower-case headers and body, and sends its own', async () => {
    const url = await serving((request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        response.writeHead(418, { 'X-Seen': `${request.method} ${request.url} ${request.headers['x-mine']}` });
        response.end(body);
      });
    });
    const answer = await port().request(
      get(`${url}/a%20b?c=%22`, { method: 'PUT', headers: { 'X-Mine': 'yes' }, body: Buffer.from('bytes') }),
    );
    expect(answer.status).toBe(418);
    expect(answer.headers['x-seen']).toBe('PUT /a%20b?c=%22 yes');
    expect(Buffer.from(answer.body).toString()).toBe('bytes');
  });

  it('asks for bodies as they are: nothing is unpacked on the way', async () => {
    const url = await serving((request, response) => response.end(request.headers['accept-encoding']));
    expect(Buffer.from((await port().request(get(url))).body).toString()).toBe('identity');
  });

  it('does not follow a redirect', async () => {
    const url = await serving((_request, response) => response.writeHead(302, { location: '/elsewhere' }).end());
    expect((await port().request(get(url))).status).toBe(302);
  });

  it('streams a body of announced length out, and a body in', async () => {
    const url = await serving((request, response) => {
      response.setHeader('x-length', String(request.headers['content-length']));
      request.pipe(response);
    });
    async function* body() {
      yield Buffer.from('one ');
      yield Buffer.from('two');
    }
    const answer = await port().stream(get(url, { method: 'PATCH', headers: { 'content-length': '7' }, body: body() }));
    expect(answer.headers['x-length']).toBe('7');
    expect(await drain(answer.body)).toBe('one two');
  });

  it('lets a stream be read slowly: the deadline stands still while the reader works', async () => {
    const url = await serving((_request, response) => {
      response.write('first');
      response.end('second');
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const answer = await port().stream(get(url, { timeoutMs: 1000 }));
    const chunks = answer.body[Symbol.asyncIterator]();
    const first = await chunks.next();
    vi.advanceTimersByTime(3_600_000);
    let text = String(first.value);
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) text += String(next.value);
    expect(text).toBe('firstsecond');
  });
});

describe('an exchange that fails says so by code, and whether the server may have acted', () => {
  it('refuses an address before anything is sent', async () => {
    const http = port();
    expect(await failure(http.request(get('http://example.com/')))).toEqual({ code: 'insecure-url', sent: false });
    expect(await failure(http.stream(get('http://example.com/')))).toEqual({ code: 'insecure-url', sent: false });
    expect(await failure(http.request(get('gopher://example.com/')))).toEqual({ code: 'bad-url', sent: false });
  });

  it('offline, not sent: nobody listens', async () => {
    const server = createTcpServer();
    const url = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    opened.length = 0;
    expect(await failure(port().request(get(url, { method: 'POST' })))).toEqual({ code: 'offline', sent: false });
  });

  it('offline, sent: the connection was reset after the request', async () => {
    const url = await replying('', 'reset');
    expect(await failure(port().request(get(url, { method: 'POST' })))).toEqual({ code: 'offline', sent: true });
  });

  it('timeout, sent: no answer came', async () => {
    const url = await replying('', 'nothing');
    const run = port().request(get(url, { method: 'POST', timeoutMs: 50 }));
    expect(await failure(run)).toEqual({ code: 'timeout', sent: true });
  });

  it('timeout: an answer that stalls, whole or streamed', async () => {
    const url = await replying('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', 'nothing');
    const http = port();
    expect(await failure(http.request(get(url, { timeoutMs: 50 })))).toEqual({ code: 'timeout', sent: true });
    const answer = await http.stream(get(url, { timeoutMs: 50 }));
    expect(await failure(drain(answer.body))).toEqual({ code: 'timeout', sent: true });
  });

  it.each([
    ['fewer bytes than announced', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf'],
    ['a chunked body without its end', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
    ['a chunk broken off', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf'],
  ])('cut-short: %s', async (_name, reply) => {
    const url = await replying(reply, 'end');
    const http = port();
    expect(await failure(http.request(get(url)))).toEqual({ code: 'cut-short', sent: true });
    const answer = await http.stream(get(url));
    expect(await failure(drain(answer.body))).toEqual({ code: 'cut-short', sent: true });
  });

  it.each([
    ['announced', 'HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n'],
    ['only counted', 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'],
  ])('too-large: more than is wanted, %s', async (_name, head) => {
    const url = await replying(head + 'x'.repeat(1001), 'end');
    const http = port();
    expect(await failure(http.request(get(url)))).toEqual({ code: 'too-large', sent: true });
    const streamed = http.stream(get(url)).then((answer) => drain(answer.body));
    expect(await failure(streamed)).toEqual({ code: 'too-large', sent: true });
  });

  it('takes exactly the limit', async () => {
    const url = await replying(`HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n${'x'.repeat(1000)}`, 'end');
    expect((await port().request(get(url))).body).toHaveLength(1000);
  });

  it('cancelled: before, while waiting, and within a stream', async () => {
    const url = await replying('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf', 'nothing');
    const silent = await listening(
      createTcpServer((socket) => {
        opened.unshift({ close: () => socket.destroy() });
        socket.on('error', () => undefined);
        socket.once('data', () => waiting.abort());
      }),
    );
    const http = port();
    expect(await failure(http.request(get(url, { signal: AbortSignal.abort() })))).toEqual({
      code: 'cancelled',
      sent: false,
    });
    const waiting = new AbortController();
    expect(await failure(http.request(get(silent, { method: 'POST', signal: waiting.signal })))).toEqual({
      code: 'cancelled',
      sent: true,
    });
    const reading = new AbortController();
    const answer = await http.stream(get(url, { signal: reading.signal }));
    const chunks = answer.body[Symbol.asyncIterator]();
    await chunks.next();
    reading.abort();
    expect(await failure(chunks.next())).toEqual({ code: 'cancelled', sent: true });
  });

  it("hands on the error of a request body that fails, as the body's own", async () => {
    const url = await serving((request, response) => request.on('end', () => response.end()).resume());
    const broken = new Error('disk gone');
    async function* body() {
      yield Buffer.from('half');
      throw broken;
    }
    const run = port().request(get(url, { method: 'PATCH', headers: { 'content-length': '100' }, body: body() }));
    await expect(run).rejects.toBe(broken);
  });

  it('is usable after a failure, on a new connection', async () => {
    let first = true;
    const url = await serving((_request, response) => {
      if (first) response.destroy();
      else response.end('well');
      first = false;
    });
    const http = port();
    expect((await failure(http.request(get(url)))).code).toBe('offline');
    expect(Buffer.from((await http.request(get(url))).body).toString()).toBe('well');
  });

  it.each(['bad\r\nheader', 'bad\u0000header'])('refuses a header that could forge another', async (value) => {
    const url = await serving((_request, response) => response.end());
    expect(await failure(port().request(get(url, { headers: { 'x-mine': value } })))).toEqual({
      code: 'bad-url',
      sent: false,
    });
  });
});
