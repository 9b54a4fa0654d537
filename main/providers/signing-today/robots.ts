/** Operations for robots: accounts of programs, with a token that does not expire, and DSTs made in one call. */
import { z } from 'zod';
import type { WireDraft, WirePlan, WireSigner } from './dst-workflow.ts';
import { type DstRecord, toDstRecord } from './dsts.ts';
import { pathOf, type RequestCore } from './request-core.ts';
import { maybe } from './schema-parts.ts';

/** An account other than one's own, where one may ask for it. */
export interface RobotAccount {
  readonly username: string;
  readonly domain: string;
}

const toQuery = (account: RobotAccount | undefined): [string, string][] =>
  account
    ? [
        ['username', account.username],
        ['domain', account.domain],
      ]
    : [];

const tokenSchema = z.looseObject({ accessToken: z.string().min(1).max(10_000) });

/** GET /robot/authentication: the account's lifetime token, made where there is none. A secret: shown once, written nowhere. */
export async function robotToken(core: RequestCore, account?: RobotAccount, signal?: AbortSignal): Promise<string> {
  const call = { method: 'GET', path: pathOf('robot', 'authentication'), query: toQuery(account), signal } as const;
  return (await core.json(call, tokenSchema)).accessToken;
}

/** DELETE /robot/authentication: the token is void. */
export async function clearRobotToken(core: RequestCore, account?: RobotAccount, signal?: AbortSignal): Promise<void> {
  await core.nothing({ method: 'DELETE', path: pathOf('robot', 'authentication'), query: toQuery(account), signal });
}

const configurationSchema = z.looseObject({
  requestHeaders: maybe(z.record(z.string(), z.array(z.string()))),
  authentication: maybe(
    z.looseObject({
      username: maybe(z.string()),
      password: maybe(z.string()),
      authMode: maybe(z.string()),
      clientKey: maybe(z.string()),
      clientCert: maybe(z.string()),
    }),
  ),
  webhooks: maybe(z.looseObject({ dst: maybe(z.string()) })),
});
export type RobotConfiguration = z.infer<typeof configurationSchema>;

/** GET /robot/configuration: how the service reaches files by address, and whom it tells of changes. It may hold a password. */
export async function robotConfiguration(
  core: RequestCore,
  account?: RobotAccount,
  signal?: AbortSignal,
): Promise<RobotConfiguration> {
  const call = { method: 'GET', path: pathOf('robot', 'configuration'), query: toQuery(account), signal } as const;
  return core.json(call, configurationSchema);
}

/** PUT /robot/configuration: in the place of what was set. */
export async function setRobotConfiguration(
  core: RequestCore,
  configuration: Readonly<Record<string, unknown>>,
  account?: RobotAccount,
  signal?: AbortSignal,
): Promise<void> {
  const path = pathOf('robot', 'configuration');
  await core.nothing({ method: 'PUT', path, query: toQuery(account), json: configuration, signal });
}

/** A file inside the request (base64), or one the service fetches by itself. */
export interface RobotFile {
  readonly filename: string;
  readonly title: string;
  readonly source: { readonly embedded: Uint8Array } | { readonly url: string };
}

export interface RobotDst extends WireDraft {
  readonly status: 'draft' | 'published';
  readonly documents: readonly (WirePlan & { readonly resource: RobotFile })[];
}

function toWireFile({ filename, title, source }: RobotFile): Record<string, unknown> {
  const wire =
    'url' in source
      ? { type: 'URL', sourceURL: source.url }
      : { type: 'Embedded', embeddedData: Buffer.from(source.embedded).toString('base64') };
  return { filename, title, resourceType: ['PDF_Document'], source: wire };
}

function toWireDst({ documents, ...draft }: Partial<RobotDst>): Record<string, unknown> {
  return {
    ...draft,
    ...(documents && {
      documents: documents.map(({ resource, ...plan }) => ({ ...plan, resource: toWireFile(resource) })),
    }),
  };
}

/** POST /robot/DSTs: a DST in one call; one whose files are fetched is downloadingInDraft until they are there. */
export async function createDstByRobot(core: RequestCore, dst: RobotDst, signal?: AbortSignal): Promise<DstRecord> {
  const call = { method: 'POST', path: pathOf('robot', 'DSTs'), json: toWireDst(dst), signal } as const;
  return toDstRecord(await core.value(call), true);
}

/** Who signs in the place of a template's role. */
export interface RoleMapping {
  readonly roleName: string;
  readonly signer: Pick<WireSigner, 'name' | 'surname' | 'email' | 'phone' | 'userUUID'>;
}

/** POST /robot/{id}/instantiate: an instance of a template, parts of it patched, people in the place of roles. */
export async function instantiateByRobot(
  core: RequestCore,
  templateId: string,
  about: { templatePatches?: Partial<RobotDst>; rolesMapping: readonly RoleMapping[] },
  signal?: AbortSignal,
): Promise<DstRecord> {
  const json = {
    rolesMapping: about.rolesMapping,
    ...(about.templatePatches && { templatePatches: toWireDst(about.templatePatches) }),
  };
  const path = pathOf('robot', templateId, 'instantiate');
  return toDstRecord(await core.value({ method: 'POST', path, json, signal }), true);
}
