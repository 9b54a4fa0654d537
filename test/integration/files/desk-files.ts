/** A desk with a SoftHSM token, a timestamp authority and revocation services: for a person's own files through the bridge. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PDFDocument } from 'pdf-lib';
import { createDesk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { localBridge } from '../../../main/ipc/index.ts';
import type { CallInput, CallName, CallOutput } from '../../../preload/contract.ts';
import { sealPin } from '../../../preload/seal-pin.ts';
import { certificatePem, issueSigner, startServedPki, startTimestampAuthority } from '../../sandbox/pki/index.ts';
import { createSoftHsmToken } from '../../sandbox/softhsm.ts';

const PIN = '482913';

export async function samplePdf(text: string): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  pdf.addPage([400, 200]).drawText(text);
  return pdf.save();
}

export async function openDeskFiles() {
  const dir = await mkdtemp(join(tmpdir(), 'desk-files-'));
  const { pki, server } = await startServedPki(Date.now());
  const signer = await issueSigner(pki, { name: 'me', commonName: 'Ilze Liepa', keyType: 'p-256' });
  const { certificate, privateKey } = signer;
  const token = await createSoftHsmToken(join(dir, 'token'), {
    label: 'Card',
    pin: PIN,
    soPin: '12345678',
    signers: [{ label: 'me', id: '01', certificate, privateKey }],
    chain: [pki.issuing.certificate],
  });
  const authority = await startTimestampAuthority(pki, { clock: Date });
  const rootPem = join(dir, 'root.pem');
  await writeFile(rootPem, certificatePem(pki.root));
  const inherited = { ...process.env };
  Object.assign(process.env, token.env, { PCSCLITE_CSOCK_NAME: join(dir, 'no-pcscd') });
  const chosen: { files: string[] | undefined; folder: string | undefined } = { files: undefined, folder: undefined };
  const shown: string[] = [];
  /** What is between the desk and the token. */
  const module = { path: token.modulePath };
  const host = {
    ...createHeadlessHost({ secretsDir: join(dir, 'keys') }),
    chooseFiles: async () => chosen.files,
    chooseFolder: async () => chosen.folder,
    showFile: (path: string) => void shown.push(path),
  };
  const open = () => createDesk(host, { root: join(dir, 'profile'), version: 'test', background: false });
  let desk = await open();
  let bridge = localBridge(desk.onCall, desk.on);

  async function call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const reply = await bridge.call(name, input);
    if (!reply.ok) throw Object.assign(new Error(`${name}: ${reply.error.code}`), { code: reply.error.code });
    return reply.value;
  }
  await call('settings.change', {
    pkcs11Modules: [token.modulePath],
    trustAnchors: [rootPem],
    timestampAuthorities: [authority.url],
  });

  /** Signs and waits for the batch's end. */
  async function sign(request: Omit<CallInput<'files.sign'>, 'sessionId' | 'identityId' | 'sealedPin'>, pin = PIN) {
    const { tokens } = await call('tokens.list', { modulePath: module.path });
    const [found] = tokens;
    const identity = found?.identities[0];
    if (!found || !identity) throw new Error('no token');
    const session = await call('tokens.session', { tokenId: found.id });
    const sealedPin = await sealPin(session.publicKey, session.sessionId, new TextEncoder().encode(pin));
    const ended = Promise.withResolvers<void>();
    const { batchId } = await call('files.sign', {
      ...request,
      sessionId: session.sessionId,
      identityId: identity.id,
      sealedPin,
    });
    const stop = bridge.on('files.ended', (event) => event.batchId === batchId && ended.resolve());
    if (!(await call('files.batch', { batchId })).running) ended.resolve();
    await ended.promise;
    stop();
    return call('files.batch', { batchId });
  }

  return {
    ...{ dir, pki, server, authority, rootPem, call, sign, chosen, shown, signer, token, module },
    get bridge() {
      return bridge;
    },
    /** The app ends and starts again on the same profile. */
    async reopen() {
      await desk.close();
      desk = await open();
      bridge = localBridge(desk.onCall, desk.on);
    },
    at: (name: string) => join(dir, name),
    async put(name: string, bytes: Uint8Array): Promise<string> {
      const path = join(dir, name);
      await writeFile(path, bytes);
      return path;
    },
    async close() {
      await desk.close();
      process.env = inherited;
      await authority.stop();
      await server.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
export type DeskFiles = Awaited<ReturnType<typeof openDeskFiles>>;
