/** An HTTP server on the loopback interface that can be stopped at once, requests under way or not. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface LoopbackServer {
  /** Without a trailing slash. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `undefined` leaves the request without an answer. */
export type Handler = (request: {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly contentType: string;
  readonly body: Uint8Array;
}) => Promise<Answer | undefined> | Answer | undefined;

const maxRequestBytes = 64 * 1024;

async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxRequestBytes) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function send(response: ServerResponse, answer: Answer): void {
  const body = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  response.writeHead(answer.status, {
    'content-type': answer.type,
    'content-length': String(body.length),
    ...answer.headers,
  });
  response.end(body);
}

const refusal = (status: number, text: string): Answer => ({ status, type: 'text/plain', body: `${text}\n` });

async function answerTo(request: IncomingMessage, handler: Handler): Promise<Answer | undefined> {
  const body = await readBody(request);
  if (!body) return refusal(413, 'request too large');
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  const contentType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return handler({ method: request.method ?? 'GET', path: decodeURIComponent(path), contentType, body });
}

/** Listens on 127.0.0.1, on a free port where `port` is 0. A handler that throws makes a 400. */
export async function startLoopbackServer(handler: Handler, port = 0): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    answerTo(request, handler)
      .catch(() => refusal(400, 'bad request'))
      .then((answer) => answer && send(response, answer))
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
