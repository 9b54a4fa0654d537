/** Contract tests of the robots' operations: one for each, by operationId. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { getDst } from '../../../../main/providers/signing-today/dsts.ts';
import { createRequestCore } from '../../../../main/providers/signing-today/request-core.ts';
import {
  clearRobotToken,
  createDstByRobot,
  instantiateByRobot,
  robotConfiguration,
  robotToken,
  setRobotConfiguration,
} from '../../../../main/providers/signing-today/robots.ts';
import { currentUser } from '../../../../main/providers/signing-today/users.ts';
import type { OperationCase, Stage } from './operation-case.ts';
import { planFor, publishedTemplate, samplePdf } from './plans.ts';

const tokenCore = ({ http, clock, server }: Stage, token: string) =>
  createRequestCore({ http, clock, baseUrl: server.url, authorizer: { current: async () => `Bearer ${token}` } });

/** A file server that wants a password. */
async function fileServer(bytes: Uint8Array) {
  const server = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Basic ${Buffer.from('robot:secret').toString('base64')}`;
    response.writeHead(isKnown && request.url === '/lease.pdf' ? 200 : 404).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: (name: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

export const robotCases: Readonly<Record<string, OperationCase>> = {
  async robotAuthenticationGET(stage) {
    const token = await robotToken(stage.instructor.core);
    expect(await robotToken(stage.instructor.core)).toBe(token);
    stage.advance(10 * 365 * 24 * 3600 * 1000);
    expect(await currentUser(tokenCore(stage, token))).toMatchObject({ id: stage.instructor.user.id });
  },
  async robotAuthenticationDELETE(stage) {
    const account = { username: stage.instructor.user.username, domain: 'demo' };
    const token = await robotToken(stage.admin.core, account);
    await expect(clearRobotToken(stage.signer.core, account)).rejects.toMatchObject({ status: 403 });
    await clearRobotToken(stage.admin.core, account);
    await expect(currentUser(tokenCore(stage, token))).rejects.toMatchObject({ code: 'sign-in-expired' });
    expect(await robotToken(stage.instructor.core)).not.toBe(token);
  },
  async robotConfigurationGET(stage) {
    expect(await robotConfiguration(stage.instructor.core)).toEqual({});
  },
  async robotConfigurationPUT(stage) {
    const { core } = stage.instructor;
    const webhooks = { dst: 'https://office.example/changed' };
    await setRobotConfiguration(core, { requestHeaders: { 'x-office': ['1'] }, webhooks });
    expect(await robotConfiguration(core)).toMatchObject({ requestHeaders: { 'x-office': ['1'] }, webhooks });
    await setRobotConfiguration(core, { webhooks });
    expect((await robotConfiguration(core)).requestHeaders).toBeUndefined();
  },
  async robotDSTsPOST(stage) {
    const { core } = stage.instructor;
    const pdf = await samplePdf();
    const about = { title: 'Lease', status: 'published', expiresAt: '2026-03-01T00:00:00Z' } as const;
    const resource = { filename: 'lease.pdf', title: 'Lease', source: { embedded: pdf } };
    const plan = planFor(stage.signer.user);
    const { dst } = await createDstByRobot(core, { ...about, documents: [{ ...plan, resource }] });
    expect(dst).toMatchObject({ status: 'toSign', expiresAt: Date.UTC(2026, 2, 1) });
    expect(await stage.state.resourceBytes(dst.documents[0]?.plainDocumentUuid ?? '')).toEqual(pdf);

    const files = await fileServer(pdf);
    await setRobotConfiguration(core, { authentication: { authMode: 'basic', username: 'robot', password: 'secret' } });
    const fetched = (name: string) => ({ ...resource, source: { url: files.url(name) } });
    const later = await createDstByRobot(core, { ...about, documents: [{ ...plan, resource: fetched('lease.pdf') }] });
    const never = await createDstByRobot(core, {
      ...about,
      status: 'draft',
      documents: [{ ...plan, resource: fetched('none.pdf') }],
    });
    expect([later.dst.status, never.dst.status]).toEqual(['downloadingInPublished', 'downloadingInDraft']);
    await stage.state.ledger.settled();
    expect((await getDst(core, later.dst.id)).dst.status).toBe('toSign');
    expect((await getDst(core, never.dst.id)).dst).toMatchObject({
      status: 'error',
      errorMessage: 'The file lease.pdf could not be fetched',
    });
    await files.close();
  },
  async robotIdInstantiatePOST(stage) {
    const { core } = stage.instructor;
    const template = await publishedTemplate(stage);
    const { id, name, surname, email } = stage.signer.user;
    const signer = { name, surname, email, userUUID: id };
    const { dst } = await instantiateByRobot(core, template.dst.id, {
      templatePatches: { title: 'Lease of flat 7', urgent: true, status: 'published' },
      rolesMapping: [{ roleName: 'Tenant', signer }],
    });
    expect(dst).toMatchObject({ title: 'Lease of flat 7', urgent: true, status: 'toSign', template: false });
    expect(dst.documents[0]?.signerGroups[0]?.signers[0]).toMatchObject({ userUUID: id, role: 'tenant' });
    const nobody = { rolesMapping: [{ roleName: 'Landlord', signer }] };
    await expect(instantiateByRobot(core, template.dst.id, nobody)).rejects.toMatchObject({ status: 409 });
    const unmapped = { templatePatches: { status: 'published' as const }, rolesMapping: [] };
    await expect(instantiateByRobot(core, template.dst.id, unmapped)).rejects.toMatchObject({ status: 400 });
  },
};
