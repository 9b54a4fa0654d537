/** Who may do what: every operation as a signer, an instructor, an administrator, a robot and nobody. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kind, kinds, type Organisation, openOrganisation } from './organisation.ts';
import { type Operation, operations } from './permission-rows.ts';

let org: Organisation;
beforeAll(async () => {
  org = await openOrganisation();
  org.state.addUser({ username: 'spare', password: 'spare password', name: 'S', surname: 'S' });
});
afterAll(() => org.close());

function toBody(given: unknown): { type: string; body: string } {
  if (typeof given === 'string') return { type: 'text/plain', body: given };
  if (given instanceof URLSearchParams) return { type: 'application/x-www-form-urlencoded', body: given.toString() };
  return { type: 'application/json', body: JSON.stringify(given) };
}

async function statusOf(operation: Operation, kind: Kind | undefined): Promise<number> {
  const sent = operation.body && toBody(operation.body(org));
  const response = await fetch(`${org.server.url}${operation.path(org, kind)}`, {
    method: operation.method,
    redirect: 'manual',
    headers: {
      ...(kind === undefined ? {} : { authorization: `Bearer ${org.tokens[kind]}` }),
      ...(sent ? { 'content-type': sent.type } : {}),
    },
    ...(sent ? { body: sent.body } : {}),
  });
  await response.arrayBuffer();
  return response.status;
}

describe('permissions', () => {
  it.each(operations.map((operation) => [operation.id, operation] as const))('of %s', async (_id, operation) => {
    const found: number[] = [];
    for (const kind of [...kinds, undefined]) found.push(await statusOf(operation, kind));
    expect(found).toEqual(operation.statuses);
  });
});
