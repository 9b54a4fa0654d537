/** What the robots' operations give to preparers and administrators: one call for a whole transaction, accounts of programs. */
import type { PreparedChange, PreparedTransaction, RobotSettings, RoleChoice } from '../../../preload/model.ts';
import { PlanError, type PreparedFile, type Robots } from '../provider.ts';
import type { WireDraft } from './dst-workflow.ts';
import type { DstRecord } from './dsts.ts';
import { type DocumentPlan, toPerson } from './prepare-plan.ts';
import type { RequestCore } from './request-core.ts';
import {
  clearRobotToken,
  createDstByRobot,
  instantiateByRobot,
  robotConfiguration,
  robotToken,
  setRobotConfiguration,
} from './robots.ts';

/** Files travel inside the request as base64: past this they go one by one. */
const MOST_BYTES = 32 * 1024 * 1024;

async function bytesOf(file: PreparedFile): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of file.chunks()) parts.push(part);
  return Buffer.concat(parts);
}

/** @throws PlanError documents, where the files are too large for one call */
export async function createInOneCall(
  core: RequestCore,
  { documents, publish }: PreparedTransaction,
  draft: WireDraft,
  plans: readonly DocumentPlan[],
  files: readonly PreparedFile[],
  signal: AbortSignal | undefined,
): Promise<DstRecord> {
  if (files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) > MOST_BYTES) throw new PlanError('documents');
  const made = [];
  for (const [index, { id: _id, ...plan }] of plans.entries()) {
    const file = files[index];
    if (!file) throw new PlanError('documents');
    const source = { embedded: await bytesOf(file) };
    made.push({ ...plan, resource: { filename: file.name, title: documents[index]?.title ?? file.name, source } });
  }
  return createDstByRobot(core, { ...draft, status: publish ? 'published' : 'draft', documents: made }, signal);
}

export function instantiateInOneCall(
  core: RequestCore,
  templateId: string,
  choice: { draft: WireDraft; about: PreparedChange; roles: readonly RoleChoice[]; publish: boolean },
  signal: AbortSignal | undefined,
): Promise<DstRecord> {
  const templatePatches = { ...choice.draft, status: choice.publish ? ('published' as const) : ('draft' as const) };
  const rolesMapping = choice.roles.map(({ role, person }) => ({ roleName: role, signer: toPerson(person) }));
  return instantiateByRobot(core, templateId, { templatePatches, rolesMapping }, signal);
}

const modes: readonly string[] = ['basic', 'digest'];

export function createRobots(core: RequestCore): Robots {
  return {
    token: (account, signal) => robotToken(core, account, signal),
    clearToken: (account, signal) => clearRobotToken(core, account, signal),
    async settings(account, signal): Promise<RobotSettings> {
      const { requestHeaders, authentication, webhooks } = await robotConfiguration(core, account, signal);
      const { username, password, authMode, clientKey, clientCert } = authentication ?? {};
      const mode = modes.includes(authMode ?? '') ? { authMode: authMode as 'basic' | 'digest' } : {};
      return {
        ...(requestHeaders && { requestHeaders }),
        ...(authentication && { authentication: { username, password, ...mode, clientKey, clientCert } }),
        ...(webhooks?.dst !== undefined && URL.canParse(webhooks.dst) && { webhooks: { dst: webhooks.dst } }),
      };
    },
    setSettings: (settings, account, signal) => setRobotConfiguration(core, settings, account, signal),
  };
}
