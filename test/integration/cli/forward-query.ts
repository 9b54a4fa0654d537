/** A timestamp query that came to a door before an authority, handed on to the authority (RFC 3161, 3.4). */
import type { IncomingMessage, ServerResponse } from 'node:http';

export async function forwardQuery(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
  const headers = { 'content-type': 'application/timestamp-query' };
  const answer = await fetch(url, { method: 'POST', headers, body: Buffer.concat(await request.toArray()) });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
  response.end(Buffer.from(await answer.arrayBuffer()));
}
