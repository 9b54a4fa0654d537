import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDesk } from '../../../main/desk.ts';
import { createHeadlessHost } from '../../../main/host/headless-host.ts';
import { readSignedData } from '../../../main/pki/index.ts';
import { systemClock } from '../../../main/platform/clock.ts';
import { openssl, openWorkshop } from '../../contract/pki-sandbox/openssl.ts';
import {
  certificatePem,
  createPki,
  issueSigner,
  type Pki,
  type SandboxTimestampAuthority,
  startTimestampAuthority,
} from '../../sandbox/pki/index.ts';
import {
  createSigningTodayState,
  type SigningTodayServer,
  type SigningTodayState,
  startSigningToday,
} from '../../sandbox/signing-today/index.ts';
import { createSoftHsmToken, type SoftHsmToken } from '../../sandbox/softhsm.ts';
import { samplePdf } from '../signing/desk-bench.ts';
import { runCli } from './run-cli.ts';

const PIN = '739105';
const PASSWORD = 'correct horse';
let dir: string;
let pki: Pki;
let authority: SandboxTimestampAuthority;
let state: SigningTodayState;
let server: SigningTodayServer;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'cli-cades-'));
  pki = await createPki({ now: Date.now() });
  authority = await startTimestampAuthority(pki, { clock: Date });
  state = createSigningTodayState({ clock: systemClock });
  server = await startSigningToday(state);
});
afterAll(async () => {
  await server.stop();
  await authority.stop();
  await rm(dir, { recursive: true, force: true });
});

interface Person {
  readonly id: string;
  readonly username: string;
  readonly token: SoftHsmToken;
}

/** A user of the service with a card of their own. */
async function person(username: string, commonName: string): Promise<Person> {
  const { certificate, privateKey } = await issueSigner(pki, { name: username, commonName, keyType: 'p-256' });
  const token = await createSoftHsmToken(await mkdtemp(join(dir, 'token-')), {
    label: 'Card',
    pin: PIN,
    soPin: '12345678',
    signers: [{ label: username, id: '01', certificate, privateKey }],
    chain: [pki.issuing.certificate],
  });
  const [name = '', surname = ''] = commonName.split(' ');
  const { id } = state.addUser({ username, password: PASSWORD, name, surname });
  state.addIdentity(id, {
    label: 'Card',
    subjectCommonName: commonName,
    issuerCommonName: 'CA',
    expiresAt: Date.now() + 1e9,
    providerData: { tokenInfo: { serialNumber: token.serialNumber, manufacturerID: token.manufacturerId } },
  });
  return { id, username, token };
}

function cli({ username, token }: Person, args: readonly string[], secret?: string) {
  const env = {
    ...token.env,
    NODE_COMPILE_CACHE: join(dir, 'cache'),
    COUNTERSIGN_PROFILE: join(dir, username, 'profile'),
    XDG_CONFIG_HOME: join(dir, username, 'config'),
  };
  return runCli(args, env, secret);
}

async function signIn(who: Person): Promise<void> {
  const account = ['accounts', 'add', server.url, '--user', `${who.username}@demo`, '--client-id', state.clientId];
  const added = await cli(who, [...account, '--password-fd', '3'], `${PASSWORD}\n${state.clientSecret}`);
  expect(added).toMatchObject({ code: 0, stderr: '' });
  expect(await cli(who, ['sync'])).toMatchObject({ code: 0, stderr: '' });
}

const sign = (who: Person, id: string) =>
  cli(who, ['sign', id, '--module', who.token.modulePath, '--pin-fd', '3'], PIN);

/** What openssl finds in the message; undefined where it does not verify. */
async function contentBy(message: Uint8Array): Promise<Buffer | undefined> {
  const shop = await openWorkshop();
  try {
    const root = await shop.put('root.pem', certificatePem(pki.root));
    const path = await shop.put('message.p7m', message);
    const out = join(shop.dir, 'out');
    const flags = ['-inform', 'DER', '-purpose', 'any', '-cades', '-binary', '-CAfile', root];
    const { code } = await openssl('cms', '-verify', ...flags, '-in', path, '-out', out);
    return code === 0 ? await readFile(out) : undefined;
  } finally {
    await shop.remove();
  }
}

/** What the desk of the person shows of the document, and what it says of its signatures. */
async function onTheDesk({ username }: Person, remoteId: string) {
  const host = createHeadlessHost({ secretsDir: join(dir, username, 'config', 'countersign', 'keys') });
  const root = join(dir, username, 'profile');
  const desk = await createDesk(host, { root, version: 'test', background: false });
  const call = async (name: string, input: object) => {
    const answer = await desk.onCall({ origin: 'local', isMainFrame: true }, name, input);
    if (!answer.ok) throw new Error(`${name}: ${answer.error.code}`);
    return answer.value;
  };
  try {
    const { items } = (await call('inbox.list', { view: 'all', offset: 0, limit: 10 })) as { items: { id: string }[] };
    const transactionId = items.find(({ id }) => id.includes(remoteId))?.id ?? 'nothing';
    const documentId = String(state.dst(remoteId).documents[0]?.id);
    const at = { transactionId, documentId };
    const { sha256, sizeBytes } = (await call('documents.open', at)) as { sha256: string; sizeBytes: number };
    const bytes = await call('documents.read', { ...at, sha256, offset: 0, length: sizeBytes });
    return { bytes: Buffer.from(bytes as Uint8Array), report: await call('documents.verify', at) };
  } finally {
    await desk.close();
  }
}

describe('a request for CAdES', () => {
  it('is signed by two cards one after the other, as one .p7m that openssl accepts', async () => {
    const [anna, bruno] = [await person('anna', 'Anna Ozola'), await person('bruno', 'Bruno Verdi')];
    const pdf = await samplePdf('Deed of sale');
    const asked = { pdf, title: 'Deed.pdf', signerGroups: [[anna.id], [bruno.id]] };
    const signatureRequests = [anna, bruno].map(({ id }) => ({ signer: id, signProfile: 'CAdES' as const }));
    const { id } = await state.addDst({
      title: 'Deed',
      createdBy: anna.id,
      documents: [{ ...asked, signatureRequests }],
    });
    const documentId = state.dst(id).documents[0]?.id ?? 0;

    await signIn(anna);
    expect(await sign(anna, id)).toMatchObject({ code: 0, stderr: '' });
    const first = await state.currentBytes(id, documentId);
    expect(state.dst(id)).toMatchObject({ status: 'toSign', signatures: [{ status: 'signed' }] });
    expect(state.dst(id).resources.at(-1)).toMatchObject({ filename: 'Deed.pdf.p7m' });
    expect((await contentBy(first))?.equals(pdf)).toBe(true);
    expect(readSignedData(first).signers).toHaveLength(1);

    await signIn(bruno);
    await cli(bruno, ['settings', 'set', 'timestampAuthorities', authority.url]);
    expect(await sign(bruno, id)).toMatchObject({ code: 0, stderr: '' });
    const second = await state.currentBytes(id, documentId);
    expect(state.dst(id)).toMatchObject({ status: 'signed' });
    expect((await contentBy(second))?.equals(pdf)).toBe(true);
    const mutant = Buffer.from(second);
    mutant[600] = (mutant[600] ?? 0) ^ 1;
    expect(await contentBy(mutant)).toBeUndefined();

    const { bytes, report } = await onTheDesk(bruno, id);
    expect(bytes.equals(pdf)).toBe(true);
    const { valid, signatures } = report as { valid: boolean; signatures: { level: string }[] };
    expect([valid, signatures.map(({ level }) => level).sort()]).toEqual([true, ['B-B', 'B-T']]);
  });
});
